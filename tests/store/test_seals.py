import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rung.core.dataset import Column, Dataset
from rung.core.keys import KeyColumn
from rung.core.marks import TableRows
from rung.core.result import plain
from rung.core.seal import Seal
from rung.errors import DataError
from rung.store.seals import SealRecord, digest, read_seal, record_run

SEAL = Seal("random", 3, 0.2, 1, (KeyColumn("a", "number"), KeyColumn("b", "string")), ("ab",))
OTHER = Seal("time", 0, 0.21, columns=(KeyColumn("night", "time"),), cutoff=2.5)
NOTHING = Seal("none", 3, 0.2, reason="the test would have 12 rows")
VALUES = {"x": np.arange(40.0), "y": np.arange(40.0) ** 2}
ROWS = TableRows(Dataset((Column("x", "number"), Column("y", "number", "target")), VALUES, 40), "y")
NO_ROWS = TableRows(ROWS.dataset.take(np.arange(0)), "y")
FIRST = record_run(SEAL, {"metric": "rmse"}, ROWS)
SECOND = record_run(OTHER, {"metric": "mae"}, ROWS)


def written(tmp_path: Path, value: Any) -> Path:
    path = tmp_path / "seal.json"
    path.write_text(json.dumps(value))
    return path


def signed(record: dict[str, Any]) -> dict[str, Any]:
    """Give an edited file the digest of its content, as a forger would."""
    body = {key: record[key] for key in record if key != "digest"}
    return body | {"digest": digest(body)}


def chained(*runs: dict[str, Any], **change: Any) -> dict[str, Any]:
    """Return a file whose digests are all right, whatever it says."""
    history: list[dict[str, Any]] = []
    for run in runs:
        history.append({"after": digest(history[-1]) if history else "", "run": run})
    openings = sum(bool(run["opened"]) for run in runs)
    body = {"schema": 2, "seal": plain(SEAL), "openings": openings, "history": history}
    return signed(body | change)


def test_a_record_survives_its_file(tmp_path: Path) -> None:
    record = SealRecord(SEAL).add(FIRST).add(SECOND).add(record_run(NOTHING, {}, NO_ROWS))
    assert read_seal(written(tmp_path, record.to_dict())) == record
    assert record.openings == 2


def test_the_seals_of_all_runs_are_kept(tmp_path: Path) -> None:
    found = read_seal(written(tmp_path, SealRecord(OTHER).add(FIRST).add(SECOND).to_dict()))
    assert [run["seal"]["seed"] for run in found.runs] == [3, 0]
    assert found.seal == OTHER


def edit(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    record = json.loads(json.dumps(SealRecord(SEAL).add(FIRST).add(SECOND).to_dict()))
    change(record)
    return record


EDITED = {
    "openings": lambda r: r.update(openings=1),
    "an entry removed at the end": lambda r: r["history"].pop(),
    "an entry removed at the start": lambda r: r["history"].pop(0),
    "entries reordered": lambda r: r["history"].reverse(),
    "an entry doubled": lambda r: r["history"].append(r["history"][1]),
    "an entry changed": lambda r: r["history"][0]["run"]["asked"].update(metric="mae"),
    "the last entry changed": lambda r: r["history"][1]["run"]["asked"].update(metric="r2"),
    "the seal changed": lambda r: r["seal"].update(seed=4),
    "no digest": lambda r: r.pop("digest"),
    "something more": lambda r: r.update(note="hello"),
}


@pytest.mark.parametrize("what", EDITED)
def test_an_edited_file_is_refused(tmp_path: Path, what: str) -> None:
    with pytest.raises(DataError, match="is not a seal file as rung wrote it") as caught:
        read_seal(written(tmp_path, edit(EDITED[what])))
    assert caught.value.exit_code == 3
    assert "report that earlier openings are not known" in caught.value.remedy


@pytest.mark.parametrize("what", ["an entry removed at the start", "entries reordered"])
def test_a_new_digest_hides_no_broken_chain(tmp_path: Path, what: str) -> None:
    with pytest.raises(DataError, match="does not follow the one before it"):
        read_seal(written(tmp_path, signed(edit(EDITED[what]) | {"openings": 2})))


IMPOSSIBLE = {
    "kind": {"kind": "odd"},
    "seed as text": {"seed": "3"},
    "seed as truth": {"seed": True},
    "seed beyond": {"seed": 2**63},
    "t": {"t": 100},
    "no fraction": {"fraction": 0.0},
    "all rows": {"fraction": 0.6},
    "fraction as text": {"fraction": "0.2"},
    "a cutoff": {"cutoff": 1.0},
    "no cutoff": {"kind": "time"},
    "no column of a time": {"kind": "time", "columns": [], "cutoff": 3.0},
    "no column of a group": {"kind": "grouped", "columns": []},
    "a reason": {"reason": "none"},
    "no reason": {"kind": "none"},
    "columns of a text": {"kind": "lines"},
    "columns as text": {"columns": "ab"},
    "a form": {"columns": [{"name": "a", "form": "odd"}]},
    "a column twice": {"columns": [{"name": "a", "form": "number"}] * 2},
    "a name": {"columns": [{"name": 1, "form": "number"}]},
    "spread": {"spread": ["AB"]},
    "a field more": {"extra": 1},
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_a_seal_that_cannot_be_is_refused_with_right_digests(tmp_path: Path, what: str) -> None:
    seal = plain(SEAL) | IMPOSSIBLE[what]
    for forged in (chained(FIRST, seal=seal), chained(FIRST | {"seal": seal})):
        with pytest.raises(DataError, match="is not a seal file as rung wrote it"):
            read_seal(written(tmp_path, forged))


RUNS: dict[str, Any] = {
    "opened as a number": {"opened": 1},
    "opened without rows": {"rows": None},
    "unopened with rows": {"opened": False},
    "asked": {"asked": []},
    "rows of none": {"rows": {"n": 0, "digest": "0" * 32, "views": []}},
    "rows without digests": {"rows": FIRST["rows"] | {"views": []}},
    "digests that are no base64": {"rows": FIRST["rows"] | {"views": [{"columns": "?"}]}},
}


@pytest.mark.parametrize("what", RUNS)
def test_an_entry_that_cannot_be_is_refused_with_right_digests(tmp_path: Path, what: str) -> None:
    with pytest.raises(DataError, match="is not a seal file as rung wrote it"):
        read_seal(written(tmp_path, chained(FIRST | RUNS[what])))
    with pytest.raises(DataError, match="openings is 5, and its entries hold 1"):
        read_seal(written(tmp_path, chained(FIRST, openings=5)))


@pytest.mark.parametrize("value", [3, [], None, {}, {"schema": True}, {"schema": 2}, "text"])
def test_what_is_no_seal_at_all_is_refused(tmp_path: Path, value: object) -> None:
    with pytest.raises(DataError, match="is not a seal file as rung wrote it"):
        read_seal(written(tmp_path, value))


def test_a_file_of_schema_1_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="schema 1, and 2 is accepted"):
        read_seal(written(tmp_path, {"schema": 1, "seal": {}, "runs": []}))


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'.*nowhere.json' not found"):
        read_seal(tmp_path / "nowhere.json")


def test_a_replayed_seal_brings_its_runs_and_takes_none_away() -> None:
    own, given = SealRecord(OTHER).add(SECOND), SealRecord(SEAL).add(FIRST).add(SECOND)
    joined = given.joined(own)
    assert (joined.seal, joined.runs) == (SEAL, (SECOND, FIRST))
    assert given.joined(joined) == joined
    assert given.joined(None) == given
