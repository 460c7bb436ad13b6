"""A row of a run is explained by the model that has not seen it; new rows by the final one."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import DataWarning, UsageError

RNG = np.random.default_rng(12)
N = 120
X, Z = RNG.normal(size=(2, N))
TABLE = pl.DataFrame(
    {"id": [f"<b>g{i}" for i in range(N)], "x": X, "z": Z, "y": 3 * X + RNG.normal(size=N) / 4}
)


@cache
def fit() -> rung.Run:
    return rung.fit(
        TABLE, "y", features=["x", "z"], families=["linear", "neighbours"], ledger=False,
        explain=False,
    )  # fmt: skip


def test_a_training_row_is_predicted_as_it_was_out_of_fold() -> None:
    run = fit()
    out = run.out_of_fold
    for row, fold, predicted in list(zip(out["row"], out["fold"], out["linear"], strict=True))[:5]:
        found = run.explain.row(int(row) + 1, "linear").data
        assert found["fold"] == fold
        assert found["prediction"] == pytest.approx(predicted, rel=1e-5)
        assert found["true"] == pytest.approx(TABLE["y"][int(row)], rel=1e-5)
        assert int(row) + 1 not in [near["number"] for near in found["nearest"]]


def test_a_new_row_is_explained_by_the_final_model_and_unusual_far_away() -> None:
    run = fit()
    new = pl.DataFrame({"x": [50.0], "z": [0.0]})
    view = run.explain.row(1, "linear", data=new, change=0.5)
    with pytest.warns(DataWarning, match="'x': 1 of 1 numbers, such as 50, lie far outside"):
        predicted = run.model.predict(new)[0]
    assert view.data["prediction"] == pytest.approx(predicted, rel=1e-5)
    assert view.data["share_farther"] == 0
    assert "it is an unusual row" in repr(view)
    assert view.frame()["column"].to_list() == ["x", "z"]
    assert "<b>g" not in view._repr_html_()
    near = view.data["nearest"][0]
    assert TABLE["x"][near["number"] - 1] == pytest.approx(float(near["x"]), rel=1e-6)


def test_rows_and_changes_that_are_none_are_refused() -> None:
    run = fit()
    with pytest.raises(UsageError, match="row 500 is none of the run, which holds 120 rows"):
        run.explain.row(500)
    with pytest.raises(UsageError, match="row 2 is not in the table; it has 1 rows"):
        run.explain.row(2, data=pl.DataFrame({"x": [1.0], "z": [1.0]}))
    with pytest.raises(UsageError, match="a change of -1 is not usable"):
        run.explain.row(1, change=-1)
