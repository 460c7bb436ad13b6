"""Read a file in a process of its own, with limits of time and memory.

Libraries of binary formats end a process by a signal, ask for terabytes or never come back when a
file is damaged or hostile. The child writes an Arrow file and a JSON file; only these are read.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from rung import errors
from rung.core.findings import Finding
from rung.core.memory import GB, MB, is_want_of_memory, say_bytes
from rung.data.column_facts import ColumnFacts
from rung.data.panics import explained, first_line
from rung.data.pieces import PIECES
from rung.data.readers.reader import Reader, Source, reader_named
from rung.data.sampling import read_part, thinned
from rung.data.table import RawTable, ReadOptions, Sampled, SampleRequest
from rung.errors import RungError, UnreadableFile

SECONDS, SECONDS_PER_MB = 120.0, 2.0
BYTES_PER_BYTE = 20
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from rung.data import isolated; isolated.main()"
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
TABLE, TOLD, ROWS = "table.arrow", "told.json", "rows.npy"
REMEDY = "get the file again, or convert it to CSV or Parquet with the program that wrote it"


def read_isolated(
    reader: Reader, source: Source, options: ReadOptions, *, seconds: float | None = None
) -> RawTable:
    """Read a source in a child process.

    Parameters
    ----------
    reader : Reader
        Its format.
    source : Source
        The file.
    options : ReadOptions
        What the user says of it.
    seconds : float, optional
        Time allowed; by default two minutes and two seconds a megabyte.

    Raises
    ------
    DataError
        Whatever goes wrong.
    """
    allowed = seconds or SECONDS + SECONDS_PER_MB * source.packed / MB
    with source.on_disk() as path, tempfile.TemporaryDirectory(prefix="rung-") as place:
        folder = Path(place)
        asked = request(reader, source, options, path, folder, seconds=allowed)
        code = _run(asked, allowed, _cannot(source.name, reader))
        if not (folder / TOLD).exists():
            why = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise UnreadableFile(
                f"{_cannot(source.name, reader)}: it ended the process that read it ({why})", REMEDY
            )
        told = json.loads((folder / TOLD).read_text())
        return taken(told, folder, reader, source)


def request(
    reader: Reader,
    source: Source,
    options: ReadOptions,
    path: Path,
    folder: Path,
    *,
    seconds: float,
) -> dict[str, Any]:
    """Return what a child is asked: JSON-ready.

    Parameters
    ----------
    reader, source, options
        As for `read_isolated`.
    path, folder : Path
        The file on disk; where the child writes.
    seconds : float
        Time allowed.
    """
    return {
        "reader": reader.name,
        "name": source.name,
        "path": str(path),
        "packed": source.packed,
        "table": source.table,
        "parts": [str(one) for one in source.parts],
        "options": asdict(options),
        "folder": str(folder),
        "seconds": seconds,
        "bytes": _room(source.packed),
    }


def _cannot(name: str, reader: Reader) -> str:
    return f"{name!r} cannot be read as {reader.title}"


def _run(asked: dict[str, Any], seconds: float, what: str) -> int:
    words = [sys.executable, "-c", _START, json.dumps(sys.path)]
    try:
        done = subprocess.run(
            words,
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
            env={**os.environ, **_ONE_THREAD},
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(f"{what} within {seconds:.0f} seconds", REMEDY) from error
    return done.returncode


def _room(packed: int) -> int:
    """Return how many bytes of addresses the child may have."""
    return 8 * GB + BYTES_PER_BYTE * packed


def taken(told: dict[str, Any], folder: Path, reader: Reader, source: Source) -> RawTable:
    """Return the table that a child wrote into a folder, or raise what it told of.

    Raises
    ------
    DataError
        What went wrong in the child.
    """
    if "error" in told:
        kind = getattr(errors, told["error"])
        raise kind(told["message"], told["remedy"])
    with explained(f"{_cannot(source.name, reader)}: it seems to be damaged", REMEDY):
        frame = pl.read_ipc(io.BytesIO((folder / TABLE).read_bytes()))
    findings = tuple(
        Finding(one["code"], one["severity"], tuple(one["columns"]), one["message"], one["remedy"])
        for one in told["findings"]
    )
    sampled = None
    if told["sampled"]:
        facts = tuple(ColumnFacts(**one) for one in told["sampled"]["columns"])
        sampled = Sampled(np.load(folder / ROWS), told["sampled"]["n_all"], facts)
    return RawTable(frame, findings, told["decimal"], told["units"], told["titles"], sampled)


def main() -> None:
    """Read what the request on standard input asks for: the child's side."""
    asked = json.load(sys.stdin)
    folder = Path(asked["folder"])
    _limit(int(asked["bytes"]), int(asked["seconds"]) + 1)
    unfinished = folder / "told.part"
    unfinished.write_text(json.dumps(told_by(asked)))
    unfinished.rename(folder / TOLD)


def _limit(n_bytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    for which, limit in ((resource.RLIMIT_AS, n_bytes), (resource.RLIMIT_CPU, seconds)):
        hard = resource.getrlimit(which)[1]
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(which, (allowed, hard))


def told_by(asked: dict[str, Any]) -> dict[str, Any]:
    """Read what a request asks for, write the table, and return what else is to be told."""
    reader = reader_named(asked["reader"])
    options = _options(asked["options"])
    path, parts = Path(asked["path"]), tuple(map(Path, asked["parts"]))
    source = Source(asked["name"], path, None, asked["packed"], asked["table"], parts)
    what = _cannot(source.name, reader)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = _read(reader, source, options)
        table.frame.write_ipc(Path(asked["folder"], TABLE))
        if table.sampled is not None:
            np.save(Path(asked["folder"], ROWS), table.sampled.rows)
    except RungError as error:
        return _failed(error)
    except BaseException as error:  # noqa: BLE001 - a panic of polars is no Exception
        if is_want_of_memory(error):
            room = say_bytes(asked["bytes"])
            message = f"{what}: it asks for more memory than {room}, as a damaged file may"
            return _failed(UnreadableFile(message, REMEDY))
        why = f"{type(error).__name__}: {first_line(error)}"
        return _failed(UnreadableFile(f"{what}: it seems to be damaged ({why})", REMEDY))
    return {
        "decimal": table.decimal,
        "units": dict(table.units),
        "titles": dict(table.titles),
        "findings": [asdict(one) for one in table.findings],
        "sampled": table.sampled
        and {
            "n_all": table.sampled.n_all,
            "columns": [asdict(one) for one in table.sampled.columns],
        },
    }


def _options(given: dict[str, Any]) -> ReadOptions:
    known: dict[str, Any] = {
        key: tuple(one) if isinstance(one, list) else one for key, one in given.items()
    }
    if known["sample"] is not None:
        groups = tuple(known["sample"]["groups"])
        known["sample"] = SampleRequest(**known["sample"] | {"groups": groups})
    return ReadOptions(**known)


def _read(reader: Reader, source: Source, options: ReadOptions) -> RawTable:
    """Read a table, in pieces where it is a large one of a format that allows it."""
    if options.sample is not None and reader.name in PIECES:
        files = source.parts or ((source.path,) if source.path else ())
        found = read_part(files, reader.name, source.name, options)
        if found is not None:
            return found
    return thinned(reader.read(source, options), options, source.name)


def _failed(error: RungError) -> dict[str, Any]:
    return {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}
