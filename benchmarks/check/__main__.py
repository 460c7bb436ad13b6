"""Run the benchmark: `python -m benchmarks.check`.

Every table of the index is checked with its target, as `rung check` does, and the findings are held
against the known problems of these tables and against a judgement of each finding by hand.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.check.score import (
    judged,
    known_problems,
    precision,
    precision_table,
    recall,
    recall_table,
)
from benchmarks.check.tables import check, listed

RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    """Check all tables, score the findings, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    tables = [check(name, target) for name, target in listed()]
    rows = judged(tables)
    found = {
        "tables": sum(not table.refused for table in tables),
        "refused": {table.name: table.refused for table in tables if table.refused},
        "recall": recall(tables, known_problems()),
        "precision": precision(rows),
        "findings": rows,
    }
    text = json.dumps(found, indent=1, ensure_ascii=False)
    options.out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(f"{recall_table(found['recall'])}\n\n{precision_table(found['precision'])}\n")


if __name__ == "__main__":
    main()
