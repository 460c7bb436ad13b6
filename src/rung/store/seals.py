"""Write and read `seal.json`: every seal of a folder, and every run that opened one.

Entries are only added. Each holds the digest of the one before it, and the file the digest of all:
what was edited, taken out or put in another place is refused.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rung.core.keys import KeyColumn
from rung.core.marks import MarkedRows, make_marks, read_marks
from rung.core.result import plain
from rung.core.seal import LARGEST_SEED, TRIES, Seal
from rung.errors import DataError, UnreadableFile
from rung.store.durable import canonical_json, read_json
from rung.typing import JSON

SCHEMA = 2
RUN_FIELDS = {"seal", "opened", "asked", "rows"}
KINDS = ("random", "grouped", "time", "sphere", "plane", "none", "lines", "stream")
# Kinds that rest on a number: the time of the first sealed row, or the size of blocks.
NUMBERED = ("time", "sphere", "plane")
FORMS = ("number", "time", "string")


@dataclass(frozen=True)
class SealRecord:
    """A seal, and the runs that were made in its folder on this seal and others, oldest first.

    A run is a dictionary: its `seal`, whether it `opened` rows, what it `asked`, and marks of its
    `rows` (None if none were sealed).
    """

    seal: Seal
    runs: tuple[JSON, ...] = ()

    def add(self, run: JSON) -> SealRecord:
        """Return the record with one more run."""
        return SealRecord(self.seal, (*self.runs, run))

    def joined(self, other: SealRecord | None) -> SealRecord:
        """Return this seal with the runs of another record, then those that only this one has."""
        if other is None:
            return self
        known = Counter(digest(run) for run in other.runs)
        new = []
        for run in self.runs:
            known[digest(run)] -= 1
            if known[digest(run)] < 0:
                new.append(run)
        return SealRecord(self.seal, (*other.runs, *new))

    @property
    def openings(self) -> int:
        """How often sealed rows were opened."""
        return sum(run["opened"] for run in self.runs)

    def to_dict(self) -> JSON:
        """Return what `seal.json` holds."""
        history: list[JSON] = []
        for run in self.runs:
            history.append({"after": digest(history[-1]) if history else "", "run": plain(run)})
        body = {
            "schema": SCHEMA,
            "seal": plain(self.seal),
            "openings": self.openings,
            "history": history,
        }
        return body | {"digest": digest(body)}


def digest(value: JSON) -> str:
    """Return the digest of JSON-ready values, 32 hexadecimal digits."""
    return hashlib.blake2b(canonical_json(plain(value)), digest_size=16).hexdigest()


def record_run(seal: Seal, asked: Mapping[str, Any], rows: MarkedRows) -> JSON:
    """Return the entry of a run that is about to open these rows, if there are any."""
    marks = make_marks(rows).to_dict() if rows.n else None
    return {"seal": plain(seal), "opened": rows.n > 0, "asked": plain(asked), "rows": marks}


def read_seal(path: Path) -> SealRecord:
    """Read a `seal.json`.

    Raises
    ------
    DataError
        If it is not one, or not as rung wrote it, with what is wrong.
    """
    try:
        record = read_json(path)
    except FileNotFoundError as error:
        raise UnreadableFile(
            f"seal file {str(path)!r} not found", "give the seal.json of an earlier run"
        ) from error
    try:
        return _parse(record)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        said = f"{type(error).__name__} {error}" if not isinstance(error, ValueError) else error
        raise DataError(
            f"{str(path)!r} is not a seal file as rung wrote it: {said}",
            "put back the file of the run, or keep this one elsewhere, name a new --out, and "
            "report that earlier openings are not known",
        ) from error


def _parse(record: Any) -> SealRecord:
    _expect(isinstance(record, dict), "it holds no object")
    schema = record.get("schema")
    _expect(
        type(schema) is int and schema == SCHEMA, f"schema {schema!r}, and {SCHEMA} is accepted"
    )
    _fields(record, {"schema", "seal", "openings", "history", "digest"}, "the file")
    seal = _seal(record["seal"])
    before, runs = "", []
    _expect(isinstance(record["history"], list), "history is no list")
    for i, entry in enumerate(record["history"]):
        _fields(entry, {"after", "run"}, f"entry {i + 1}")
        _expect(
            entry["after"] == before,
            f"entry {i + 1} does not follow the one before it: entries were changed, removed or "
            "reordered",
        )
        _check_run(entry["run"], f"entry {i + 1}")
        runs.append(entry["run"])
        before = digest(entry)
    found = SealRecord(seal, tuple(runs))
    _expect(
        record["openings"] == found.openings and type(record["openings"]) is int,
        f"openings is {record['openings']!r}, and its entries hold {found.openings}",
    )
    body = {key: record[key] for key in record if key != "digest"}
    _expect(record["digest"] == digest(body), "its digest is not that of its content")
    return found


def _check_run(run: Any, where: str) -> None:
    """Refuse a run that no rung has recorded."""
    _fields(run, RUN_FIELDS, where)
    seal = _seal(run["seal"])
    _expect(type(run["opened"]) is bool, f"{where}: opened is {run['opened']!r}")
    _expect(isinstance(run["asked"], dict), f"{where}: asked is no object")
    _expect(
        run["opened"] == (run["rows"] is not None) == (seal.kind != "none"),
        f"{where}: opened is {run['opened']}, the seal is {seal.kind!r}",
    )
    if run["rows"] is not None:
        read_marks(run["rows"])


def _seal(stored: Any) -> Seal:
    """Read a seal strictly: one that rung cannot have made is refused."""
    _fields(stored, set(Seal.__dataclass_fields__), "the seal")
    kind, columns, cutoff = stored["kind"], stored["columns"], stored["cutoff"]
    _expect(kind in KINDS, f"the kind of a seal is {', '.join(KINDS)}, not {kind!r}")
    _whole("seed", stored["seed"], -LARGEST_SEED, LARGEST_SEED)
    _whole("t", stored["t"], 0, TRIES - 1)
    fraction = _number("fraction", stored["fraction"])
    low = 0.0 if kind == "none" else math.ulp(0.0)
    _expect(low <= fraction <= 0.5, f"fraction {fraction} of a {kind!r} seal")
    _expect((cutoff is not None) == (kind in NUMBERED), f"cutoff {cutoff!r} of a {kind!r} seal")
    _expect(isinstance(stored["reason"], str), f"reason {stored['reason']!r}")
    _expect((kind == "none") == bool(stored["reason"]), f"reason of a {kind!r} seal")
    _expect(isinstance(columns, list) and isinstance(stored["spread"], list), "no list of columns")
    is_text = kind in ("lines", "stream")
    _expect(not (is_text and (columns or stored["spread"])), "a text's seal has no columns")
    for column in columns:
        _fields(column, {"name", "form"}, "a column of the seal")
        _expect(isinstance(column["name"], str) and column["form"] in FORMS, f"column {column!r}")
    _expect(bool(columns) or kind not in (*NUMBERED, "grouped"), f"no column for a {kind!r} seal")
    names = [column["name"] for column in columns]
    _expect(len(set(names)) == len(names), "a column of the seal stands twice")
    for key in stored["spread"]:
        _expect(isinstance(key, str) and _is_hexadecimal(key), f"spread key {key!r}")
    return Seal(
        kind=kind,
        seed=stored["seed"],
        fraction=fraction,
        t=stored["t"],
        columns=tuple(KeyColumn(column["name"], column["form"]) for column in columns),
        spread=tuple(stored["spread"]),
        cutoff=None if cutoff is None else _number("cutoff", cutoff),
        reason=stored["reason"],
    )


def _expect(is_so: bool, what: str) -> None:
    if not is_so:
        raise ValueError(what)


def _fields(value: Any, names: set[str], where: str) -> None:
    _expect(isinstance(value, dict), f"{where} is no object")
    wrong = sorted(names ^ set(value))
    _expect(not wrong, f"{where} lacks or should not hold {', '.join(map(repr, wrong))}")


def _whole(name: str, value: Any, low: int, high: int) -> None:
    _expect(type(value) is int and low <= value <= high, f"{name} is {value!r}")


def _number(name: str, value: Any) -> float:
    _expect(type(value) in (int, float) and math.isfinite(value), f"{name} is {value!r}")
    return float(value)


def _is_hexadecimal(text: str) -> bool:
    return bool(text) and set(text) <= set("0123456789abcdef")
