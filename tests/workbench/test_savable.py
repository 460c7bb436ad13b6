import json
from pathlib import Path

import polars as pl
import pytest
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import Ridge
from sklearn.svm import SVR

import rung
from rung.core.events import Event
from rung.errors import NotSavable
from rung.workbench.run import Run
from tests.workbench.frames import frame


def bent(n_rows: int = 300) -> pl.DataFrame:
    return frame(n_rows).with_columns(mass=pl.col("noise").abs() + 0.05 * pl.col("mass"))


def run(out: Path, table: pl.DataFrame, estimator: BaseEstimator, **options: object) -> Run:
    families = ["linear", estimator]
    return rung.fit(
        table, target="mass", drop=("kind", "weight"), families=families, out=out, **options
    )


def said(found: Run) -> list[str]:
    return [one.message for one in found.result.findings if one.code == "not_savable"]


def test_where_only_code_is_good_no_model_file_is_written(tmp_path: Path) -> None:
    found = run(tmp_path / "out", bent(), SVR())
    assert found.verdict.family == "svr"
    assert found.saved is None
    assert "no model file is written" in said(found)[0]
    assert not (tmp_path / "out" / "model.rung").exists()
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert "not_savable" in {finding["code"] for finding in results["findings"]}
    assert results["options"]["families"] == ["constant", "linear", "svr"]
    assert len(found.model.predict(bent(5))) == 5
    with pytest.raises(NotSavable, match="SVR"):
        found.model.save(tmp_path / "model.rung")


def test_the_simplest_savable_family_stands_in_with_no_score_of_the_choice(tmp_path: Path) -> None:
    found = run(tmp_path / "out", frame(200), Ridge(3.0), choose="leader", margin=0.5)
    assert found.verdict.family == "ridge"
    assert found.saved is not None
    assert found.saved.family.name == "linear"
    assert "the model file holds Linear" in said(found)[0]
    loaded = rung.load(tmp_path / "out")
    assert loaded.family.name == "linear"
    assert loaded.about["test"] is None
    assert loaded.about["scores"] == found.result.to_dict()["ladder"][1]["scores"]


def test_a_blend_with_an_estimator_in_it_holds_code_too(tmp_path: Path) -> None:
    families = ["linear", RandomForestRegressor(10), SVR(), "blend"]
    found = rung.fit(
        bent(),
        target="mass",
        drop=("kind", "weight"),
        folds=5,
        families=families,
        out=tmp_path / "out",
        choose="leader",
    )
    assert [entry.family for entry in found.result.ladder][-1] == "blend"
    assert found.verdict.leader == "blend"
    assert found.saved is None
    assert "the choice, Blend, holds code" in said(found)[0]


def test_a_choice_that_can_be_saved_needs_no_word(tmp_path: Path) -> None:
    found = run(tmp_path / "out", frame(300), Ridge())
    assert found.verdict.family == "linear"
    assert found.saved is found.model
    assert not said(found)


def test_two_runs_with_an_estimator_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        run(tmp_path / name, bent(150), SVR(), threads=1 if name == "one" else 2)
    for name in ("results.json", "out_of_fold.parquet", "report.html"):
        one, two = ((tmp_path / each / name).read_bytes() for each in ("one", "two"))
        assert one == two, name


def test_a_killed_run_with_an_estimator_is_resumed_to_the_same_bytes(tmp_path: Path) -> None:
    def stop(event: Event) -> None:
        if event.kind == "stage" and "opening" in event.text:
            raise KeyboardInterrupt

    def climb(name: str, **options: object) -> Run:
        return run(tmp_path / name, bent(120), RandomForestRegressor(5), **options)

    climb("whole")
    with pytest.raises(KeyboardInterrupt):
        climb("killed", listener=stop)
    climb("killed", resume=True)
    for file in ("results.json", "out_of_fold.parquet"):
        one, two = ((tmp_path / each / file).read_bytes() for each in ("whole", "killed"))
        assert one == two, file
