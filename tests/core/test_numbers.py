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


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (999_999_999.0, 0, "999,999,999"),
        (1e9, 0, "1.000000e+09"),
        (-1e9, -8, "\N{MINUS SIGN}1.0e+09"),
        (1.5e9, -5, "1.5000e+09"),
        (0.001, 8, "0.00100000"),
        (0.001, 9, "1.000000e\N{MINUS SIGN}03"),
        (3.4e-10, 10, "3.4e\N{MINUS SIGN}10"),
        (0.0, 9, "0.000000000"),
        (1e-12, 9, "0.000000000"),
        (12345.6, 0, "12,346"),
    ],
)
def test_nine_digits_and_eight_decimals_are_the_most_that_are_written_out(value, decimals, text):
    assert number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12345.6, "12,346"),
        (1.23456, "1.235"),
        (0.0, "0"),
        (99.996, "100.0"),
        (None, "\N{EN DASH}"),
    ],
)
def test_four_digits_are_written_unless_decimals_are_given(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("uncertainty", "digits", "decimals"),
    [(0.0123, 2, 3), (0.0996, 2, 2), (1.0, 2, 1), (99.6, 2, -1), (5.0, 1, 0), (0.5, 4, 4)],
)
def test_decimals_are_counted_from_the_first_digit_after_rounding(uncertainty, digits, decimals):
    assert decimals_for(uncertainty, digits) == decimals


@pytest.mark.parametrize("uncertainty", [0.0, -1.0, math.inf, math.nan])
def test_what_is_no_size_has_no_decimals(uncertainty):
    assert decimals_for(uncertainty) is None


@pytest.mark.parametrize("value", [3.2e-20, 4.5e-9, 7.1e-300])
def test_a_small_number_is_never_shown_as_zero(value):
    assert "e" in number(value)
    assert number(value).startswith(f"{value:.1e}"[:3])
