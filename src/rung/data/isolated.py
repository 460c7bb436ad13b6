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

import polars as pl

from rung import errors
from rung.core.findings import Finding
from rung.core.memory import GB, MB, is_want_of_memory, say_bytes
from rung.data.panics import first_line
from rung.data.readers.reader import Reader, Source, reader_named
from rung.data.table import RawTable, ReadOptions
from rung.errors import RungError, UnreadableFile

SECONDS, SECONDS_PER_MB = 120.0, 2.0
BYTES_PER_BYTE = 20
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from rung.data import isolated; isolated.main()"
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
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
    with source.on_disk() as path, tempfile.TemporaryDirectory(prefix="rung-") as folder:
        request = {
            "reader": reader.name,
            "name": source.name,
            "path": str(path),
            "packed": source.packed,
            "table": source.table,
            "options": asdict(options),
            "folder": folder,
            "seconds": allowed,
            "bytes": _room(source.packed),
        }
        what = f"{source.name!r} cannot be read as {reader.title}"
        code = _run(request, allowed, what)
        told = Path(folder, "told.json")
        if not told.exists():
            why = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise UnreadableFile(f"{what}: it ended the process that read it ({why})", REMEDY)
        return _take(json.loads(told.read_text()), Path(folder, "table.arrow"), what)


def _run(request: dict[str, Any], seconds: float, what: str) -> int:
    words = [sys.executable, "-c", _START, json.dumps(sys.path)]
    try:
        done = subprocess.run(
            words,
            input=json.dumps(request).encode(),
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


def _take(told: dict[str, Any], table: Path, what: str) -> RawTable:
    if "error" in told:
        kind = getattr(errors, told["error"])
        raise kind(told["message"], told["remedy"])
    try:
        frame = pl.read_ipc(io.BytesIO(table.read_bytes()))
    except OSError as error:
        raise UnreadableFile(f"{what}: {first_line(error)}", REMEDY) from error
    findings = tuple(
        Finding(one["code"], one["severity"], tuple(one["columns"]), one["message"], one["remedy"])
        for one in told["findings"]
    )
    return RawTable(frame, findings, told["decimal"], told["units"], told["titles"])


def main() -> None:
    """Read what the request on standard input asks for: the child's side."""
    request = json.load(sys.stdin)
    folder = Path(request["folder"])
    _limit(int(request["bytes"]), int(request["seconds"]) + 1)
    told = _read(request, folder)
    unfinished = folder / "told.part"
    unfinished.write_text(json.dumps(told))
    unfinished.rename(folder / "told.json")


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


def _read(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    reader = reader_named(request["reader"])
    options: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in request["options"].items()
    }
    source = Source(
        request["name"], Path(request["path"]), None, request["packed"], request["table"]
    )
    what = f"{source.name!r} cannot be read as {reader.title}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = reader.read(source, ReadOptions(**options))
        table.frame.write_ipc(folder / "table.arrow")
    except RungError as error:
        return _failed(error)
    except BaseException as error:  # noqa: BLE001 - a panic of polars is no Exception
        if is_want_of_memory(error):
            room = say_bytes(request["bytes"])
            message = f"{what}: it asks for more memory than {room}, as a damaged file may"
            return _failed(UnreadableFile(message, REMEDY))
        why = f"{type(error).__name__}: {first_line(error)}"
        return _failed(UnreadableFile(f"{what}: it seems to be damaged ({why})", REMEDY))
    return {
        "decimal": table.decimal,
        "units": dict(table.units),
        "titles": dict(table.titles),
        "findings": [asdict(one) for one in table.findings],
    }


def _failed(error: RungError) -> dict[str, Any]:
    return {"error": type(error).__name__, "message": error.message, "remedy": error.remedy}
