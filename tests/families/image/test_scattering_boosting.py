"""The rung scattering_boosting learns from scattering numbers alone."""

from rung.families.image.scattering_boosting import FAMILY
from tests.families.image.rungs import assert_learns_from


def test_it_learns_from_scattering_numbers_alone() -> None:
    assert_learns_from(FAMILY, "scattering")
