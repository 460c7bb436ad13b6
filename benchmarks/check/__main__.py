"""Run the benchmark: `python -m benchmarks.check`.

Every table of the index is checked with its target, as `rung check` does, and the findings are held
against the known problems of these tables and against a judgement of each finding by hand. Then
tables without any problem are made, and tables with one problem planted in each.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.check.score import (
    alarm_table,
    cost_table,
    false_alarms,
    judged,
    known_problems,
    planted_table,
    precision,
    precision_table,
    recall,
    recall_table,
)
from benchmarks.check.simulating import clean, planted
from benchmarks.check.tables import check, cost, listed

RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    """Check all tables, score the findings, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args()
    tables = [check(name, target) for name, target in listed()]
    rows = judged(tables)
    n_tables = sum(not table.refused for table in tables)
    found = {
        "tables": n_tables,
        "refused": {table.name: table.refused for table in tables if table.refused},
        "recall": recall(tables, known_problems()),
        "precision": precision(rows),
        "alarms": false_alarms(rows, n_tables),
        "clean": clean(),
        "planted": planted(),
        "cost": cost(),
        "findings": rows,
    }
    text = json.dumps(found, indent=1, ensure_ascii=False)
    options.out.write_text(text + "\n", encoding="utf-8")
    shown = (
        recall_table(found["recall"]),
        precision_table(found["precision"]),
        alarm_table(found["alarms"]),
        planted_table(found["planted"]),
        cost_table(found["cost"]),
    )
    sys.stdout.write("\n\n".join(shown) + "\n")


if __name__ == "__main__":
    main()
