"""Show models as formulas: a line to read, coefficients with intervals, LaTeX and a program."""

from __future__ import annotations

from collections.abc import Sequence

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, interval
from rung.report.panel import brief
from rung.report.sections.section import Section
from rung.typing import JSON

LONG_TEXT, MOST_SENTENCES = 500, 8


def formula_pictures(result: Result) -> list[JSON] | None:
    """Return what is shown of each family that is a formula; None where none is."""
    found = result.sections.get("formula") or []
    return [_picture(result, one) for one in found] or None


def _picture(result: Result, found: JSON) -> JSON:
    rows = [_row(one) for one in found["coefficients"]]
    return {
        "title": clean(found["title"]),
        "text": [clean(line) for line in found["text"]],
        "latex": [clean(line) for line in found["latex"]],
        "python": found["python"],
        "rows": rows,
        "n_more": found["n_more"],
        "has_classes": any(row["class"] for row in rows),
        "is_long": sum(map(len, found["text"])) > LONG_TEXT,
        "n_terms": len(rows) + found["n_more"],
        "is_centred": not found["is_straight"],
        "intervals": found["intervals"],
        "units": _unit_sentences(result, found),
        "has_gaps": found["has_gaps"],
    }


def _row(one: JSON) -> JSON:
    shown = interval(one["value"] or 0.0, one["low"] or 0.0, one["high"] or 0.0)
    is_exact = one["low"] == one["high"]
    return {
        "what": _what(one["what"]),
        "class": clean(one["class"]),
        "value": brief(one["value"]) if is_exact and one["value"] is not None else shown["value"],
        "range": "" if is_exact or one["low"] is None else shown["range"],
    }


def _what(parts: Sequence[str]) -> str:
    if not parts:
        return "intercept"
    if len(parts) == 2 and (parts[1].startswith(("is ", "=", "≤", ">")) or "x ≤" in parts[1]):
        return clean(f"{parts[0]} {parts[1]}")
    return " × ".join(clean(part) for part in parts)


def _unit_sentences(result: Result, found: JSON) -> list[str]:
    """Say what one unit more of a number changes, of lines alone."""
    if not found["is_straight"] or found["link"] == "shares":
        return []
    units = {column.name: column.unit for column in result.dataset.columns}
    slopes = [one for one in found["coefficients"] if len(one["what"]) == 1]
    what = "the predicted " + clean(found["target"])
    said = []
    for one in slopes[:MOST_SENTENCES]:
        if one["class"] and found["link"] == "softmax" and len(result.classes) != 2:
            return []
        what = f"the log odds of {clean(one['class'])}" if one["class"] else what
        name = clean(one["what"][0])
        unit = clean(units.get(one["what"][0], "")) or "unit"
        shown = interval(one["value"], one["low"], one["high"])
        sure = "" if one["low"] > 0 or one["high"] < 0 else "; the sign is not shown by the data"
        ends = f" ({shown['range']})" if one["low"] != one["high"] else ""
        size = shown["value"] if ends else brief(one["value"])
        said.append(f"1 {unit} more of {name} changes {what} by {size}{ends}{sure}")
    return said


def render(pictures: list[JSON], result: Result) -> str:
    """Return each formula with its coefficients."""
    return fill("formula.html.j2", pictures=pictures)


SECTION = Section(
    name="formula",
    title="The formula",
    position=700,
    data=lambda result, summary: formula_pictures(result),
    render=render,
    terms=("coefficient",),
)
