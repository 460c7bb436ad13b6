"""The rung column_linear learns from columns of the labels alone."""

from rung.families.image.column_linear import FAMILY
from tests.families.image.rungs import assert_learns_from


def test_it_learns_from_columns_of_the_labels_alone() -> None:
    assert_learns_from(FAMILY, "column")
