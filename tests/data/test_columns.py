"""A column's kind follows from its cells, whatever type they came in."""

from __future__ import annotations

import datetime as dt
import decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.data.columns import code_strings, coded, parse_column


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2.5", "NA"], "number"),
        (["true", "False", ""], "boolean"),
        (["2020-01-01", "2020-01-02T10:00Z"], "datetime"),
        (["13/01/2020", "01/02/2020"], "datetime"),
        (["01/02/2020", "03/04/2020"], "category"),
        (["a", "1"], "category"),
        (["", "?"], "number"),
        ([1, 2], "number"),
        ([True, None], "boolean"),
        ([dt.date(2020, 1, 1)], "datetime"),
        ([decimal.Decimal("1.5")], "number"),
        ([None, None], "number"),
    ],
)
def test_the_kind_is_what_a_person_would_say(values: list[object], kind: str) -> None:
    assert parse_column(pl.Series("x", values)).kind == kind


@given(st.lists(st.none() | st.text(max_size=5)))
def test_levels_are_sorted_and_codes_lead_back_to_the_strings(cells: list[str | None]) -> None:
    parsed = coded("x", pl.Series(cells, dtype=pl.String))
    assert list(parsed.levels) == sorted({cell for cell in cells if cell is not None})
    assert [parsed.levels[code] if code >= 0 else None for code in parsed.values] == cells


def test_an_unknown_string_is_not_a_missing_one() -> None:
    codes = code_strings(pl.Series(["a", None, "z"]), ("a", "b"), unknown=-2)
    assert codes.tolist() == [0, -1, -2]
    assert codes.dtype == np.int32


def test_two_odd_cells_in_a_hundred_are_dirt_and_three_make_strings() -> None:
    numbers = [str(value) for value in range(98)]
    dirty = parse_column(pl.Series("x", [*numbers, "x", "y"]))
    assert dirty.kind == "number"
    assert int(np.isnan(dirty.values).sum()) == 2
    assert [finding.code for finding in dirty.findings] == ["dirty_number"]
    assert "'x', 'y'" in dirty.findings[0].message
    assert parse_column(pl.Series("x", [*numbers[1:], "x", "y", "z"])).kind == "category"


@pytest.mark.parametrize("odd", [" ", '""'])
def test_a_blank_or_an_empty_pair_of_quotes_among_numbers_is_reported(odd: str) -> None:
    parsed = parse_column(pl.Series("x", ["1", odd, "3"]))
    assert [finding.code for finding in parsed.findings] == ["dirty_number"]


def test_infinite_numbers_are_missing_and_reported() -> None:
    for values in (["1", "inf", "-Infinity"], [1.0, np.inf, -np.inf]):
        parsed = parse_column(pl.Series("x", values))
        assert np.isnan(parsed.values).tolist() == [False, True, True]
        assert [finding.code for finding in parsed.findings] == ["infinite"]


@given(st.lists(st.integers(2**53 + 1, 2**63 - 1), min_size=1))
def test_long_whole_numbers_survive_to_the_last_digit(values: list[int]) -> None:
    for series in (pl.Series("x", [str(value) for value in values]), pl.Series("x", values)):
        parsed = parse_column(series)
        assert [int(parsed.levels[code]) for code in parsed.values] == values
        assert parsed.exact_integers


@pytest.mark.parametrize("values", [[[1], [2]], [{"a": 1}], [b"x"]])
def test_nested_and_binary_values_are_left_out_with_a_finding(values: list[object]) -> None:
    parsed = parse_column(pl.Series("x", values))
    assert not parsed.supported
    assert [finding.code for finding in parsed.findings] == ["unsupported"]


def test_an_enum_is_coded_by_its_sorted_strings_not_its_own_order() -> None:
    parsed = parse_column(pl.Series("x", ["b", "a"], dtype=pl.Enum(["b", "a"])))
    assert parsed.levels == ("a", "b")
    assert parsed.values.tolist() == [1, 0]


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_zone_and_a_time_unit_do_not_change_the_moment(unit: str) -> None:
    moment = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)
    series = pl.Series("x", [moment]).dt.cast_time_unit(unit)  # type: ignore[arg-type]
    elsewhere = series.dt.convert_time_zone("America/New_York")
    assert parse_column(series).values.tolist() == [1577880000.0]
    assert parse_column(elsewhere).values.tolist() == [1577880000.0]
