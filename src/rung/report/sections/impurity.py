"""Show impurity of trees by column beside what held-out rows say of it, its bias said first."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, percent
from rung.report.sections.section import Section
from rung.typing import JSON


def impurity_tables(result: Result) -> list[JSON] | None:
    """Return a table for each family that was asked; None where none was."""
    found = result.sections.get("impurity") or []
    return [_table(one) for one in found if one["columns"]] or None


def _table(found: JSON) -> JSON:
    rows = [
        {
            "name": clean(row["column"]),
            "learned": percent(row["learned"]),
            "held_out": percent(row["held_out"]),
            "said": "by heart" if row["by_heart"] else "",
        }
        for row in found["columns"]
    ]
    return {"title": clean(found["title"]), "bias": found["bias"], "rows": rows}


def render(tables: list[JSON], result: Result) -> str:
    """Return the tables."""
    return fill("impurity.html.j2", tables=tables)


SECTION = Section(
    name="impurity",
    title="Impurity of trees, and its bias",
    position=960,
    data=lambda result, summary: impurity_tables(result),
    render=render,
)
