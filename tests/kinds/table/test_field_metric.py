"""Runs that are compared by a metric of a field, or by a function of the user."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import UsageError
from rung.workbench.comparing import compare_runs

RNG = np.random.default_rng(2)
N = 260
X = RNG.normal(size=N)
TABLE = pl.DataFrame({"x": X, "z": np.abs(X + RNG.normal(size=N) / 4)})


def cubed(true, predicted):
    return np.abs(true - predicted) ** 3


def fit(**options):
    return rung.fit(TABLE, "z", families=["linear", "tree"], ledger=False, folds=4, **options)


def test_a_run_by_a_function_records_its_name_and_explains_by_it(tmp_path) -> None:
    run = rung.fit(
        TABLE, "z", families=["linear", "tree"], ledger=False, folds=4, metric=cubed, test_fraction=0.2,
        out=tmp_path / "run",
    )  # fmt: skip
    found = json.loads((tmp_path / "run" / "results.json").read_text("utf-8"))
    assert (found["metric"], found["loss"], found["options"]["metric"]) == ("cubed", "own", "cubed")
    assert run.result.command.from_python == {"metric": "cubed"}
    assert run.model.about["choice"]["metric"] == "cubed"
    entry = run.result.entry("linear")
    rows = np.abs(run.out_of_fold["target"] - run.out_of_fold["linear"]) ** 3
    assert entry.scores["cubed"].mean == pytest.approx(rows.mean())
    assert run.result.test.scores["choice"]["cubed"].value > 0
    assert run.result.sections["importance"][0]["metric"] == "cubed"
    with pytest.raises(UsageError, match="a run was compared by 'cubed', a function"):
        compare_runs(tmp_path / "run", tmp_path / "run")


def test_skill_differs_between_families_as_the_squared_error_does() -> None:
    run = fit(metric="skill", explain=False)
    scores = {one.family: one.scores for one in run.result.ladder if one.scores}
    base = scores["constant"]["mse"].mean
    for found in scores.values():
        assert found["skill"].mean == pytest.approx(1 - found["mse"].mean / base)
    assert scores["constant"]["skill"].mean == 0
    shown = dict(run.leaderboard.select("family", "difference").rows())
    other = "linear" if run.result.choice.leader == "tree" else "tree"
    gap = abs(scores["tree"]["skill"].mean - scores["linear"]["skill"].mean)
    assert shown[other] == pytest.approx(gap)


def test_redshifts_of_minus_one_or_less_are_refused_before_anything_is_trained() -> None:
    table = TABLE.with_columns(z=pl.when(pl.int_range(N) == 3).then(-1.5).otherwise("z"))
    with pytest.raises(UsageError, match="divides by 1 \\+ z, and 1 of 260 values"):
        rung.fit(table, "z", metric="photoz", ledger=False)


def test_a_function_that_fails_is_refused_before_anything_is_trained() -> None:
    def mean_error(true, predicted):
        return np.mean(true - predicted)

    with pytest.raises(UsageError, match=r"'mean_error' gave an array of shape \(\)"):
        fit(metric=mean_error)
    with pytest.raises(UsageError, match="metric must be a text or a function, it is 3"):
        fit(metric=3)
