from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.report.numbers import clean, count, decimals_for, interval, number, percent, shorten

FINITE = st.floats(-1e12, 1e12, allow_nan=False)
POSITIVE = st.floats(1e-9, 1e9)


def read(text: str) -> float:
    return float(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))


@given(FINITE, POSITIVE)
def test_rounding_changes_a_value_by_less_than_its_uncertainty_shows(mean, half):
    shown = interval(mean, mean - half, mean + half)
    if half / max(abs(mean), 1e-300) > 1e-6:
        assert abs(read(shown["value"]) - mean) <= 0.051 * half + 1e-4 * abs(mean) * (
            abs(mean) > 1e9
        )


@given(POSITIVE)
def test_an_uncertainty_shows_two_digits(uncertainty):
    scaled = uncertainty * 10.0 ** decimals_for(uncertainty)
    assert 9.9 <= round(scaled) <= 100


@given(st.one_of(FINITE, st.sampled_from([math.nan, math.inf, -math.inf])))
def test_a_number_is_always_short(value):
    assert 1 <= len(number(value)) <= 16


def test_numbers_that_are_absent_are_dashes():
    assert {number(None), number(math.nan), number(math.inf), count(math.nan)} == {"\N{EN DASH}"}


def test_a_negative_number_has_a_true_minus_and_zero_has_none():
    assert number(-0.125, 2) == "\N{MINUS SIGN}0.12"
    assert number(-0.0001, 2) == "0.00"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(44256.3, -2, "44,300"), (1e-7, 9, "1.00e\N{MINUS SIGN}07"), (3.2e10, -8, "3.20e+10")],
)
def test_sizes_far_from_one_stay_readable(value, decimals, text):
    assert number(value, decimals) == text


def test_whole_shares_have_no_decimals():
    assert (percent(0.5), percent(0.9833)) == ("50%", "98.3%")


@given(st.text())
def test_clean_text_holds_no_control_or_direction_characters(text):
    assert not {"\x1b", "\u202e", "\u2066", "\r", "\n", "\x00"} & set(clean(text))


@given(st.text(max_size=60).filter(lambda text: clean(text) == text))
def test_cleaning_changes_nothing_in_clean_text(text):
    assert clean(clean(text)) == clean(text)


@given(st.text(), st.integers(3, 40))
def test_a_shortened_text_keeps_its_ends_and_the_width(text, width):
    short = shorten(text, width)
    assert len(short) == min(len(text), width)
    assert short[:1] == text[:1]
    assert short[-1:] == text[-1:]
