"""Strings become numbers and truth values as a person would read them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.data import cells


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_every_float_survives_its_shortest_spelling(values: list[float]) -> None:
    spelled = pl.Series([repr(value) for value in values])
    assert cells.to_numbers(spelled).to_list() == values


@pytest.mark.parametrize("token", cells.MISSING_TOKENS)
def test_a_token_for_missing_is_missing_with_blanks_around_it(token: str) -> None:
    assert cells.strip_missing(pl.Series([f" {token}\t"])).to_list() == [None]


@pytest.mark.parametrize("cell", ["1_000", "0x10", "1d3", "1,5", "1 000", "٣", "1.2.3"])
def test_an_odd_spelling_is_no_number(cell: str) -> None:
    assert cells.to_numbers(pl.Series([cell])).to_list() == [None]


@pytest.mark.parametrize(
    ("strings", "expected"),
    [
        (["00123", "45678"], (False, True)),
        (["0", "10", "5"], (False, False)),
        (["0.5", "00.7"], (False, False)),
        (["9007199254740993", "1"], (True, False)),
        (["9007199254740993", "1.5"], (False, False)),
        (["1e300", "2e300"], (False, False)),
        (["206167" + "0" * 26, "1"], (False, False)),
        (["20616712345678901234567", "1"], (True, False)),
    ],
)
def test_digits_are_names_only_if_led_by_zero_or_too_long(
    strings: list[str], expected: tuple[bool, bool]
) -> None:
    series = pl.Series(strings)
    assert cells.are_digit_strings(series, cells.to_numbers(series)) == expected


def test_truth_is_read_in_any_case_and_nothing_else_is_truth() -> None:
    strings = pl.Series(["True", "FALSE", "yes", "1", None])
    assert cells.to_truth(strings).to_list() == [1.0, 0.0, None, None, None]
