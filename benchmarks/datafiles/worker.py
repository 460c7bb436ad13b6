"""Read changed data files, one after another; a child process that may die of one.

What is read in a process of its own is read here as that process reads it, many in a row: it is
this process that may end. Whoever started it then reads that file once more as a user does.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.datafiles.forms import Form, made
from benchmarks.modelfile.damage import damaged
from rung.data import isolated, reading
from rung.data.readers.reader import Reader, Source
from rung.data.reading import read_table
from rung.data.table import RawTable, ReadOptions
from rung.errors import DataError

SECONDS_EACH = 20
MEMORY_BEYOND_START = 3 << 30
# What data files trip over: quotes, delimiters, line ends, marks, numbers beyond any type.
PIECES = (
    b'"', b"'", b",", b";", b"\t", b"\r", b"\n\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"#", b"''",
    b"1e999", b"-1e-400", b"9" * 400, b"NaN", b"inf", b"1,5", b"'=1+1", b"\xe2\x80\xae", b"," * 3_000,
    b"\n" * 3_000, b"0001-01-01", b"99999-12-31T25:61:61Z", b"\\", b"\x1b[2J", b" " * 2_000,
)  # fmt: skip
# Sizes that a reader may believe: as bytes of either order, and as digits.
ORDERS: tuple[Literal["little", "big"], ...] = ("little", "big")
SIZES = (
    b"999999999",
    b"2147483647",
    *(
        size.to_bytes(length, order, signed=True)
        for size, length in ((2**31 - 1, 4), (-1, 4), (2**40, 8), (2**62, 8), (2**15 - 1, 2))
        for order in ORDERS
    ),
)


def changed(data: bytes, key: tuple[int, ...]) -> tuple[str, bytes]:
    """Return what is done to a file, and the file; the same for the same key."""
    generator = np.random.default_rng(key)
    way = generator.random()
    if way < 0.5:
        return damaged(data, generator)
    pieces, n_most = (SIZES, 3) if way < 0.7 else (PIECES, 5)
    for _ in range(int(generator.integers(1, n_most))):
        piece = pieces[int(generator.integers(len(pieces)))]
        start = int(generator.integers(len(data)))
        end = start + (len(piece) if pieces is SIZES else int(generator.integers(0, 6)))
        data = data[:start] + piece + data[end:]
    return "sizes" if pieces is SIZES else "pieces", data


def read_here(reader: Reader, source: Source, options: ReadOptions) -> RawTable:
    """Read what is read in a process of its own, in this one."""
    with source.on_disk() as path, tempfile.TemporaryDirectory() as folder:
        asked = isolated.request(reader, source, options, path, Path(folder), seconds=SECONDS_EACH)
        told = isolated.told_by(asked)
        return isolated.taken(told, Path(folder), reader, source)


def try_out(form: Form, data: bytes, path: Path) -> str:
    """Return `read` or `refused`; anything else is a failure."""
    path = path.with_suffix(form.suffix)
    form.write(path, data)
    try:
        table = read_table(path)
    except DataError as error:
        lines = str(error).splitlines()
        is_plain = len(lines) == 1 and path.name in lines[0]
        return "refused" if is_plain else f"says {len(lines)} lines: {lines[0]}"[:200]
    except BaseException as error:  # noqa: BLE001 -- any other is what is looked for
        return f"raises {type(error).__name__}: {error}"[:200]
    finally:
        shutil.rmtree(path, ignore_errors=True)
    sizes = {len(table.dataset.values[column.name]) for column in table.dataset.columns}
    return "read" if sizes == {table.dataset.n_rows} else f"has columns of lengths {sizes}"


def main(first: int, last: int, seed: int, log: Path) -> None:
    """Try the files of these numbers, within limits of time and memory."""
    forms = made()
    names = list(forms)
    warnings.simplefilter("ignore")
    reading.read_isolated = read_here  # type: ignore[assignment]
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        for form in forms.values():
            try_out(form, form.data, path)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + MEMORY_BEYOND_START
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for number in range(first, last):
            name = names[number % len(names)]
            what, data = changed(forms[name].data, (seed, number))
            os.write(handle, f"{json.dumps([number, name, what])}\n".encode())
            signal.alarm(SECONDS_EACH)
            outcome = try_out(forms[name], data, path)
            signal.alarm(0)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start
            os.write(handle, f"{json.dumps([number, name, what, outcome, grown])}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
