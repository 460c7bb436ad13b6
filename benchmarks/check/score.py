"""Hold findings against known problems, and against the judgement of a person."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.check.tables import TRUTH, Checked

JUDGED = Path(__file__).with_name("judged.csv")
KINDS = ("constant", "identifier", "sentinel", "leak", "duplicate_rows", "dirty_number")
VERDICTS = ("right", "neutral", "wrong")


def known_problems() -> list[dict[str, str]]:
    """Return the known problems of the kinds that the check looks for."""
    with TRUTH.open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["kind"] in KINDS]


def recall(tables: Sequence[Checked], problems: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Count the known problems of each kind that a finding of that code names."""
    by_name = {table.name: table for table in tables}
    counted: dict[str, Any] = {kind: {"known": 0, "found": 0, "missed": []} for kind in KINDS}
    for problem in problems:
        table, kind = by_name[problem["file"]], problem["kind"]
        is_found = any(
            finding.code == kind and (not problem["column"] or problem["column"] in finding.columns)
            for finding in table.findings
        )
        counted[kind]["known"] += 1
        counted[kind]["found"] += is_found
        if not is_found:
            counted[kind]["missed"].append(f"{problem['file']}: {problem['column']}")
    return counted


def judgements() -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return verdict and reason of every finding that a person has judged."""
    with JUDGED.open(newline="", encoding="utf-8") as file:
        return {
            (row["table"], row["code"], row["columns"]): (row["verdict"], row["reason"])
            for row in csv.DictReader(file)
        }


def judged(tables: Sequence[Checked]) -> list[dict[str, str]]:
    """List every finding on every table with its verdict; `unjudged` if it has none."""
    known = judgements()
    rows = []
    for table in tables:
        for finding in table.findings:
            columns = " + ".join(finding.columns)
            verdict, reason = known.get((table.name, finding.code, columns), ("unjudged", ""))
            rows.append(
                {
                    "table": table.name,
                    "code": finding.code,
                    "severity": finding.severity,
                    "columns": columns,
                    "verdict": verdict,
                    "reason": reason,
                }
            )
    return rows


def precision(rows: Sequence[dict[str, str]]) -> dict[str, dict[str, int]]:
    """Count the verdicts of each code."""
    codes = sorted({row["code"] for row in rows})
    return {
        code: {
            verdict: sum(row["code"] == code and row["verdict"] == verdict for row in rows)
            for verdict in (*VERDICTS, "unjudged")
        }
        for code in codes
    }


def recall_table(counted: dict[str, Any]) -> str:
    """Write the recall of each kind as a table."""
    lines = ["| kind | known | found |", "|---|---|---|"]
    lines += [f"| {kind} | {one['known']} | {one['found']} |" for kind, one in counted.items()]
    return "\n".join(lines)


def precision_table(counted: dict[str, dict[str, int]]) -> str:
    """Write the verdicts of each code as a table."""
    lines = ["| code | findings | right | neutral | wrong |", "|---|---|---|---|---|"]
    for code, one in counted.items():
        cells = [sum(one.values()), *(one[verdict] for verdict in VERDICTS)]
        lines.append(f"| {code} | " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)
