"""The rung scattering_linear learns from scattering numbers alone."""

from rung.families.image.scattering_linear import FAMILY
from tests.families.image.rungs import assert_learns_from


def test_it_learns_from_scattering_numbers_alone() -> None:
    assert_learns_from(FAMILY, "scattering")
