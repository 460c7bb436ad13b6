"""The rung fusion_linear learns from images and columns of the labels."""

from rung.families.image.fusion_linear import FAMILY
from tests.families.image.rungs import assert_all_matter, assert_learns_from


def test_it_learns_from_both_and_nothing_else() -> None:
    assert_learns_from(FAMILY, "fusion")


def test_what_it_predicts_depends_on_pixels_scattering_and_columns() -> None:
    assert_all_matter(FAMILY)
