"""Polynomials of a column of a run, on its folds."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import UsageError

RNG = np.random.default_rng(5)
N = 150
X = RNG.normal(size=N)


@cache
def fit(kind: str = "values") -> rung.Run:
    y = pl.Series(X**2 + RNG.normal(size=N) / 9)
    target = y if kind == "values" else pl.Series(np.where(y > 1, "up", "down"))
    x = pl.Series([None, *X[1:]], dtype=pl.Float64)
    table = pl.DataFrame({"x": x, "kind": ["a", "b"] * (N // 2), "y": target})
    return rung.fit(table, "y", families=["linear"], ledger=False, explain=False, folds=4)


def test_scores_are_of_the_folds_of_the_run() -> None:
    run = fit()
    view = run.explain.polynomials("x", (1, 2))
    frame = view.frame()
    assert frame["degree"].to_list() == [1, 2]
    assert frame["held_out_rmse"][0] > 5 * frame["held_out_rmse"][1]
    prepared = run.explained.prepared
    y, x = prepared.problem.y, prepared.problem.design.values["x"]
    lost = []
    for split in prepared.folds.splits:
        train, test = (rows[np.isfinite(x[rows])] for rows in (split.train, split.test))
        fitted = np.polyfit(x[train], y[train], 2)
        lost.extend((np.polyval(fitted, x[test]) - y[test]) ** 2)
    assert frame["held_out_rmse"][1] == pytest.approx(np.sqrt(np.mean(lost)))
    assert "degree 2: RMSE" in repr(view)
    assert "the best" in repr(view).splitlines()[2]
    assert "1 rows without a value are left out" in repr(view)
    assert view._repr_html_().startswith("<svg")


def test_the_picture_has_a_curve_and_its_folds_for_each_degree() -> None:
    axes = fit().plot.polynomials("x", (1, 2, 6))
    assert len(axes.get_lines()) == 1 + 3 * (1 + 4)
    assert [text.get_text()[:8] for text in axes.get_legend().get_texts()] == [
        "degree 1",
        "degree 2",
        "degree 6",
    ]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "y")


def test_what_has_no_polynomials_says_so() -> None:
    with pytest.raises(
        UsageError, match="column 'kind' is none of the run's columns of numbers: x"
    ):
        fit().explain.polynomials("kind")
    with pytest.raises(UsageError, match="the run predicts classes"):
        fit("classes").explain.polynomials("x")
