import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import rung
from rung.data import ReadOptions
from rung.errors import BadModelFile, DataError, DataWarning, UsageError
from rung.workbench import FitOptions, fit_to_folder, inspect_model, predict_file
from tests.workbench.frames import frame

FILES = {
    "model.rung",
    "results.json",
    "timings.json",
    "out_of_fold.parquet",
    "seal.json",
    "openings.json",
    "report.html",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("run")
    frame(400).write_csv(base / "stars.csv")
    options = FitOptions("kind", families=("linear", "tree", "boosting"), choose="leader")
    fit_to_folder(str(base / "stars.csv"), options, base / "out")
    return base


def test_a_run_folder_holds_everything(folder: Path) -> None:
    assert {path.name for path in (folder / "out").iterdir()} == FILES


def test_the_files_say_the_same(folder: Path) -> None:
    results = json.loads((folder / "out" / "results.json").read_text())
    matrix = pl.read_parquet(folder / "out" / "out_of_fold.parquet")
    assert len(matrix) == results["folds"]["n_scored"]
    assert results["choice"]["sentence"] in (folder / "out" / "report.html").read_text()
    assert inspect_model(folder / "out")["family"] == results["choice"]["family"]


def test_two_runs_write_the_same_bytes(folder: Path) -> None:
    options = FitOptions("kind", families=("boosting", "tree", "linear"), choose="leader")
    fit_to_folder(str(folder / "stars.csv"), options, folder / "again")
    for name in FILES - {"timings.json", "openings.json"}:
        first, second = ((folder / run / name).read_bytes() for run in ("out", "again"))
        assert first == second, name


def test_a_saved_model_predicts_the_same_bits_in_a_fresh_process(folder: Path) -> None:
    code = (
        "import sys, rung, numpy as np\n"
        f"model = rung.load({str(folder / 'out')!r})\n"
        f"np.save(sys.argv[1], model.predict_proba({str(folder / 'stars.csv')!r}))\n"
        "heavy = {'sklearn', 'lightgbm', 'matplotlib', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    target = folder / "fresh.npy"
    subprocess.run([sys.executable, "-c", code, str(target)], check=True)
    here = rung.load(folder / "out").predict_proba(frame(400))
    np.testing.assert_array_equal(np.load(target), here)


def test_an_existing_folder_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="out"):
        fit_to_folder(str(folder / "stars.csv"), FitOptions("kind"), folder / "out")


def test_reopening_a_seal_is_counted_and_said(folder: Path) -> None:
    options = FitOptions(
        "kind", families=("linear",), metric="brier", seal=str(folder / "out" / "seal.json")
    )
    run = fit_to_folder(str(folder / "stars.csv"), options, folder / "later")
    codes = {finding.code: finding.message for finding in run.history.findings}
    assert "metric" in codes["post_hoc"]
    assert run.history.n_openings == 2
    assert json.loads((folder / "later" / "seal.json").read_text())["openings"] == 2


@pytest.mark.parametrize("suffix", ["csv", "parquet", "arrow"])
def test_predictions_are_written_in_each_format(folder: Path, suffix: str) -> None:
    out = folder / f"predicted.{suffix}"
    predict_file(str(folder / "out" / "model.rung"), str(folder / "stars.csv"), out)
    reader = {"csv": pl.read_csv, "parquet": pl.read_parquet, "arrow": pl.read_ipc}[suffix]
    found = reader(out)
    assert found.columns == ["prediction", "probability:galaxy", "probability:star", "likeness"]
    assert len(found) == 400


def test_kept_columns_stand_before_the_prediction(folder: Path) -> None:
    model, table = str(folder / "out" / "model.rung"), folder / "stars.csv"
    name = pl.read_csv(table).columns[0]
    text = predict_file(model, str(table), None, options=ReadOptions(keep=(name,)))
    assert text is not None
    assert text.splitlines()[0].split(",")[:2] == [name, "prediction"]


def test_an_existing_prediction_is_not_overwritten(folder: Path) -> None:
    out = folder / "kept.csv"
    out.write_text("precious")
    with pytest.raises(UsageError, match="exists"):
        predict_file(str(folder / "out" / "model.rung"), str(folder / "stars.csv"), out)
    assert out.read_text() == "precious"


def test_reordered_extra_and_unknown_are_handled(folder: Path) -> None:
    model = rung.load(folder / "out")
    table = frame(50)
    expected = model.predict_proba(table)
    reordered = table.select(*table.columns[::-1], pl.lit(3).alias("extra"))
    np.testing.assert_array_equal(model.predict_proba(reordered), expected)
    strange = table.with_columns(colour=pl.lit("violet"))
    with (
        pytest.warns(DataWarning, match="50 of 50 cells hold categories unknown to training"),
        pytest.warns(DataWarning, match=r"of 50 rows are unlike .* \(by 'colour'\)"),
    ):
        assert np.isfinite(model.predict_proba(strange)).all()


def test_a_missing_column_is_named(folder: Path) -> None:
    with pytest.raises(DataError, match="colour"):
        rung.load(folder / "out").predict(frame(50).drop("colour"))


def test_quantities_have_no_probabilities() -> None:
    model = rung.fit(frame(), target="mass", families=["linear"]).model
    with pytest.raises(UsageError, match="predicts the quantity 'mass'"):
        model.predict_proba(frame())


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x80\x04K\x01."])
def test_what_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.rung"
    path.write_bytes(content)
    with pytest.raises(BadModelFile, match=r"model\.rung"):
        rung.load(path)


def test_a_report_is_written_where_asked(tmp_path: Path) -> None:
    run = rung.fit(frame(), target="mass", families=["linear"])
    assert run.report(tmp_path / "page.html").read_text().startswith("<!DOCTYPE html>")


def test_inspect_says_which_models_hold_training_rows() -> None:
    for family, holds in (("neighbours", True), ("linear", False)):
        run = rung.fit(frame(), target="kind", families=[family], choose="leader")
        assert run.model.family.name == family
        assert run.model.stores_training_rows is holds


def test_a_forged_note_hides_no_training_rows(tmp_path: Path) -> None:
    model = rung.fit(frame(), target="kind", families=["neighbours"], choose="leader").model
    forged = replace(model, about={**model.about, "stores_training_rows": False})
    path = forged.save(tmp_path / "model.rung")
    assert inspect_model(path)["stores_training_rows"] is True
