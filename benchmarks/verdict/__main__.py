"""Run the benchmark: `python -m benchmarks.verdict`.

For each world and number of rows, tables are drawn, six families cross-fitted, and each rule
chooses. As the true risk R of the fold models is known, so is what was needed: the simplest
family whose R is within the margin of the best.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.verdict.cells import run_cell, table
from benchmarks.verdict.worlds import WORLDS

RESULTS = Path(__file__).with_name("results.json")
SIZES = (100, 300, 1_000, 3_000)


def main() -> None:
    """Read the options, run all cells, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verdict")
    parser.add_argument("--repeats", type=int, default=300, help="tables a cell below 3,000 rows")
    parser.add_argument("--repeats-large", type=int, default=150, help="tables a cell from there")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--worlds", nargs="+", default=list(WORLDS), choices=list(WORLDS))
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    cells = []
    for n_rows in options.sizes:
        repeats = options.repeats if n_rows < 3_000 else options.repeats_large
        for world in options.worlds:
            cell = run_cell(world, n_rows, repeats, seed=options.seed, n_folds=options.folds)
            cells.append(cell)
            sys.stdout.write(f"{world} {n_rows} {cell['figures']['rung']}\n")
    found = {"seed": options.seed, "n_folds": options.folds, "cells": cells}
    options.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(table(cells) + "\n")


if __name__ == "__main__":
    main()
