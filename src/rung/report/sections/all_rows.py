"""Show what was counted in all rows of a table of which a random part was used."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import MINUS, clean, count, shorten
from rung.report.sections.section import Section
from rung.typing import JSON

LONGEST, MOST_COLUMNS = 44, 200


def all_rows(result: Result) -> JSON | None:
    """Return the counts as texts; None where all rows were used."""
    found = result.sections.get("all_rows")
    if not found:
        return None
    return {
        "n_used": count(found["n_used"]),
        "n_all": count(found["n_all"]),
        "n_more": max(len(found["columns"]) - MOST_COLUMNS, 0),
        "columns": [_numbers(one) for one in found["columns"][:MOST_COLUMNS]],
    }


def _numbers(one: JSON) -> JSON:
    about = "" if one["is_counted"] else "about "
    has_range = one["low"] is not None
    return {
        "name": shorten(clean(one["name"]), LONGEST),
        "missing": count(one["missing"]),
        "distinct": about + count(one["distinct"]),
        "words": count(one["words"]) if one["words"] else "",
        "low": _shown(one["low"]) if has_range else "",
        "high": _shown(one["high"]) if has_range else "",
    }


def _shown(value: float) -> str:
    return f"{value:.6g}".replace("-", MINUS)


def render(found: JSON, result: Result) -> str:
    """Return a sentence and a table."""
    return fill("all_rows.html.j2", found=found)


SECTION = Section(
    name="all_rows",
    title="What all rows hold",
    position=1660,
    data=lambda result, summary: all_rows(result),
    render=render,
)
