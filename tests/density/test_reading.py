"""Columns become numbers and levels, and back."""

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.density.reading import drawn_noise, learn_reading, noise_of_rows

DAY = 86_400.0


def _table():
    rng = np.random.default_rng(0)
    columns = (
        Column("when", "datetime"),
        Column("half", "number"),
        Column("ok", "boolean"),
        Column("kind", "category", levels=("a", "b")),
    )
    values = {
        "when": DAY * rng.integers(0, 9000, 60).astype(float),
        "half": rng.integers(0, 9, 60) / 2,
        "ok": np.where(rng.random(60) < 0.3, np.nan, (rng.random(60) < 0.5).astype(float)),
        "kind": rng.integers(-1, 2, 60).astype(np.int32),
    }
    return Dataset(columns, values, 60)


def test_dates_are_days_and_true_and_false_are_levels():
    table = _table()
    reading = learn_reading(table, np.arange(60))
    seen = reading.apply(table, drawn_noise(60, 0))
    assert seen.number_names == ("when", "half")
    assert [c.levels for c in seen.category_columns] == [("false", "true"), ("a", "b")]
    assert (seen.values["ok"] == -1).sum() == np.isnan(table.values["ok"]).sum()
    assert reading.spreads["half"].step == 0.5


def test_what_is_spread_is_found_again():
    table = _table()
    reading = learn_reading(table, np.arange(60))
    seen = reading.apply(table, noise_of_rows(table, table.columns))
    codes = np.where(seen.codes() < 0, 0, seen.codes())
    cells = reading.cells(seen.numbers(), codes)
    assert np.array_equal(cells["half"], table.values["half"])
    days = cells["when"].astype("datetime64[s]").astype("int64")
    assert np.abs(days - table.values["when"]).max() <= DAY
    assert set(cells["ok"]) == {"false", "true"}


def test_noise_of_a_row_is_even_and_its_own():
    table = _table()
    noise = noise_of_rows(table, table.columns)
    assert np.array_equal(
        noise_of_rows(table.take(np.arange(30, 60)), table.columns)(1), noise(1)[30:]
    )
    many = Dataset(table.columns[1:2], {"half": np.arange(4000.0)}, 4000)
    drawn = noise_of_rows(many, many.columns)(0)
    assert abs(drawn.mean() - 0.5) < 0.02
    assert abs(np.corrcoef(drawn, np.arange(4000))[0, 1]) < 0.05


def test_numbers_are_written_with_the_decimals_of_training_and_within_its_range():
    column = (Column("x", "number"), Column("y", "number"))
    values = {"x": np.array([0.25, 1.5, 2.75, 9.0]), "y": np.array([1.0, 1 / 3, 2 / 3, 8.0])}
    reading = learn_reading(Dataset(column, values, 4), np.arange(4))
    assert (reading.forms["x"].decimals, reading.forms["y"].decimals) == (2, None)
    assert reading.as_written("x", np.array([-4.0, 1.23456, 50.0])).tolist() == [0.25, 1.23, 9.0]
    numbers = np.array([[1.0, 1.0], [9.5, 1.0], [1.0, 0.1]])
    assert reading.is_observed(numbers, np.empty((3, 0), int)).tolist() == [True, False, False]


def test_what_is_done_alike_to_columns_is_said_once():
    rng = np.random.default_rng(0)
    names = ("it's", "b", "tenths")
    values = {name: rng.integers(0, 30, 90).astype(float) for name in names}
    values["tenths"] /= 10
    columns = tuple(Column(name, "number") for name in names)
    reading = learn_reading(Dataset(columns, values, 90), np.arange(90))
    assert reading.notes == (
        "\"it's\", 'b': each is rounded to 1; its numbers are spread over that step",
        "'tenths' is rounded to 0.1; its numbers are spread over that step",
    )
