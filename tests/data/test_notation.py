"""Numbers are read as the people who wrote them would read them, or not at all."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.dataset import Notation
from rung.data.notation import CellReading, find_reading, read_numbers, units_finding


def found(cells: list[str], decimal: str = "") -> CellReading | None:
    series = pl.Series(sorted(set(cells)))
    counts = pl.Series([cells.count(cell) for cell in series])
    return find_reading(series, counts, decimal=decimal)


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,889,837", "12"], [1889837, 12]),
        (["12,34,567"], [1234567]),
        (["1 297 004", "999"], [1297004, 999]),
        (["1\u202f297\u202f004", "1\u00a0500"], [1297004, 1500]),
        (["1'297'004", "1’500"], [1297004, 1500]),
        (["1.297.004", "1.234,5"], [1297004, 1234.5]),
        (["40%", "5 %", "0"], [40, 5, 0]),
        (["$1,358.80", "-$5.00", "($1.25)"], [1358.8, -5, -1.25]),
        (["EUR 12,50", "EUR 3"], [12.5, 3]),
        (["1.358,80 €", "2 €"], [1358.8, 2]),
        (["−3.02", "−1e−5", "4"], [-3.02, -1e-5, 4]),
        (["0.15D+03", "2.D-3", "1d+2"], [150, 0.002, 100]),
        (["+5", "+6,5"], [5, 6.5]),
        (["12 kg", "3.5 kg"], [12, 3.5]),
        (["20 °C", "-3.5 °C"], [20, -3.5]),
    ],
)
def test_numbers_as_people_write_them_are_read(cells: list[str], numbers: list[float]) -> None:
    reading = found(cells)
    assert reading is not None
    assert reading.other is None
    assert read_numbers(pl.Series(cells), reading.notation).to_list() == numbers


@pytest.mark.parametrize(
    "cells",
    [
        ["4A", "5A"],
        ["NGC 224", "NGC 598"],
        ["40%", "50", "60"],
        ["5 USD", "4 EUR"],
        ["1,2,3", "4,5"],
        ["12D3", "1D2"],
        ["001 234", "002 345"],
        ["555-1234"],
        ["2020-01-01"],
        ["12.05.2001"],
        ["1.5 (3)"],
        ["(5)"],
        ["10–20"],
        ["a", "b", "5"],
    ],
)
def test_codes_dates_lists_and_mixed_units_are_no_numbers(cells: list[str]) -> None:
    assert found(cells) is None


@given(st.lists(st.integers(1_000, 10**15), min_size=1, max_size=20))
def test_parted_thousands_are_the_number(numbers: list[int]) -> None:
    cells = [f"{number:,}" for number in numbers]
    reading = found(cells, decimal=".")
    assert reading is not None
    assert read_numbers(pl.Series(cells), reading.notation).to_list() == numbers


def test_a_comma_that_could_be_either_has_two_readings() -> None:
    thousands, comma = Notation(".", ","), Notation(",", "")
    assert found(["1,234", "5,678", "12"]) == CellReading(thousands, comma)
    # Who parts thousands leaves no longer run of digits whole.
    assert found(["1,234", "5,678", "12345"]) == CellReading(comma, thousands)
    assert found(["1,234"], decimal=",") == CellReading(comma, thousands)
    assert found(["1,234", "12,5"]) == CellReading(comma)
    assert found(["1,234", "0,500"]) == CellReading(comma)
    assert found(["1,234", "1,234,567"]) == CellReading(thousands)
    assert found(["1,234", "1,234.5"]) == CellReading(thousands)


def test_numbers_without_one_unit_are_named_with_their_units() -> None:
    levels = [f"{i} {'USD' if i % 2 else 'EUR'}" for i in range(12)]
    (finding,) = units_finding("price", levels)
    assert "2 units ('EUR', 'USD')" in finding.message
    assert units_finding("price", [f"{i} USD" for i in range(12)]) == ()
    assert units_finding("plate", [f"A{i}" for i in range(12)]) == ()
