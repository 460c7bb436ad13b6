"""A saved model on labelled rows that are new to it."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import DataError
from rung.workbench.explaining import explain_file, explained_text

RNG = np.random.default_rng(12)


def table(n: int, kind: str = "values") -> pl.DataFrame:
    a, b = RNG.normal(size=(2, n))
    y = 2 * a + RNG.normal(size=n)
    shown = {"values": y, "labels": np.where(y > 0, "up", "down"), "counts": (y > 0).astype(int)}
    return pl.DataFrame({"a": a, "b": b, "y": shown[kind]})


@cache
def model(kind: str):
    return rung.fit(table(300, kind), "y", families=["linear"], ledger=False, explain=False).model


@pytest.mark.parametrize("kind", ["values", "labels", "counts"])
def test_the_errors_are_those_of_the_model_on_these_rows(kind: str) -> None:
    new = table(200, kind)
    found = explain_file(model(kind), new)
    assert found["n_rows"] == 200
    assert found["importance"]["columns"][0]["columns"] == ["a"]
    assert found["importance"]["columns"][0]["verdict"] == "matters"
    predicted = model(kind).predict(new)
    if kind == "values":
        rmse = float(np.sqrt(np.mean((predicted - new["y"].to_numpy()) ** 2)))
        assert found["importance"]["whole"] == pytest.approx(rmse, rel=1e-4)
    else:
        wrong = (predicted != new["y"].cast(pl.String).to_numpy()).sum()
        assert sum(one["n"] for one in found["truth"]["mistakes"]) == wrong


def test_rows_without_a_target_are_left_out_and_counted() -> None:
    new = table(100).with_columns(
        y=pl.when(pl.int_range(100) < 30).then(None).otherwise(pl.col("y"))
    )
    found = explain_file(model("values"), new)
    assert (found["n_rows"], found["n_left_out"]) == (70, 30)
    assert min(int(one["row"]) for one in found["truth"]["largest"]) > 30


def test_rows_without_the_column_or_with_hardly_a_target_are_refused() -> None:
    with pytest.raises(DataError, match="column 'y' not found"):
        explain_file(model("values"), table(50).drop("y"))
    with pytest.raises(DataError, match="3 rows have a target"):
        explain_file(model("values"), table(3))


def test_shap_values_of_a_saved_model_add_up_to_its_predictions() -> None:
    new = table(80)
    found = explain_file(model("values"), new)["shap"]
    predicted = model("values").predict(new)
    for row in found["rows"]:
        assert row["base"] + row["shap a"] + row["shap b"] == pytest.approx(row["sum"], abs=1e-12)
        assert row["sum"] == pytest.approx(predicted[row["row"] - 1], abs=1e-9)
    assert [one["column"] for one in found["columns"]] == ["a", "b"]
    assert "mean size of SHAP values, the target's unit" in explained_text(
        explain_file(model("values"), new)
    )
