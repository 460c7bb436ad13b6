"""Hold findings against known problems, and against the judgement of a person."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.check.tables import TRUTH, Checked

JUDGED = Path(__file__).with_name("judged.csv")
# Kinds of the list, each with the code of the findings that name it.
KINDS = {
    "constant": "constant",
    "identifier": "identifier",
    "sentinel": "sentinel",
    "leak": "leak",
    "redundant": "redundant",
    "duplicate_rows": "duplicate_rows",
    "dirty_number": "dirty_number",
    "capped_target": "capped_target",
    "group": "groups",
    "time_order": "time",
}
# Whether rows depend on each other is asked by checks of their own.
OF_DEPENDENCE = ("group", "time_order")
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
        name = problem["column"].replace("column ", "column_")
        is_found = any(
            finding.code == KINDS[kind]
            and (not name or {name, problem["column"]} & set(finding.columns))
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


def false_alarms(rows: Sequence[dict[str, str]], n_tables: int) -> dict[str, Any]:
    """Count the findings of the gravest severity that are judged neither right nor neutral.

    Findings of each code are given too, so that a table of none is seen to be none.
    """
    alarms = [row for row in rows if row["severity"] == "alarm"]
    wrong = [row for row in alarms if row["verdict"] not in ("right", "neutral")]
    by_code = {
        code: {
            "alarms": sum(row["code"] == code for row in alarms),
            "false": sum(row["code"] == code for row in wrong),
        }
        for code in sorted({row["code"] for row in alarms})
    }
    return {"by_code": by_code, "false": len(wrong), "tables": n_tables}


def alarm_table(counted: dict[str, Any]) -> str:
    """Write the alarms of each code, and the false ones, as a table."""
    lines = ["| code | alarms | false |", "|---|---|---|"]
    lines += [
        f"| {code} | {one['alarms']} | {one['false']} |" for code, one in counted["by_code"].items()
    ]
    return "\n".join(lines)


def planted_table(counted: dict[str, dict[str, int]]) -> str:
    """Write how often each planted problem is found as a table."""
    lines = ["| planted | code | tables | found |", "|---|---|---|---|"]
    lines += [
        f"| {name} | {one['code']} | {one['tables']} | {one['found']} |"
        for name, one in counted.items()
    ]
    return "\n".join(lines)


def cost_table(counted: Sequence[dict[str, Any]]) -> str:
    """Write what all checks cost as a table."""
    lines = [
        "| table | million cells | seconds | seconds a million cells |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {one['table']} | {one['cells'] / 1e6:.2f} | {one['seconds']:.2f} | "
        f"{one['seconds'] / one['cells'] * 1e6:.1f} |"
        for one in counted
    ]
    return "\n".join(lines)


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
