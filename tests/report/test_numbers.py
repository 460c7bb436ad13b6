from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from rung.report.numbers import clean, count, interval, number, percent, shorten

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


def test_numbers_that_are_absent_are_dashes():
    assert {number(None), number(math.nan), number(math.inf), count(math.nan)} == {"\N{EN DASH}"}


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


def test_a_score_smaller_than_its_uncertainty_keeps_its_own_digits():
    shown = interval(0.0951, -14.2, 14.4, is_score=True)
    assert (shown["value"], shown["half"]) == ("0.095", "14")
    assert interval(0.0951, -14.2, 14.4)["value"] == "0"
    assert interval(14.22, 13.0, 15.4, is_score=True)["value"] == "14.2"
