"""Held-out rows laid out beside columns of the table, on a map, and by the cells of a confusion."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import UsageError
from rung.explain.residuals import HeldOutRows

RNG = np.random.default_rng(21)
N = 240
X = RNG.normal(size=N)
KIND = RNG.choice(["u", "v"], N)
DAYS = pl.datetime_range(pl.datetime(2020, 1, 1), pl.datetime(2020, 8, 27), eager=True)


@cache
def fit(kind: str = "values") -> rung.Run:
    y = pl.Series(2 * X + RNG.normal(size=N) / 3)
    table = pl.DataFrame(
        {
            "id": [f"g{i}" for i in range(N)],
            "x": X,
            "ra": RNG.uniform(0, 360, N),
            "dec": RNG.uniform(-60, 60, N),
            "day": DAYS,
            "kind": KIND,
            "y": y if kind == "values" else pl.Series(np.where(y > 0, "up", "down")),
        }
    )
    return rung.fit(
        table, "y", features="x", families=["linear"], ledger=False, explain=False, folds=4
    )


def test_every_held_out_row_has_its_number_truth_prediction_and_columns_beside() -> None:
    run = fit()
    frame = run.explain.residuals(beside=["kind", "ra"]).frame()
    out = run.out_of_fold
    assert sorted(frame["number"]) == [row + 1 for row in out["row"]]
    by_number = dict(zip(frame["number"], frame["residual"], strict=True))
    for row, true, made in zip(out["row"], out["target"], out["linear"], strict=True):
        assert by_number[int(row) + 1] == pytest.approx(made - true)
    assert all(
        kind == KIND[number - 1]
        for kind, number in zip(frame["kind"], frame["number"], strict=True)
    )
    assert frame["row"][0] == f"id g{frame['number'][0] - 1}"


def test_rows_are_coloured_by_a_column_the_fold_or_the_time_that_is_found() -> None:
    held = fit().explain.held_out_rows()
    assert held.shade("fold").levels == ("fold 0", "fold 1", "fold 2", "fold 3")
    assert held.shade("time").name == "day"
    assert held.shade("kind").levels == ("u", "v")
    assert [shade.name for shade in held.place()] == ["ra", "dec"]
    with pytest.raises(UsageError, match="'colour' is no column of the table; it has id, x, ra"):
        held.shade("colour")


def test_the_cells_of_a_confusion_count_rows_and_name_the_first_of_them() -> None:
    run = fit("classes")
    out = run.out_of_fold
    rows = run.explain.confusion("linear").rows
    guess = np.where(np.array(out["linear:up"]) > np.array(out["linear:down"]), "up", "down")
    for row in rows:
        own = (np.array(out["target"]) == row["true"]) & (guess == row["predicted"])
        assert row["n"] == own.sum()
        assert set(row["numbers"]) <= {int(number) + 1 for number in np.array(out["row"])[own]}
        assert row["rows"].count("id g") == min(row["n"], 5)
        assert row["low"] <= row["share"] <= row["high"]
    up = [row["share"] for row in rows if row["true"] == "up"]
    assert sum(up) == pytest.approx(1.0)


def test_a_table_without_places_or_times_says_so() -> None:
    table = pl.DataFrame({"x": X, "y": X + RNG.normal(size=N)})
    run = rung.fit(table, "y", families=["linear"], ledger=False, explain=False, folds=4)
    held = run.explain.held_out_rows()
    assert isinstance(held, HeldOutRows)
    with pytest.raises(UsageError, match="no two columns are called as positions are"):
        run.plot.residuals(by="sky")
    with pytest.raises(UsageError, match="the table has no column of times; it has x, y"):
        run.plot.residuals(by="time")
