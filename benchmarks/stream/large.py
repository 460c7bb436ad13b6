"""Check and fit a table that is larger than memory: `python -m benchmarks.stream.large`.

Each way is a process of its own, on one thread. Its memory is that of all its processes together,
pages of mapped files left out, looked at every 10 ms; its seconds are those of the processor, of
all its processes too, so that what else the machine does hardly counts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.stream.cases import make

RESULTS = Path(__file__).with_name("large.json")
N_NUMBERS = 5
MEMORY, FORMS = "600MB", ("Parquet", "CSV")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")
SCAN = """
import sys, polars as pl
path = sys.argv[1]
frame = pl.scan_parquet(path) if path.endswith("parquet") else pl.scan_csv(path)
every = pl.all()
frame.select(every.min().name.prefix("low "), every.max().name.prefix("high "),
             every.null_count().name.prefix("missing ")).collect(engine="streaming")
"""
PASS = """
import sys
from rung.data import ReadOptions, read_table
from rung.kinds.table.large_options import sample_request
options = ReadOptions(sample=sample_request(600_000_000, None, 0, ()))
print(read_table(sys.argv[1], options=options).sampled.n_all)
"""


def measure(words: list[str]) -> dict[str, Any]:
    """Run a command, and return its peak of memory and its seconds of the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start, peak = time.perf_counter(), 0.0
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            words, stdout=said, stderr=subprocess.STDOUT, env=os.environ | ONE_THREAD
        )
        while process.poll() is None:
            peak = max(peak, _megabytes(process.pid))
            time.sleep(0.01)
        said.seek(0)
        text = said.read().decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(text)
    return {
        "peak_megabytes": round(peak),
        "cpu_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "seconds": time.perf_counter() - start,
        "said": text.splitlines(),
    }


def _megabytes(pid: int) -> float:
    """Return what a process and all that it started hold; 0 for those that have ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    own = [line.split()[1] for line in status.splitlines() if line.startswith("RssAnon")]
    return sum(map(int, own)) / 1e3 + sum(_megabytes(int(child)) for child in children)


def ways(path: Path, out: Path, families: str) -> dict[str, list[str]]:
    """Return the commands that are measured."""
    rung = [sys.executable, "-m", "rung"]
    pattern = str(path / "*.parquet") if path.is_dir() else str(path)
    common = ["--target", "y", "--memory", MEMORY]
    common += ["--drop", "file"] if path.is_dir() else []
    fit = [*common, "--families", families, "--out", str(out), "--force", "--no-explain"]
    return {
        "polars scans": [sys.executable, "-c", SCAN, pattern],
        "rung reads": [sys.executable, "-c", PASS, str(path)],
        "rung check": [*rung, "check", str(path), *common],
        "rung fit": [*rung, "fit", str(path), *fit, "--threads", "1"],
    }


def run(n_rows: int, n_text_rows: int, place: Path, families: str) -> list[dict[str, Any]]:
    """Measure every way on a folder of Parquet files and on a text."""
    found = []
    folder = place / "table"
    size = make(folder, n_rows, N_NUMBERS)
    text = place / "table.csv"
    pl.scan_parquet(folder / "*.parquet").head(n_text_rows).sink_csv(text)
    tables = ((folder, n_rows, size), (text, n_text_rows, text.stat().st_size))
    for form, (path, rows, n_bytes) in zip(FORMS, tables, strict=True):
        for way, words in ways(path, place / "run", families).items():
            cell = measure(words)
            sys.stderr.write(
                f"{form} {way} {cell['cpu_seconds']:.1f} s {cell['peak_megabytes']} MB\n"
            )
            found.append(
                {"form": form, "way": way, "rows": rows, "disk_megabytes": n_bytes / 1e6, **cell}
            )
    return found


def table(cells: list[dict[str, Any]]) -> str:
    """Lay the cells out as a table."""
    lines = [
        "| table | rows | on disk, MB | way | processor seconds | peak, MB |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one['form']} | {one['rows']:,} | {one['disk_megabytes']:,.0f} | {one['way']} "
        f"| {one['cpu_seconds']:.1f} | {one['peak_megabytes']} |"
        for one in cells
    ]
    return "\n".join(lines)


def page(found: dict[str, Any]) -> str:
    """Return what the page says of these figures."""
    cells = {(one["form"], one["way"]): one for one in found["cells"]}
    ratios = {
        form: cells[form, "polars scans"]["cpu_seconds"] / cells[form, "rung reads"]["cpu_seconds"]
        for form in FORMS
    }
    rows = cells["Parquet", "rung reads"]["rows"]
    peak = max(one["peak_megabytes"] for one in found["cells"])
    return f"""
## A table that is larger than memory

`rung check` and `rung fit` with `--memory {found["memory"]}` on {N_NUMBERS} numbers and a target: {rows:,} rows in Parquet files,
and a CSV of fewer. *polars scans* is polars asked for the smallest, the largest and the number of missing
cells of every column. *rung reads* counts these and distinct cells of all rows, and chooses a random part
in the same pass. Families are `{found["families"]}`. Memory is that of all processes of a command together, pages
of mapped files left out, looked at every 10 ms; seconds are the processor's, as others used the machine.
`python -m benchmarks.stream.large` makes the tables, writes this and takes them away:

{table(found["cells"])}

At most {peak} MB were held. The pass runs at {ratios["Parquet"]:.0%} of the speed of polars' scan on Parquet and at {ratios["CSV"]:.0%} on CSV.
"""


def main() -> None:
    """Make the tables, measure, write the figures, and take the tables away."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stream.large")
    parser.add_argument("--rows", type=int, default=100_000_000)
    parser.add_argument("--text-rows", type=int, default=10_000_000)
    parser.add_argument("--families", default="linear,additive,boosting")
    parser.add_argument("--out", type=Path, default=RESULTS)
    asked = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="rung-stream-"))
    try:
        cells = run(asked.rows, asked.text_rows, place, asked.families)
    finally:
        shutil.rmtree(place)
    found = {"memory": MEMORY, "families": asked.families, "cells": cells}
    asked.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    sys.stdout.write(table(cells) + "\n")


if __name__ == "__main__":
    main()
