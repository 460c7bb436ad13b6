"""Check made tables: how often nothing is imagined, and what is planted is found."""

from __future__ import annotations

from typing import Any

import polars as pl

from benchmarks.check.simulated import PLANTED, clean_table
from rung.workbench import check_table

CLEAN_TABLES = 200
PLANTED_TABLES = 20


def clean(n_tables: int = CLEAN_TABLES) -> dict[str, Any]:
    """Return how many tables without a problem raise an alarm or a warning, and of which code."""
    counts: dict[str, dict[str, int]] = {"alarm": {}, "warning": {}}
    with_alarm = 0
    for seed in range(n_tables):
        table, target = clean_table(seed)
        findings = check_table(pl.DataFrame(table), target=target)
        with_alarm += any(one.severity == "alarm" for one in findings)
        for severity, code in {(one.severity, one.code) for one in findings}:
            if severity in counts:
                counts[severity][code] = counts[severity].get(code, 0) + 1
    return {"tables": n_tables, "with_alarm": with_alarm, **counts}


def planted(n_tables: int = PLANTED_TABLES) -> dict[str, dict[str, Any]]:
    """Return in how many tables each planted problem is found, under its code and columns."""
    found: dict[str, dict[str, Any]] = {}
    for name, (code, make) in PLANTED.items():
        hits = 0
        for seed in range(n_tables):
            table, columns = make(seed)
            findings = check_table(pl.DataFrame(table), target="y")
            hits += any(one.code == code and set(columns) <= set(one.columns) for one in findings)
        found[name] = {"code": code, "tables": n_tables, "found": hits}
    return found
