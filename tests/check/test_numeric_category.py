import numpy as np
import pytest

from rung.check.numeric_category import CHECK
from tests.check.made import looked, seen


@pytest.mark.parametrize(
    "levels",
    [
        ["0-9", "10-19", "20-29", "30-39", "40-49"],
        ["1 year", "2 years", "3 years", "4 years", "10+ years"],
        ["< 5 km", "10 km", "20 km", "50 km", "100 km"],
        ["$1,000", "$2,000", "$5,000", "$7,500", "$9,000"],
    ],
)
def test_numbers_and_ranges_in_words_are_found(levels: list[str]) -> None:
    (found,) = looked(CHECK, seen(x=np.array(levels * 10)))
    assert repr(min(levels)) in found.message


@pytest.mark.parametrize(
    "levels",
    [
        ["A11", "A12", "A13", "A14", "A21"],
        ["00101", "00102", "00105", "00110", "00119"],
        ["red", "blue", "green", "white", "black"],
        ["0-9", "10-19", "20-29", "30-39"],
        ["16:00:00", "17:00:00", "18:00:00", "19:00:00", "20:00:00"],
    ],
)
def test_codes_words_and_few_levels_are_not(levels: list[str]) -> None:
    assert looked(CHECK, seen(x=np.array(levels * 10))) == ()
