"""The rung pixel_forest learns from pixel numbers alone."""

from rung.families.image.pixel_forest import FAMILY
from tests.families.image.rungs import assert_learns_from


def test_it_learns_from_pixel_numbers_alone() -> None:
    assert_learns_from(FAMILY, "pixel")
