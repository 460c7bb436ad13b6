"""Load and predict changed files, one after another; a child process that may die of one.

What is under test is whether it does. Before each file its number goes to the log, after it the
outcome, so that whoever started the process knows which file ended it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.modelfile.damage import damaged
from benchmarks.modelfile.forge import forged
from benchmarks.modelfile.subjects import extreme_rows, usual_rows
from benchmarks.modelfile.texts import use_text
from rung.errors import BadModelFile, DataError
from rung.kinds.model_file import read_model_bytes
from rung.kinds.table.model import FittedModel
from rung.kinds.text.model import FittedText
from rung.store.modelfile import Contents, unpack

SECONDS_EACH = 20
MEMORY_BEYOND_START = 1 << 30
KINDS = ("damaged", "forged")


def changed_file(folder: Path, subject: int, kind: str, key: tuple[int, ...]) -> tuple[str, bytes]:
    """Return what is done to a subject's file, and the file; the same for the same key."""
    data, contents = _original(folder, subject)
    generator = np.random.default_rng((KINDS.index(kind), *key))
    if kind == "damaged":
        return damaged(data, generator)
    return forged(data, contents, generator)


@cache
def _original(folder: Path, subject: int) -> tuple[bytes, Contents]:
    data = (folder / f"{subject}.rung").read_bytes()
    return data, unpack(data)


def try_out(data: bytes, kind: str) -> str:
    """Load a changed file and predict with it.

    Returns
    -------
    str
        `refused`, `refused rows` or `predicted`; anything else is a failure.
    """
    try:
        found = read_model_bytes(data, "model.rung")
    except BadModelFile:
        return "refused"
    except Exception as error:  # noqa: BLE001 -- any other is what is looked for
        return f"load raises {type(error).__name__}: {error}"[:300]
    if kind == "damaged":
        return "a damaged file is accepted"
    try:
        return _predict(found)
    except DataError:
        return "refused rows"
    except Exception as error:  # noqa: BLE001 -- the same
        return f"predict raises {type(error).__name__}: {error}"[:300]


def _predict(found: FittedModel | FittedText) -> str:
    if isinstance(found, FittedText):
        return use_text(found)
    design = extreme_rows(found.columns)
    wrong = _wrong(found, found.predict_design(design), design.n_rows)
    if not wrong:
        table = usual_rows()
        rows = {column.name: _cells(table, column.name) for column in table.features}
        values = found.predict(rows)
        if len(values) != table.n_rows:
            return f"predict gives {len(values)} values for {table.n_rows} rows"
    return wrong or "predicted"


def _cells(table: Any, name: str) -> Any:
    column = table.column(name)
    if column.is_coded:
        return np.array(table.strings(name), dtype=object)
    if column.kind == "datetime":
        days = np.nan_to_num(table.values[name] / 86_400.0).astype("int64")
        return days.astype("datetime64[D]").astype("datetime64[ms]")
    return table.values[name]


def _wrong(found: FittedModel, outputs: Any, n_rows: int) -> str:
    wanted = (n_rows, max(len(found.classes), 1))
    if outputs.shape != wanted:
        return f"predicts shape {outputs.shape}, not {wanted}"
    return "" if np.isfinite(outputs).all() else "predicts values that are not finite"


def main(folder: Path, jobs: Path, log: Path) -> None:
    """Work through a list of jobs, [number, subject, kind, key], within limits of time and memory."""
    listed = json.loads(jobs.read_text(encoding="utf-8"))
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    warnings.simplefilter("ignore")
    for subject in sorted({job[1] for job in listed}):
        # A file of its own loads what a prediction needs, before memory is counted.
        _predict(read_model_bytes(_original(folder, subject)[0], "own"))
    _limit_memory()
    start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number, subject, kind, key in listed:
        what, data = changed_file(folder, subject, kind, tuple(key))
        os.write(handle, f"{json.dumps([number, what])}\n".encode())
        signal.alarm(SECONDS_EACH)  # its default action ends the process, wherever it hangs
        outcome = try_out(data, kind)
        signal.alarm(0)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start
        os.write(handle, f"{json.dumps([number, what, outcome, grown])}\n".encode())


def _limit_memory() -> None:
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return  # without it the limit cannot be set beyond what libraries have reserved
    pages = int(statm.read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + MEMORY_BEYOND_START
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
