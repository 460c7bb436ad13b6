"""Run the benchmark: `python -m benchmarks.stream`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.stream import large
from benchmarks.stream.cases import N_NUMBERS, growth_table, make, stream, whole
from rung.compute import one_thread_each

RESULTS = Path(__file__).with_name("results.json")
README = Path(__file__).with_name("README.md")
SIZES = (230_000, 2_300_000, 23_000_000)
BEFORE = """# Training on more rows than fit in memory

`rung.fit_stream` on Parquet files of ten numbers and a target, {passes} pass(es), one thread, each size in a
process of its own. *Peak* is the memory of the process without pages of mapped files, looked at
every 5 ms; *before* is what the imports take until then. *Whole* only reads the same files into one
matrix, and trains nothing. *Loss* is the squared error on rows put aside, which no step and no scale
saw; the noise alone is .0900. `python -m benchmarks.stream` writes this:

"""


def main() -> None:
    """Measure each size in a child process, then write results and page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stream")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--child", nargs=2, metavar=("WAY", "FOLDER"))
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.child:
        way, folder = options.child[0], Path(options.child[1])
        with one_thread_each():
            found = stream(folder, options.passes) if way == "stream" else whole(folder)
        sys.stdout.write(json.dumps(found))
        return
    cells = [cell for n_rows in options.sizes for cell in _measure(n_rows, options.passes)]
    found = {"passes": options.passes, "cells": cells}
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.out == RESULTS:
        README.write_text(page(found), encoding="utf-8")
    sys.stdout.write(growth_table(cells) + "\n")


def page(found: dict[str, Any]) -> str:
    """Return the page of these results."""
    streams = [cell for cell in found["cells"] if cell["way"] == "stream"]
    first, last = streams[0], streams[-1]
    return (
        BEFORE.format(passes=found["passes"])
        + growth_table(found["cells"])
        + f"\n\nA table {last['n_rows'] / first['n_rows']:.0f} times as long needs "
        f"{last['peak_megabytes'] / first['peak_megabytes']:.2f} times the memory.\n"
        + large.page(json.loads(large.RESULTS.read_text("utf-8")))
    )


def _measure(n_rows: int, passes: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "table"
        disk = make(folder, n_rows) / 1e6
        table = n_rows * (N_NUMBERS + 1) * 8 / 1e6
        common = {"n_rows": n_rows, "table_megabytes": table, "disk_megabytes": disk}
        return [{**common, **_child(way, folder, passes)} for way in ("stream", "whole")]


def _child(way: str, folder: Path, passes: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.stream", "--child", way, str(folder)]
    command += ["--passes", str(passes)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


if __name__ == "__main__":
    main()
