"""Run the benchmark: `python -m benchmarks.dependence`.

Tables that are drawn are checked as `rung check` does. Those of independent rows must raise no
alarm. Of the others, a forest measures by the true groups, stretches or cells what random folds
flatter by; where that is more than the margin, the dependence must be found.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.dependence import dependent, independent
from benchmarks.dependence.page import page
from benchmarks.dependence.table import Table
from benchmarks.dependence.truth import true_price
from rung.workbench import check_table

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
CODES = ("groups", "time", "space")


def main() -> None:
    """Go on where the last run stopped, and write figures and page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dependence")
    parser.add_argument("--independent", type=int, default=500, help="tables of independent rows")
    parser.add_argument("--dependent", type=int, default=280, help="tables of dependent rows")
    parser.add_argument("--anew", action="store_true", help="forget earlier results")
    options = parser.parse_args()
    done = {} if options.anew or not RESULTS.exists() else json.loads(RESULTS.read_text("utf-8"))
    for kind, count, draw in (
        ("independent", options.independent, independent.draw),
        ("dependent", options.dependent, dependent.draw),
    ):
        found = done.setdefault(kind, [])
        for number in range(len(found), count):
            found.append(_run(draw(number)))
            if number % 20 == 19 or number == count - 1:
                RESULTS.write_text(json.dumps(done, indent=0) + "\n", encoding="utf-8")
                sys.stdout.write(f"{kind} {number + 1}\n")
                sys.stdout.flush()
    (HERE / "README.md").write_text(page(done), encoding="utf-8")


def _run(table: Table) -> dict[str, Any]:
    start = time.process_time()
    findings = check_table(pl.DataFrame(table.columns), target="y")
    seconds = time.process_time() - start
    said = {one.code: one.severity for one in findings if one.code in CODES}
    found: dict[str, Any] = {"form": table.form, "said": said, "seconds": round(seconds, 2)}
    found["cells"] = len(table.columns) * len(table.columns["y"])
    if table.code:
        price, margin = true_price(table, np.random.default_rng(0))
        found |= {"code": table.code, "price": round(price, 4), "margin": round(margin, 4)}
    return found


if __name__ == "__main__":
    main()
