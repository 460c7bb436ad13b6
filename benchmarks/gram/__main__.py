"""Run the benchmark: `python -m benchmarks.gram`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.gram.cases import compare, grow, growth_table, ratio_table, repeat, repeat_table
from rung.compute import one_thread_each

RESULTS = Path(__file__).with_name("results.json")
REPEATS = (1, 2, 5, 10)
CASES = ((1, True), (3, False), (3, True))


def main() -> None:
    """Time the comparison twice, then the growth with rows in processes of their own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gram")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--grow", type=int, nargs=2, metavar=("ROWS", "DEGREE"))
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    with one_thread_each():
        if options.grow:
            sys.stdout.write(json.dumps(grow(*options.grow)))
            return
        repeats = [cell for degree in (1, 3) for cell in repeat(options.rows, degree, REPEATS)]
        runs = []
        for run in range(1, options.runs + 1):
            for degree, unit_variance in CASES:
                cell = compare(degree, n_rows=options.rows, unit_variance=unit_variance)
                runs.append({"run": run, **cell})
                sys.stdout.write(ratio_table(runs[-1:]).splitlines()[-1] + "\n")
                sys.stdout.flush()
    growth = [_grow_apart(n_rows, degree) for degree in (1, 3) for n_rows in options.sizes]
    found = {"runs": runs, "repeats": repeats, "growth": growth}
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{ratio_table(runs)}\n\n{repeat_table(repeats)}\n\n{growth_table(growth)}\n")


def _grow_apart(n_rows: int, degree: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.gram", "--grow", str(n_rows), str(degree)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


if __name__ == "__main__":
    main()
