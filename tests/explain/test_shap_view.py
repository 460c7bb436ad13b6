"""SHAP values that are asked of a run: columns in a few words, rows that add up."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import UsageError
from rung.explain.shap_view import shap_lines
from tests.explain.test_shap import table


@cache
def run() -> rung.Run:
    rows, score = table()
    made = rows.drop("weight").with_columns(y=pl.Series(score))
    return rung.fit(made, "y", families=["linear", "neighbours"], explain=False, ledger=False)


def test_a_run_hands_out_columns_or_rows() -> None:
    found = run().explain.shap("linear")
    assert found.frame().columns == ["column", "mean", "low", "high"]
    assert "z: moves a prediction by" in repr(found)
    assert "95%" in found._repr_html_()
    rows = run().explain.shap("linear", rows=20, by_row=True).frame()
    parts = rows.select(pl.exclude("row", "fold", "sum")).sum_horizontal()
    np.testing.assert_allclose(parts, rows["sum"], atol=1e-9)
    assert "row " in repr(run().explain.shap("linear", by_row=True))
    predicted = run().out_of_fold
    there = dict(zip(predicted["row"].tolist(), predicted["linear"].tolist(), strict=True))
    assert rows["sum"].to_list() == pytest.approx([there[row - 1] for row in rows["row"]])
    fold = dict(zip(predicted["row"].tolist(), predicted["fold"].tolist(), strict=True))
    assert rows["fold"].to_list() == [fold[row - 1] for row in rows["row"]]


def test_a_family_without_exact_values_names_those_that_have_some() -> None:
    with pytest.raises(UsageError, match="has no exact SHAP values; of this run linear has"):
        run().explain.shap("constant")


def test_a_line_of_a_row_names_its_largest_shares_and_their_sum() -> None:
    data = {"title": "Linear", "unit": "log odds", "n_rows": 1}
    row = {"row": 7, "fold": 1, "class": "yes", "base": 0.5, "shap a": 0.25, "shap b": -1.0}
    assert shap_lines(data, [row | {"sum": -0.25}]) == [
        "Linear: SHAP values of 1 held-out rows, in log odds",
        "row 7 yes: 0.5, b -1, a +0.25: -0.25",
    ]
