"""Two runs on the same rows: paired, with what was asked otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import DataError, UsageError
from rung.workbench.comparing import compare_runs

RNG = np.random.default_rng(9)
N = 300
X = RNG.normal(size=(N, 2))
TABLE = pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": X[:, 0] + X[:, 1] + RNG.normal(size=N)})


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("runs")
    asked = {"whole": {}, "less": {"drop": ("b",)}, "other": {"seed": 3}}
    for name, options in asked.items():
        rung.fit(
            TABLE,
            "y",
            out=folder / name,
            families=["linear"],
            ledger=False,
            explain=False,
            **options,
        )
    classes = TABLE.with_columns(
        y=pl.when(pl.col("y") > 0).then(pl.lit("u")).otherwise(pl.lit("d"))
    )
    for name, options in {"classes": {}, "fewer": {"drop": ("b",)}}.items():
        rung.fit(
            classes,
            "y",
            out=folder / name,
            families=["linear"],
            ledger=False,
            explain=False,
            **options,
        )
    return {path.name: path for path in folder.iterdir()}


def test_a_column_that_is_left_out_costs_what_the_difference_of_the_scores_says(runs) -> None:
    found = compare_runs(runs["whole"], runs["less"])
    pair = next(one for one in found["pairs"] if one["families"] == ["linear", "linear"])
    scores = [pl.read_parquet(runs[name] / "out_of_fold.parquet") for name in ("whole", "less")]
    rmse = [float(((s["linear"] - s["target"]) ** 2).mean() ** 0.5) for s in scores]
    assert (pair["first"], pair["second"]) == pytest.approx(tuple(rmse))
    assert pair["mean"] == pytest.approx(rmse[1] - rmse[0])
    assert 0 < pair["low"] < pair["mean"] < pair["high"]
    assert pair["verdict"] == "the second is worse"
    assert found["options"] == {"drop": [[], ["b"]]}


def test_a_run_against_itself_differs_by_nothing(runs) -> None:
    found = compare_runs(runs["whole"], runs["whole"])
    assert all(one["mean"] == one["low"] == one["high"] == 0 for one in found["pairs"])
    assert found["notes"] == []
    assert found["options"] == {}


def test_classes_are_paired_too(runs) -> None:
    found = compare_runs(runs["classes"], runs["fewer"])
    assert found["pairs"][0]["verdict"] == "the second is worse"


def test_other_folds_are_said(runs) -> None:
    found = compare_runs(runs["whole"], runs["other"])
    assert found["options"] == {"seed": [0, 3]}
    assert any("folds differ" in note for note in found["notes"])
    assert found["n_rows"] + found["n_only_first"] <= N


def test_runs_that_predict_other_things_are_refused(runs, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="different task: 'regression' and 'binary'"):
        compare_runs(runs["whole"], runs["classes"])
    with pytest.raises(UsageError, match=r"holds no results\.json"):
        compare_runs(runs["whole"], tmp_path)
    other = TABLE.with_columns(pl.col("y") + 1)
    rung.fit(other, "y", out=tmp_path / "moved", families=["linear"], ledger=False, explain=False)
    with pytest.raises(DataError, match="have another target in the second run"):
        compare_runs(runs["whole"], tmp_path / "moved")


def test_densities_of_the_same_columns_are_compared_by_log_density(tmp_path: Path) -> None:
    table = TABLE.with_columns(c=pl.col("a") + 0.1 * pl.col("b"))
    options = {"families": ["gaussian"], "ledger": False, "folds": 3}
    asked = {"one": {}, "odds": {"metric": "odds_share"}, "less": {"drop": ("c",)}}
    for name, more in asked.items():
        rung.fit(table, out=tmp_path / name, **options, **more)
    found = compare_runs(tmp_path / "odds", tmp_path / "one")
    assert found["metric"] == "log_density"
    choices = found["pairs"][0]
    assert choices["families"] == ["gaussian", "gaussian"]
    score = json.loads((tmp_path / "one" / "results.json").read_text("utf-8"))["ladder"][1]
    mean = score["scores"]["log_density"]["mean"]
    assert choices["first"] == choices["second"] == pytest.approx(mean)
    assert choices["mean"] == 0
    with pytest.raises(UsageError, match="of 4 and of 3 columns are, and these are not the same"):
        compare_runs(tmp_path / "one", tmp_path / "less")
