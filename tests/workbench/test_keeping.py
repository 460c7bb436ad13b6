import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rung.core.events import Event
from rung.errors import DiskError, PageNotDrawn, UsageError
from rung.kinds.model_file import load
from rung.store import durable
from rung.store.durable import disk_error
from rung.store.records import Records
from rung.workbench import FitOptions, fit_to_folder
from tests.workbench.frames import frame

OPTIONS = FitOptions("kind", families=("linear", "tree", "boosting"), folds=4, seed=3)
SAME = ("results.json", "model.rung", "seal.json", "out_of_fold.parquet", "report.html")


class Killed(BaseException):
    """Stand for a kill: nothing may be tidied up after it."""


def kill_after(n_events: int) -> Any:
    seen = 0

    def listen(event: Event) -> None:
        nonlocal seen
        seen += 1
        if seen > n_events:
            raise Killed

    return listen


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "run"
    fit_to_folder(frame(200), OPTIONS, out)
    return out


def same_bytes(first: Path, second: Path) -> bool:
    return all((first / n).read_bytes() == (second / n).read_bytes() for n in SAME)


@pytest.mark.parametrize("n_events", [1, 7, 14, 20])
def test_a_resumed_run_writes_the_same_bytes(whole: Path, tmp_path: Path, n_events: int) -> None:
    out = tmp_path / "run"
    with pytest.raises(Killed):
        fit_to_folder(frame(200), OPTIONS, out, listener=kill_after(n_events))
    assert not (out / "results.json").exists()
    fit_to_folder(frame(200), OPTIONS, out, resume=True)
    assert same_bytes(whole, out)
    assert not (out / "journal.rung").exists()


def test_finished_jobs_are_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "run"
    last = Event("stage", text="opening the sealed rows")

    def stop(event: Event) -> None:
        if event == last:
            raise Killed

    with pytest.raises(Killed):
        fit_to_folder(frame(200), OPTIONS, out, listener=stop)
    from rung.families.table import boosting

    def fail(*asked: object) -> None:
        raise AssertionError("a finished job was done again")

    monkeypatch.setattr(boosting, "_fit_split", fail)
    run = fit_to_folder(frame(200), OPTIONS, out, resume=True)
    assert run.result.entry("boosting").status == "scored"


def test_a_kill_after_opening_counts_one_opening(whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"

    def stop(event: Event) -> None:
        if event.text == "writing":
            raise Killed

    with pytest.raises(Killed):
        fit_to_folder(frame(200), OPTIONS, out, listener=stop)
    assert json.loads((out / "seal.json").read_text())["openings"] == 1
    fit_to_folder(frame(200), OPTIONS, out, resume=True)
    assert same_bytes(whole, out)
    again = fit_to_folder(frame(200), OPTIONS, out, force=True)
    assert again.history.n_openings == 2


def unfinished(tmp_path: Path) -> Path:
    with pytest.raises(Killed):
        fit_to_folder(frame(200), OPTIONS, tmp_path / "run", listener=kill_after(10))
    return tmp_path / "run"


def test_a_run_is_not_resumed_on_another_kind_of_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rung.workbench import run

    out = tmp_path / "run"
    with pytest.raises(Killed):
        fit_to_folder(frame(200), OPTIONS, out, listener=kill_after(7))
    other = {"processor": "aarch64", "linear algebra": "openblas Zen"}
    monkeypatch.setattr(run, "machine", lambda: other)
    with pytest.raises(UsageError, match="is another one: machine changed"):
        fit_to_folder(frame(200), OPTIONS, out, resume=True)


def test_another_run_is_not_resumed(tmp_path: Path) -> None:
    out = unfinished(tmp_path)
    with pytest.raises(UsageError, match="is another one: options, folds, seal changed"):
        fit_to_folder(frame(200), FitOptions("kind", seed=4), out, resume=True)
    with pytest.raises(UsageError, match="is another one: data"):
        fit_to_folder(frame(200, seed=9), OPTIONS, out, resume=True)


def test_an_unfinished_run_is_not_overwritten_by_accident(tmp_path: Path) -> None:
    out = unfinished(tmp_path)
    with pytest.raises(UsageError, match="holds an unfinished run; go on with resume=True"):
        fit_to_folder(frame(200), OPTIONS, out)
    fit_to_folder(frame(200), OPTIONS, out, force=True)
    assert (out / "results.json").exists()


def test_a_finished_run_has_nothing_to_resume(whole: Path) -> None:
    with pytest.raises(UsageError, match="holds a finished run; there is nothing to resume"):
        fit_to_folder(frame(200), OPTIONS, whole, resume=True)


def test_resuming_nothing_is_a_fresh_run(whole: Path, tmp_path: Path) -> None:
    fit_to_folder(frame(200), OPTIONS, tmp_path / "run", resume=True)
    assert same_bytes(whole, tmp_path / "run")


def test_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    def interrupt(event: Event) -> None:
        if event.kind == "scored":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        fit_to_folder(frame(200), OPTIONS, tmp_path / "run", listener=interrupt)
    assert "--resume" in caught.value.__notes__[0]


def test_a_family_with_other_settings_takes_no_finished_job_for_its_own(tmp_path: Path) -> None:
    from rung.families.table.polynomial import polynomial_family

    def options(degree: int) -> FitOptions:
        family = polynomial_family(degree=degree, penalty=1e-3)
        return FitOptions("mass", families=(family,), folds=4, choose="leader", ledger=False)

    fit_to_folder(frame(200), options(1), tmp_path / "whole")
    with pytest.raises(Killed):
        fit_to_folder(frame(200), options(3), tmp_path / "run", listener=stop_at_the_test)
    fit_to_folder(frame(200), options(1), tmp_path / "run", resume=True)
    assert same_bytes(tmp_path / "whole", tmp_path / "run")


def stop_at_the_test(event: Event) -> None:
    if event.text == "opening the sealed rows":
        raise Killed


def test_a_full_disk_ends_the_run_opens_nothing_and_keeps_what_is_finished(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, add = tmp_path / "run", Records.add

    def full_at_the_tree(records: Records, key: str, value: bytes) -> None:
        if '"tree"' in key:
            raise disk_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), records.path)
        add(records, key, value)

    with monkeypatch.context() as patch:
        patch.setattr(Records, "add", full_at_the_tree)
        with pytest.raises(DiskError, match=r"disk full.*; then go on with .* resume=True"):
            fit_to_folder(frame(200), OPTIONS, out)
    assert {item.name for item in out.iterdir() if item.name[0] != "."} == {"journal.rung"}
    fit_to_folder(frame(200), OPTIONS, out, resume=True)
    assert same_bytes(whole, out)
    assert json.loads((out / "seal.json").read_text())["openings"] == 1


