"""Explanations that are asked of a run: short text, frames, HTML, pictures."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import UsageError

RNG = np.random.default_rng(6)
N = 160
X = RNG.normal(size=(N, 2))
TABLE = pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": 3 * X[:, 0] + RNG.normal(size=N)})


@cache
def fit(kind: str = "values") -> rung.Run:
    table = (
        TABLE
        if kind == "values"
        else TABLE.with_columns(
            y=pl.when(pl.col("y") > 0).then(pl.lit("up")).otherwise(pl.lit("down"))
        )
    )
    families = ["linear", "tree", "neighbours"]
    return rung.fit(table, "y", families=families, explain=False, ledger=False)


def test_explanations_can_be_asked_for_though_the_run_left_them_out() -> None:
    run = fit()
    assert set(run.result.sections) == {"applicability"}
    found = run.explain.importance("linear")
    assert found.frame()["columns"].to_list() == ["a", "b"]
    assert found.frame()["verdict"][0] == "matters"
    assert "a: rmse" in repr(found)


def test_every_view_has_a_short_text_a_frame_and_html() -> None:
    explain = fit().explain
    for found in (
        explain.importance("linear"),
        explain.effects("a", "linear"),
        explain.formula("linear"),
        explain.tree("tree"),
        explain.truth(),
    ):
        assert 0 < len(repr(found)) < 4_000
        assert found.frame().height > 0
        html = found._repr_html_()
        assert html.startswith("<iframe ")
        assert "<script" not in html


def test_the_formula_is_its_own_text() -> None:
    assert repr(fit().explain.formula("linear")).startswith("y = ")


def test_what_does_not_apply_is_said_with_what_does() -> None:
    run = fit()
    with pytest.raises(UsageError, match="column 'c' is none that linear uses; it uses a, b"):
        run.explain.effects("c", "linear")
    with pytest.raises(UsageError, match="family 'gpt' was not scored in this run; constant"):
        run.explain.importance("gpt")
    with pytest.raises(UsageError, match="keeps no models of its folds"):
        run.explain.importance("neighbours")
    with pytest.raises(UsageError, match="Linear holds no tree"):
        run.explain.tree("linear")
    with pytest.raises(UsageError, match="no formula"):
        run.explain.formula("tree")
    with pytest.raises(UsageError, match="this picture is for classes"):
        run.plot.roc()


def test_a_run_on_a_text_has_no_columns_to_explain() -> None:
    run = rung.fit(["abc", "abd", "bcd"] * 40, families=["unigram"], ledger=False)
    with pytest.raises(UsageError, match="no columns to explain"):
        run.explain.importance()


def test_pictures_are_axes_with_the_numbers_in_them() -> None:
    plot = fit().plot
    assert len(plot.ladder().get_yticks()) == 4
    truth = plot.truth("linear")
    assert truth.get_xlabel() == "true y"
    assert plot.residuals("linear").get_ylabel() == "prediction less truth"
    effect = plot.effects("a", "linear")
    line = effect.get_lines()[0]
    data = fit().explain.effects("a", "linear").data["columns"][0]
    assert list(line.get_ydata()) == data["mean"][0]
    assert len(plot.importance("linear").get_yticks()) == 2


def test_classes_have_calibration_and_roc_on_axes_that_are_given() -> None:
    plot = fit("classes").plot
    ax = plot.calibration()
    assert plot.roc(ax=ax) is ax
    with pytest.raises(UsageError, match="use calibration and roc"):
        plot.truth()
