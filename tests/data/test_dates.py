"""Dates are read where their order is certain, and left alone where it is not."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.data import dates

EPOCH = dt.datetime.fromisoformat("1970-01-01")
moments = st.datetimes(
    dt.datetime.fromisoformat("1000-01-01"), dt.datetime.fromisoformat("2999-12-31")
)


def seconds_since_1970(moment: dt.datetime) -> float:
    return (moment - EPOCH).total_seconds()


@given(st.lists(moments, min_size=1))
def test_iso_times_agree_with_the_standard_library(values: list[dt.datetime]) -> None:
    found = dates.to_seconds(pl.Series([value.isoformat() for value in values])).to_list()
    assert found == pytest.approx([seconds_since_1970(value) for value in values], abs=1e-4)


@given(moments, st.integers(-14 * 60, 14 * 60))
def test_a_zone_shifts_by_its_minutes(moment: dt.datetime, minutes: int) -> None:
    moment = moment.replace(microsecond=0)
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    spelled = pl.Series([f"{moment.isoformat()}{sign}{hours:02d}:{rest:02d}"])
    assert dates.to_seconds(spelled).to_list() == [seconds_since_1970(moment) - 60.0 * minutes]


@given(st.lists(moments, min_size=1), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_a_turned_date_is_read_right_or_left_alone(
    values: list[dt.datetime], spelling: str
) -> None:
    series = pl.Series([value.strftime(spelling) for value in values])
    order = dates.date_order(series)
    if order is not None:
        days = [seconds_since_1970(v) // 86_400 * 86_400 for v in values]
        assert dates.to_seconds_in(series, order).to_list() == days


@pytest.mark.parametrize("cell", ["2023-02-30", "2023-13-01", "2023-01-01 25:00", "12", "today"])
def test_what_is_no_date_stays_unread(cell: str) -> None:
    assert dates.to_seconds(pl.Series([cell])).to_list() == [None]


def test_halves_of_the_day_are_honoured() -> None:
    spelled = pl.Series(["1970-01-01 12:30 AM", "1970-01-01 12:30 PM", "1970-01-01 01:00 pm"])
    assert dates.to_seconds(spelled).to_list() == [1800.0, 45_000.0, 46_800.0]