@pytest.mark.parametrize("name", ["seal.json", "results.json", "model.rung", "report.html"])
def test_a_full_disk_while_a_run_is_written_loses_nothing(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    out, write = tmp_path / "run", durable.write_bytes

    def full(path: Path, data: bytes) -> None:
        if path.name == name:
            raise durable.explain(OSError(errno.EROFS, os.strerror(errno.EROFS)), path)
        write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(durable, "write_bytes", full)
        with pytest.raises(DiskError, match=rf"{name}' cannot be written: Read-only.*resume=True"):
            fit_to_folder(frame(200), OPTIONS, out)
    assert (out / "journal.rung").exists()
    assert (out / "results.json").exists() == (name in ("model.rung", "report.html"))
    fit_to_folder(frame(200), OPTIONS, out, resume=True)
    assert same_bytes(whole, out)
    assert json.loads((out / "seal.json").read_text())["openings"] == 1


def test_a_family_out_of_memory_is_skipped_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rung.families.table import tree

    def fail(*asked: object) -> None:
        raise MemoryError("no room for the tree")

    monkeypatch.setattr(tree, "FAMILY", replace(tree.FAMILY, cross_fit=fail))
    families = ("linear", tree.FAMILY)
    run = fit_to_folder(frame(200), FitOptions("kind", families=families), tmp_path / "run")
    assert run.result.entry("tree").reason == "failed: MemoryError: no room for the tree"


def test_two_runs_never_write_to_one_folder(tmp_path: Path) -> None:
    out = tmp_path / "run"
    said = []

    def second(event: Event) -> None:
        if event.kind == "family":
            for again in ({}, {"force": True}, {"resume": True}):
                with pytest.raises(UsageError, match="another run is at work in") as caught:
                    fit_to_folder(frame(100), FitOptions("mass"), out, **again)
                said.append(caught.value.exit_code)

    fit_to_folder(frame(200), FitOptions("kind", families=("linear",)), out, listener=second)
    assert said == [2] * 6
    assert json.loads((out / "results.json").read_text())["target"] == "kind"
    assert load(out).target == "kind"  # type: ignore[union-attr]
    assert not (out / ".rung-lock").exists()


def test_a_page_that_cannot_be_drawn_costs_no_result(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rung.report import html

    out = tmp_path / "run"

    def fail(result: object, history: object) -> str:
        assert (out / "results.json").read_bytes() == (whole / "results.json").read_bytes()
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(html, "render", fail)
    with pytest.raises(PageNotDrawn, match=r"ZeroDivisionError: .*all results are written"):
        fit_to_folder(frame(200), OPTIONS, out)
    left = {item.name for item in out.iterdir()}
    assert left == {item.name for item in whole.iterdir()} - {"report.html"}
    assert all((out / n).read_bytes() == (whole / n).read_bytes() for n in SAME[:-1])


def test_a_killed_run_holds_little_and_a_finished_one_no_trace(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with pytest.raises(Killed):
        fit_to_folder(frame(200), OPTIONS, out, listener=stop_at_the_test)
    assert {item.name for item in out.iterdir()} == {"journal.rung", "seal.json"}
    kept = (out / "journal.rung").stat().st_size
    fit_to_folder(frame(200), OPTIONS, out, force=True)
    assert kept < 300_000
    assert not [
        item.name for item in out.iterdir() if "rung-" in item.name or "journal" in item.name
    ]
