"""Whatever a person does to open the same rows again is counted and told."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import rung
from rung.core.history import History
from rung.errors import DataError, UsageError
from rung.store.ledger import LEDGER, read_ledger
from rung.workbench import FitOptions, TextOptions, fit, fit_to_folder
from tests.workbench.frames import frame
from tests.workbench.test_keeping import Killed
from tests.workbench.texts import name_list, story

TABLE = frame(400).select("size", "noise", "colour", "mass")
QUICK: dict[str, Any] = {"families": ("linear",), "folds": 3, "threads": 1}


def opened(out: Path, table: pl.DataFrame = TABLE, **options: Any) -> History:
    """Run in a folder, over an earlier run if there is one."""
    asked = FitOptions(options.pop("target", "mass"), **(QUICK | options))
    return fit_to_folder(table, asked, out, force=True).history


def codes(history: History) -> list[str]:
    return [finding.code for finding in history.findings]


def shares(history: History) -> list[float]:
    return [round(one.share, 2) for one in history.earlier]


def test_a_first_opening_has_no_history(tmp_path: Path) -> None:
    history = opened(tmp_path / "a")
    assert (history.n_openings, history.findings, history.ledger) == (1, (), "written")


def test_another_folder_hides_no_opening(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    history = opened(tmp_path / "b")
    (earlier,) = history.earlier
    assert (earlier.run, earlier.share, earlier.is_here, earlier.changed) == ("a", 1.0, False, ())
    # the same question: nothing was learned by looking
    assert [(one.code, one.severity) for one in history.findings] == [("reopened", "info")]
    assert opened(tmp_path / "b").n_openings == 3


def test_another_seed_and_back_hides_no_opening(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    other = opened(tmp_path / "a", seed=1)
    assert codes(other) == ["post_hoc"]
    assert "seed changed since" in other.findings[0].message
    # a fifth of the rows is sealed by chance in both
    assert 0.1 < other.earlier[0].share < 0.3
    back = opened(tmp_path / "a")
    assert [one.share == 1 for one in back.earlier] == [True, False]
    assert all(one.is_here for one in back.earlier)


def test_another_share_hides_no_opening(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    history = opened(tmp_path / "b", test_fraction=0.21)
    assert history.earlier[0].share > 0.85
    assert "test_fraction changed since" in history.findings[0].message


def test_a_call_from_python_counts(tmp_path: Path) -> None:
    first = rung.fit(TABLE, target="mass", **QUICK)
    second = rung.fit(TABLE, target="mass", **QUICK)
    assert (first.history.n_openings, second.history.n_openings) == (1, 2)
    assert first.result.to_dict() == second.result.to_dict()
    assert opened(tmp_path / "a").earlier[0].run == ""


def test_the_estimator_s_sealed_rows_count() -> None:
    X, y = TABLE.drop("mass"), TABLE["mass"].to_numpy()
    first, second = (
        rung.RungRegressor(families=("linear",), folds=3, test_fraction=0.2).fit(X, y)
        for _ in range(2)
    )
    assert (first.history_.n_openings, second.history_.n_openings) == (1, 2)
    alone = rung.RungRegressor(families=("linear",), folds=3, test_fraction=0.2, ledger=False)
    assert alone.fit(X, y).history_.ledger == "off"


def test_a_folder_that_was_removed_is_remembered(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    shutil.rmtree(tmp_path / "a")
    assert opened(tmp_path / "a").n_openings == 2


def test_a_folder_that_was_moved_is_counted_once(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    (tmp_path / "a").rename(tmp_path / "moved")
    assert opened(tmp_path / "moved").n_openings == 2


def test_on_another_machine_the_folder_s_own_openings_are_known(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    shutil.rmtree(os.environ["RUNG_STATE"])
    history = opened(tmp_path / "a", margin=0.5)
    assert [(one.is_here, one.when) for one in history.earlier] == [(True, "")]
    assert codes(history) == ["post_hoc"]


def test_equal_openings_that_the_ledger_lost_are_counted_one_by_one(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    shutil.rmtree(os.environ["RUNG_STATE"])
    opened(tmp_path / "a")
    # the folder knows of two, the ledger of one of them
    assert [one.when == "" for one in opened(tmp_path / "a").earlier] == [True, False]


def test_a_run_without_a_test_is_kept_and_counts_as_no_opening(tmp_path: Path) -> None:
    assert opened(tmp_path / "a", test_fraction=0.0).n_openings == 0
    assert opened(tmp_path / "a").n_openings == 1
    record = json.loads((tmp_path / "a" / "seal.json").read_text())
    assert [entry["run"]["opened"] for entry in record["history"]] == [False, True]


CHANGED = {
    "shuffled": TABLE.sample(fraction=1.0, shuffle=True, seed=1),
    "float32": TABLE.with_columns(pl.col("size", "noise").cast(pl.Float32)),
    "grown": pl.concat([TABLE, frame(30, seed=7).select(TABLE.columns)]),
    "without a column": TABLE.drop("colour"),
    "with another column": TABLE.with_columns(noise2=pl.col("noise") * 2),
}


@pytest.mark.parametrize("how", CHANGED)
def test_the_same_rows_in_another_file_are_known(tmp_path: Path, how: str) -> None:
    opened(tmp_path / "a")
    # where the columns of the keys change, other rows are sealed: a fifth of them by chance
    least = 0.1 if "column" in how else 0.85
    assert opened(tmp_path / "b", CHANGED[how]).earlier[0].share > least


def test_another_table_of_the_same_columns_has_no_history(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    assert opened(tmp_path / "a", frame(400, seed=5).select(TABLE.columns)).n_openings == 1


def test_another_target_is_told_and_not_called_post_hoc(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    history = opened(tmp_path / "b", target="noise")
    assert history.earlier[0].is_for_another_target
    assert [(one.code, one.severity) for one in history.findings] == [("opened_for_others", "info")]
    renamed = opened(tmp_path / "c", TABLE.rename({"mass": "weight"}), target="weight")
    assert [one.is_for_another_target for one in renamed.earlier] == [False]


def test_an_edited_seal_ends_the_run_before_it_begins(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    path = tmp_path / "a" / "seal.json"
    path.write_text(path.read_text().replace('"openings": 1', '"openings": 0'))
    with pytest.raises(DataError, match="is not a seal file as rung wrote it"):
        opened(tmp_path / "a")
    assert len(read_ledger(Path(os.environ["RUNG_STATE"]) / LEDGER).earlier) == 1


def test_rows_that_are_gone_from_a_replayed_seal_are_counted(tmp_path: Path) -> None:
    run = fit_to_folder(TABLE, FitOptions("mass", **QUICK), tmp_path / "a")
    seal = str(tmp_path / "a" / "seal.json")
    n = run.result.test.n
    held = TABLE.with_row_index()
    trained = held.join(pl.DataFrame({"index": run.out_of_fold["row"]}).cast(pl.UInt32), on="index")
    sealed = held.join(trained, on="index", how="anti")
    assert len(sealed) == n
    fewer = pl.concat([trained, sealed[25:]]).drop("index")
    history = opened(tmp_path / "b", fewer, seal=seal)
    (finding,) = (one for one in history.findings if one.code == "seal_changed")
    assert finding.severity == "warning"
    assert f"{n} rows were sealed then, {n - 25} are now; 25 of them are gone" in finding.message
    few = opened(tmp_path / "c", pl.concat([trained, sealed[:5]]).drop("index"), seal=seal)
    assert f"{n} rows were sealed then, 0 are now; {n} of them" in few.findings[0].message
    assert (few.n_openings, few.ledger) == (0, "unused")


def test_a_grown_table_is_told_and_the_same_one_is_not(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    seal = str(tmp_path / "a" / "seal.json")
    assert "seal_changed" not in codes(opened(tmp_path / "b", seal=seal))
    grown = opened(tmp_path / "c", CHANGED["grown"], seal=seal)
    (finding,) = (one for one in grown.findings if one.code == "seal_changed")
    assert finding.severity == "info"
    assert "all of those are still among them" in finding.message


def test_a_replayed_seal_takes_no_history_away(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    for _ in range(2):
        opened(tmp_path / "b", seed=1)
    opened(tmp_path / "b", seal=str(tmp_path / "a" / "seal.json"))
    record = json.loads((tmp_path / "b" / "seal.json").read_text())
    assert [one["run"]["seal"]["seed"] for one in record["history"]] == [1, 1, 0, 0]
    assert record["openings"] == 4


def test_the_ledger_can_be_switched_off_and_that_is_recorded(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    state = Path(os.environ["RUNG_STATE"]) / LEDGER
    before = state.read_bytes()
    history = opened(tmp_path / "b", ledger=False)
    assert (history.n_openings, history.ledger) == (1, "off")
    assert state.read_bytes() == before
    results = json.loads((tmp_path / "b" / "results.json").read_text())
    assert results["options"]["ledger"] is False
    report = (tmp_path / "b" / "report.html").read_text()
    assert "the ledger was switched off: openings elsewhere are not known" in report
    assert "--no-ledger" in report
    with pytest.raises(UsageError, match="ledger must be True or False, it is 0"):
        FitOptions("mass", ledger=0)  # type: ignore[arg-type]


def test_a_ledger_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_text("in the way")
    monkeypatch.setenv("RUNG_STATE", str(tmp_path / "state"))
    history = opened(tmp_path / "a")
    assert (history.ledger, codes(history)) == ("not written", ["ledger_not_written"])
    assert "the ledger could not be written (" in history.findings[0].message
    assert str(tmp_path) not in (tmp_path / "a" / "openings.json").read_text()
    assert "openings elsewhere may not be known" in (tmp_path / "a" / "report.html").read_text()


def test_a_damaged_ledger_is_told(tmp_path: Path) -> None:
    opened(tmp_path / "a")
    path = Path(os.environ["RUNG_STATE"]) / LEDGER
    with path.open("ab") as file:
        file.write(b"nonsense\n")
    history = opened(tmp_path / "b")
    assert history.n_openings == 2
    assert codes(history) == ["reopened", "ledger_damaged"]
    assert "damaged in 1 place(s)" in history.findings[1].message


def test_what_another_rung_wrote_into_the_ledger_is_passed_by(tmp_path: Path) -> None:
    from rung.store.ledger import add_entry

    add_entry(Path(os.environ["RUNG_STATE"]) / LEDGER, {"id": "x", "rows": {"n": 3}})
    assert codes(opened(tmp_path / "a")) == ["ledger_damaged"]


def test_the_ledger_holds_hashes_and_no_value_or_name_of_a_column(tmp_path: Path) -> None:
    opened(tmp_path / "a", CHANGED["grown"].with_columns(colour=pl.lit("violet")))
    text = (Path(os.environ["RUNG_STATE"]) / LEDGER).read_text()
    assert not [word for word in (*TABLE.columns, "violet", str(tmp_path)) if word in text]
    assert '"run":"a"' in text


def test_results_depend_on_no_history(tmp_path: Path) -> None:
    for name in ("a", "b"):
        opened(tmp_path / name)
    first, second = ((tmp_path / one / "results.json").read_bytes() for one in ("a", "b"))
    assert first == second
    history = json.loads((tmp_path / "b" / "openings.json").read_text())
    assert history["openings"] == 2
    assert [one["run"] for one in history["earlier"]] == ["a"]
    assert history["when"] >= history["earlier"][0]["when"] > "2026"


def test_a_run_resumed_after_its_opening_counts_it_once(tmp_path: Path) -> None:
    options, out = FitOptions("mass", **QUICK), tmp_path / "run"

    def stop(event: Any) -> None:
        if event.text == "writing":
            raise Killed

    with pytest.raises(Killed):
        fit_to_folder(TABLE, options, out, listener=stop)
    # meanwhile another run opens the same rows: it comes later
    assert opened(tmp_path / "b").n_openings == 2
    assert fit_to_folder(TABLE, options, out, resume=True).history.n_openings == 1
    assert opened(tmp_path / "c").n_openings == 3


TEXTS = {
    "lines": (name_list(900), [*name_list(900)[::-1], *name_list(60, seed=8)], name_list(900, 4)),
    "text": (story(6000), story(6000) + story(50, seed=8), story(6000, seed=4)),
}


@pytest.mark.parametrize("reading", TEXTS)
def test_a_text_s_sealed_part_is_known_again(tmp_path: Path, reading: str) -> None:
    paths = []
    for i, text in enumerate(TEXTS[reading]):
        paths.append(tmp_path / f"{i}.txt")
        paths[-1].write_text(text if isinstance(text, str) else "\n".join(text))
    asked: dict[str, Any] = {"families": ("bigram",), "reading": reading}
    assert fit(paths[0], **asked).history.n_openings == 1
    grown = fit_to_folder(paths[1], TextOptions(**asked), tmp_path / "b").history
    assert grown.earlier[0].share > 0.8
    other = fit(paths[0], seed=1, **asked).history
    assert 0.01 < min(shares(other)) < 0.4
    assert fit(paths[0], ledger=False, **asked).history.ledger == "off"
    assert np.max(shares(fit(paths[2], **asked).history), initial=0) < 0.3
