import json
from pathlib import Path

import pytest

from rung.core.events import Event
from rung.errors import UsageError
from rung.workbench import FitOptions, fit_partial, fit_to_folder
from tests.workbench.frames import frame

OPTIONS = FitOptions("kind", families=("linear", "tree", "boosting"), folds=4, seed=3, ledger=False)
SAME = ("results.json", "model.rung", "seal.json", "out_of_fold.parquet", "report.html")


def stopped(out: Path, *, after: str) -> None:
    def interrupt(event: Event) -> None:
        if (event.kind, event.family) == ("scored", after):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_to_folder(frame(200), OPTIONS, out, listener=interrupt)


def test_a_stopped_run_gives_a_labelled_result_of_what_is_scored_and_opens_nothing(
    tmp_path: Path,
) -> None:
    out = tmp_path / "run"
    stopped(out, after="boosting")  # trained after linear and before tree
    run = fit_partial(frame(200), OPTIONS, out)
    told = {entry.family: entry.status for entry in run.result.ladder}
    assert told == {
        "constant": "scored",
        "linear": "scored",
        "tree": "skipped",
        "boosting": "scored",
    }
    (label,) = [found for found in run.result.findings if found.code == "partial_run"]
    assert label.message == ("this is a partial run: tree was not trained before it was stopped")
    assert not run.result.test.opened
    assert json.loads((out / "seal.json").read_text())["history"] == []
    page = (out / "report.html").read_text("utf-8")
    assert "this is a partial run" in page
    assert (out / "model.rung").exists()


def test_a_partial_run_resumes_to_the_bytes_of_a_whole_one(tmp_path: Path) -> None:
    whole, out = tmp_path / "whole", tmp_path / "run"
    fit_to_folder(frame(200), OPTIONS, whole)
    stopped(out, after="linear")
    fit_partial(frame(200), OPTIONS, out)
    fit_to_folder(frame(200), OPTIONS, out, resume=True)
    for name in SAME:
        assert (whole / name).read_bytes() == (out / name).read_bytes(), name
    assert not (out / "journal.rung").exists()


def test_there_is_nothing_to_take_of_a_run_that_was_not_stopped(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no run that was stopped"):
        fit_partial(frame(200), OPTIONS, tmp_path / "run")


def test_a_run_that_has_scored_nothing_has_nothing_to_take(tmp_path: Path) -> None:
    def interrupt(event: Event) -> None:
        if event.kind == "family":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_to_folder(frame(200), OPTIONS, tmp_path / "run", listener=interrupt)
    with pytest.raises(UsageError, match="has scored no family yet"):
        fit_partial(frame(200), OPTIONS, tmp_path / "run")
