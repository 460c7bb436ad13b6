"""Predicted against true: a run's own predictions, and nothing else."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import rung
from rung.explain.truth import mean_interval, value_truth
from tests.explain.held import of_formula

RNG = np.random.default_rng(5)
N = 300
X = RNG.normal(size=N)
VALUES = pl.DataFrame({"x": X, "y": 2 * X + RNG.normal(size=N)})
CLASSES = pl.DataFrame({"x": X, "y": np.where(X + RNG.normal(size=N) > 0, "high", "low")})
FAMILIES = {"families": ["linear"], "ledger": False}


def truth(table: pl.DataFrame, **options: object) -> tuple[rung.Run, dict]:
    run = rung.fit(table, "y", **FAMILIES, **options)
    (found,) = run.result.sections["truth"]
    return run, found


def test_points_and_errors_are_the_out_of_fold_predictions_of_rows_of_the_table() -> None:
    run, found = truth(VALUES)
    table = pl.DataFrame(dict(run.out_of_fold))
    predicted = np.sort(table["linear"].to_numpy())
    for value in found["points"]["predicted"]:
        assert np.abs(predicted - value).min() < 1e-4
    for one in found["largest"]:
        x = float(one["row"].removeprefix("x "))
        row = int(np.abs(VALUES["x"].to_numpy() - x).argmin())
        assert one["true"] == pytest.approx(VALUES["y"][row], rel=1e-5)
        assert one["error"] == pytest.approx(one["predicted"] - one["true"], rel=1e-4, abs=1e-4)
    worst = np.sort(np.abs(table["linear"].to_numpy() - table["target"].to_numpy()))[::-1]
    assert [abs(one["error"]) for one in found["largest"]] == pytest.approx(
        worst[:10].tolist(), rel=1e-4
    )


def test_rows_are_named_by_an_identifier_where_there_is_one() -> None:
    table = VALUES.with_columns(object_id=pl.Series([f"J{i:05}" for i in range(N)]))
    _, found = truth(table)
    assert all(one["row"].startswith("object_id J") for one in found["largest"])


def test_residuals_of_a_biased_formula_have_its_bias() -> None:
    held = of_formula(VALUES, "y", lambda rows: 2 * rows.values["x"] + 1)
    rows = np.arange(held.design.n_rows)
    predicted = 2 * held.design.values["x"] + 1

    class Made:
        y = held.problem.y

    found = value_truth(Made, rows, rows % 5, predicted, lambda own: [str(i) for i in own])  # type: ignore[arg-type]
    assert found["residual"]["mean"] == pytest.approx(1.0, abs=0.15)
    assert found["residual"]["low"] < 1.0 < found["residual"]["high"]
    assert len(found["bins"]) == 10
    assert sum(one["n"] for one in found["bins"]) == len(rows)


def test_the_interval_of_a_mean_is_that_of_scipy() -> None:
    from scipy import stats

    values = RNG.normal(size=30)
    low, high = stats.t.interval(0.95, 29, values.mean(), stats.sem(values))
    found = mean_interval(values)
    assert (found["low"], found["high"]) == pytest.approx((low, high))


def test_mistakes_of_classes_add_up_to_the_confusion_matrix() -> None:
    run, found = truth(CLASSES)
    matrix = np.array(run.result.entry("linear").confusion)
    assert sum(one["n"] for one in found["mistakes"]) == matrix.sum() - np.trace(matrix)
    for one in found["mistakes"]:
        assert len(one["rows"]) == min(one["n"], 3)
    assert found["largest"][0]["probability"] < 0.5
    assert found["calibration"]["of"] == run.result.positive
    assert found["curves"][0]["area"] == pytest.approx(
        run.result.entry("linear").scores["roc_auc"].mean, abs=1e-4
    )


def test_repeated_folds_show_each_row_once() -> None:
    _, found = truth(VALUES, repeats=2, folds=3)
    rows = found["points"]["true"]
    assert len(set(rows)) == len(rows) > 200
    assert set(found["points"]["fold"]) == {0, 1, 2}
