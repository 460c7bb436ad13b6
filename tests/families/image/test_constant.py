"""The baseline of images is that of tables."""

from rung.families import baseline, discover
from rung.families.image.constant import FAMILY


def test_the_constant_guess_is_the_lowest_rung_and_the_baseline() -> None:
    assert discover("image")[0] is FAMILY
    assert baseline("image") == FAMILY.name == "constant"
