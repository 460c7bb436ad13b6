from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.graph.numbers import MINUS, number, quantity, signed


@given(st.floats(-1e300, 1e300))
def test_a_written_number_reads_back_within_its_digits(value):
    read = float(number(value).replace(MINUS, "-"))
    assert read == pytest.approx(value, rel=1e-4, abs=1e-300)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-2.0, "−2"),
        (138.8338192, "138.83"),
        (1e-12, "1e−12"),
        (9_999_999.0, "9999999"),
        (1e7, "1e7"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "not a number"),
    ],
)
def test_numbers_are_written_as_a_reader_expects(value, text):
    assert number(value) == text


def test_whole_digits_are_never_rounded_away_below_ten_million():
    assert number(1_234_567.8) == "1234568"


def test_signs_are_written_where_they_are_asked_for():
    assert [signed(x) for x in (1.5, -1.5, 0.0)] == ["+1.5", "−1.5", "0"]


def test_large_counts_get_a_letter():
    assert [quantity(x) for x in (0, 999, 1000, 2.5e9)] == ["0", "999", "1k", "2.5G"]
