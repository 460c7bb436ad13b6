import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.numbers import decimals_for, number

FINITE = st.floats(-1e12, 1e12, allow_nan=False)
POSITIVE = st.floats(1e-9, 1e9)


@given(POSITIVE)
def test_an_uncertainty_shows_two_digits(uncertainty):
    scaled = uncertainty * 10.0 ** decimals_for(uncertainty)
    assert 9.9 <= round(scaled) <= 100


@given(st.one_of(FINITE, st.sampled_from([math.nan, math.inf, -math.inf])))
def test_a_number_is_always_short(value):
    assert 1 <= len(number(value)) <= 16


def test_a_negative_number_has_a_true_minus_and_zero_has_none():
    assert number(-0.125, 2) == "\N{MINUS SIGN}0.12"
    assert number(-0.0001, 2) == "0.00"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(44256.3, -2, "44,300"), (1e-7, 9, "1.00e\N{MINUS SIGN}07"), (3.2e10, -8, "3.20e+10")],
)
def test_sizes_far_from_one_stay_readable(value, decimals, text):
    assert number(value, decimals) == text


@pytest.mark.parametrize("value", [3.2e-20, 4.5e-9, 7.1e-300])
def test_a_small_number_is_never_shown_as_zero(value):
    assert "e" in number(value)
    assert number(value).startswith(f"{value:.1e}"[:3])
