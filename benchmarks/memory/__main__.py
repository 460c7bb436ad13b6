"""Run the benchmark: `python -m benchmarks.memory`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.memory.cases import Case, fit_apart, fit_here
from benchmarks.memory.showing import peak_table, whole_table
from benchmarks.memory.whole import climb_whole
from rung.families import discover

RESULTS = Path(__file__).with_name("results.json")
WHOLE = Path(__file__).with_name("whole.json")
KDD = "kddcup99_10pct/kddcup.data_10_percent.gz"
CASES = (
    Case(60_000, 20, 2, 0),
    Case(60_000, 20, 2, 2),
    Case(30_000, 20, 2, 12),
    Case(200_000, 10, 0, 0),
    Case(3_000, 300, 4, 2),
)


def main() -> None:
    """Measure every family on every case, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory")
    parser.add_argument("--one", nargs=2, metavar=("FAMILY", "CASE"))
    parser.add_argument("--families", nargs="*", default=[f.name for f in discover()])
    parser.add_argument("--cases", type=int, nargs="*", default=list(range(len(CASES))))
    parser.add_argument("--whole", action="store_true", help="kddcup99_10pct, all families")
    parser.add_argument("--threads", type=int, default=0, help="0: one a processor")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    if options.one:
        name, text = options.one
        sys.stdout.write(json.dumps(fit_here(Case(**json.loads(text)), name)))
        return
    if options.whole:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(os.environ["RUNG_DATA"]) / KDD
            found = climb_whole(data, "column_42", Path(folder) / "run", options.threads)
        WHOLE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(whole_table(found) + "\n")
        return
    cells = []
    for number in options.cases:
        for name in options.families:
            cells.append(fit_apart(CASES[number], name))
            sys.stdout.write(peak_table(cells[-1:]).splitlines()[-1] + "\n")
            sys.stdout.flush()
    options.out.write_text(json.dumps(cells, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
