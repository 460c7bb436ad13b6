"""Write and read `seal.json`: which rows are sealed, and every run that opened them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rung.core.findings import Finding
from rung.core.keys import KeyColumn
from rung.core.result import plain
from rung.core.seal import Seal
from rung.errors import DataError, UnreadableFile
from rung.store.durable import read_json
from rung.typing import JSON

SCHEMA = 1
RECORDED = ("metric", "margin", "choose", "families", "positive", "task")


@dataclass(frozen=True)
class SealRecord:
    """A seal and the runs that were made on it, oldest first."""

    seal: Seal
    runs: tuple[JSON, ...] = ()

    def add(self, run: JSON) -> SealRecord:
        """Return the record with one more run."""
        return SealRecord(self.seal, (*self.runs, run))

    @property
    def openings(self) -> int:
        """How often the sealed rows were opened."""
        return sum(bool(run.get("opened")) for run in self.runs)

    def to_dict(self) -> JSON:
        """Return what `seal.json` holds."""
        return {
            "schema": SCHEMA,
            "seal": plain(self.seal),
            "openings": self.openings,
            "runs": [plain(run) for run in self.runs],
        }


def read_seal(path: Path) -> SealRecord:
    """Read a `seal.json`.

    Raises
    ------
    DataError
        If it is not one, with what is wrong.
    """
    try:
        record = read_json(path)
    except FileNotFoundError as error:
        raise UnreadableFile(
            f"seal file {str(path)!r} not found", "give the seal.json of an earlier run"
        ) from error
    try:
        return _parse(record)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{str(path)!r} is not a seal file of schema {SCHEMA}: {error!r}",
            "give the seal.json of an earlier run, unchanged",
        ) from error


def _parse(record: Any) -> SealRecord:
    if record["schema"] != SCHEMA:
        raise ValueError(f"schema {record['schema']!r}")
    stored = record["seal"]
    columns = tuple(
        KeyColumn(str(column["name"]), _member(column["form"], ("number", "time", "string")))
        for column in stored["columns"]
    )
    seal = Seal(
        kind=_member(stored["kind"], ("random", "grouped", "time", "none", "lines", "stream")),
        seed=int(stored["seed"]),
        fraction=float(stored["fraction"]),
        t=int(stored["t"]),
        columns=columns,
        spread=tuple(str(item) for item in stored["spread"]),
        cutoff=None if stored["cutoff"] is None else float(stored["cutoff"]),
        reason=str(stored["reason"]),
    )
    if seal.kind in ("time", "grouped") and not columns:
        raise ValueError(f"no column for a seal of kind {seal.kind!r}")
    if seal.kind == "time" and seal.cutoff is None:
        raise ValueError("no cutoff for a seal by time")
    return SealRecord(seal, tuple(dict(run) for run in record["runs"]))


def _member(value: Any, accepted: tuple[str, ...]) -> Any:
    if value not in accepted:
        raise ValueError(f"{value!r} is not one of {', '.join(accepted)}")
    return value


def post_hoc_finding(record: SealRecord, run: JSON) -> tuple[Finding, ...]:
    """Say what was changed after the sealed rows had been opened before."""
    opened = [earlier for earlier in record.runs if earlier.get("opened")]
    changed = sorted(
        {name for earlier in opened for name in RECORDED if earlier.get(name) != run.get(name)}
    )
    if not opened:
        return ()
    what = f"; {', '.join(changed)} changed since" if changed else ""
    return (
        Finding(
            "post_hoc" if changed else "reopened",
            "warning",
            (),
            f"the sealed rows had been opened {len(opened)} time(s) before this run{what}: "
            "this result is post hoc",
            "report every opening; a new sealed test needs new data",
        ),
    )
