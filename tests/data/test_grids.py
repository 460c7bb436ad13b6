"""Grids become tables of one row a cell, unless these would not fit into memory."""

import numpy as np
import pytest

from rung.data.grids import _seconds_since, from_grid
from rung.data.table import ReadOptions
from rung.errors import DataError


def test_days_of_an_odd_calendar_stay_numbers_and_are_said():
    xarray = pytest.importorskip("xarray")
    times = ("time", [0.0, 30.0], {"units": "days since 2000-01-01", "calendar": "360_day"})
    table = from_grid(
        xarray.Dataset({"x": ("time", [1.0, 2.0])}, {"time": times}), "t", ReadOptions()
    )
    assert table.frame["time"].to_list() == [0.0, 30.0]
    assert "360_day" in table.findings[0].message


def test_a_grid_that_explodes_is_refused_with_its_size():
    xarray = pytest.importorskip("xarray")
    wide = np.broadcast_to(np.float32(0), (20_000, 20_000))
    grid = xarray.Dataset({"x": (("a", "b"), wide)})
    with pytest.raises(DataError, match=r"400,000,000 rows and 3 columns, about 9.6 GB"):
        from_grid(grid, "t.nc", ReadOptions())


@pytest.mark.parametrize(
    ("unit", "value", "date"),
    [
        ("days since 2000-01-01", 1.5, "2000-01-02T12:00"),
        ("hours since 1900-01-01 00:00:0.0", 24.0, "1900-01-02T00:00"),
        ("seconds since 1970-01-01T06:00:00Z", 60.0, "1970-01-01T06:01"),
        ("minutes since 2000-1-1", 90.0, "2000-01-01T01:30"),
    ],
)
def test_times_since_a_day_are_dates(unit, value, date):
    assert _seconds_since(np.array([value]), unit)[0] == np.datetime64(date)


@pytest.mark.parametrize(
    "unit", ["months since 2000-01-01", "days since launch", "ms since 2000-01-01"]
)
def test_times_in_other_units_are_not_understood(unit):
    assert _seconds_since(np.array([1.0]), unit) is None


def test_variables_of_fewer_dimensions_are_repeated_and_of_others_left_out_and_said():
    xarray = pytest.importorskip("xarray")
    grid = xarray.Dataset(
        {"t": (("y", "x"), [[1.0, 2.0], [3.0, 4.0]]), "h": ("x", [7.0, 8.0]), "other": ("z", [1.0])}
    )
    table = from_grid(grid, "t.nc", ReadOptions())
    assert table.frame["h"].to_list() == [7.0, 8.0, 7.0, 8.0]
    assert "'other' (z) lie on other grids than y, x" in table.findings[1].message
