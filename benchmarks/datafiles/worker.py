"""Read changed data files, one after another; a child process that may die of one."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import signal
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.modelfile.damage import damaged
from rung.data.reading import read_table
from rung.errors import DataError

SECONDS_EACH = 20
MEMORY_BEYOND_START = 3 << 30
# Arrow files are read in a process of their own first: half a second each.
RARE = 10
# What data files trip over: quotes, delimiters, line ends, marks, numbers beyond any type.
PIECES = (
    b'"', b"'", b",", b";", b"\t", b"\r", b"\n\n", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"#", b"''",
    b"1e999", b"-1e-400", b"9" * 400, b"NaN", b"inf", b"1,5", b"'=1+1", b"\xe2\x80\xae", b"," * 3_000,
    b"\n" * 3_000, b"0001-01-01", b"99999-12-31T25:61:61Z", b"\\", b"\x1b[2J", b" " * 2_000,
)  # fmt: skip


def subjects() -> dict[str, bytes]:
    """Return one small table in every form that is read."""
    generator = np.random.default_rng(0)
    n = 60
    frame = pl.DataFrame(
        {
            "number": generator.normal(size=n).round(4),
            "whole": generator.integers(0, 99, n),
            "word": np.array(["red", "blue, dark", 'say "green"'])[generator.integers(0, 3, n)],
            "day": [f"2021-{1 + i % 12:02}-{1 + i % 28:02}" for i in range(n)],
            "gap": [None if i % 7 == 0 else i / 4 for i in range(n)],
        }
    )
    text = frame.write_csv().encode()
    forms = {
        "csv": text,
        "semicolons": frame.write_csv(separator=";").replace(".", ",").encode(),
        "blanks": b"a b  c\n" + b"".join(b"%d %d.5  x%d\n" % (i, i, i % 3) for i in range(n)),
        "utf-16": text.decode().encode("utf-16"),
        "gzip": gzip.compress(text, mtime=0),
    }
    for name, method in (("zip", zipfile.ZIP_DEFLATED), ("zip lzma", zipfile.ZIP_LZMA)):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            archive.writestr(zipfile.ZipInfo("t.csv"), text, compress_type=method)
        forms[name] = buffer.getvalue()
    for kind, options in (("parquet", {}), ("ipc", {"compression": "zstd"})):
        buffer = io.BytesIO()
        getattr(frame, f"write_{kind}")(buffer, **options)
        forms[kind] = buffer.getvalue()
    return forms


def changed(data: bytes, key: tuple[int, ...]) -> tuple[str, bytes]:
    """Return what is done to a file, and the file; the same for the same key."""
    generator = np.random.default_rng(key)
    if generator.random() < 0.5:
        return damaged(data, generator)
    for _ in range(int(generator.integers(1, 5))):
        start = int(generator.integers(len(data)))
        end = start + int(generator.integers(0, 6))
        data = data[:start] + PIECES[int(generator.integers(len(PIECES)))] + data[end:]
    return "pieces", data


def try_out(data: bytes, path: Path) -> str:
    """Return `read` or `refused`; anything else is a failure."""
    path.write_bytes(data)
    try:
        table = read_table(path)
    except DataError as error:
        lines = str(error).splitlines()
        return "refused" if len(lines) == 1 else f"says {len(lines)} lines: {lines[0]}"[:200]
    except BaseException as error:  # noqa: BLE001 -- any other is what is looked for
        return f"raises {type(error).__name__}: {error}"[:200]
    sizes = {len(table.dataset.values[column.name]) for column in table.dataset.columns}
    return "read" if sizes == {table.dataset.n_rows} else f"has columns of lengths {sizes}"


def main(first: int, last: int, seed: int, log: Path) -> None:
    """Try the files of these numbers, within limits of time and memory."""
    forms = subjects()
    names = list(forms)
    warnings.simplefilter("ignore")
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        for data in forms.values():
            try_out(data, path)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + MEMORY_BEYOND_START
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for number in range(first, last):
            name = names[number % len(names)]
            if name == "ipc" and number % RARE:
                name = "csv"
            what, data = changed(forms[name], (seed, number))
            os.write(handle, f"{json.dumps([number, name, what])}\n".encode())
            signal.alarm(SECONDS_EACH)
            outcome = try_out(data, path)
            signal.alarm(0)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start
            os.write(handle, f"{json.dumps([number, name, what, outcome, grown])}\n".encode())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
