"""Show the score of the choice in groups of rows, and how each differs from the rest."""

from __future__ import annotations

from collections.abc import Sequence

from rung.core.result import Result
from rung.report import words
from rung.report.drawing import scale_of, ticks_of
from rung.report.filling import fill
from rung.report.numbers import clean, count, interval, shorten, signed
from rung.report.sections.section import Section
from rung.typing import JSON

KINDS = {"worse": "open", "better": "matters"}
LONGEST = 44


def subgroup_pictures(result: Result) -> list[JSON] | None:
    """Return a picture for each column that was asked for; None where none was."""
    found = result.sections.get("subgroups") or []
    return [_picture(one) for one in found] or None


def _picture(found: JSON) -> JSON:
    metric = words.metric_words(found["metric"])
    rows = [_numbers(row) for row in found["rows"]]
    drawn = [row for row in rows if row["is_known"]]
    scale = scale_of(row[key] for row in drawn for key in ("mean", "low", "high"))
    for row in drawn:
        row["x"], row["x_low"], row["x_high"] = (
            scale.place(row[key]) for key in ("mean", "low", "high")
        )
    column = clean(found["column"])
    parts = [f"{row['title']} {row['value']}, {row['verdict']}" for row in rows]
    return {
        "title": clean(found["title"]),
        "column": column,
        "how": clean(found["how"]),
        "metric": metric.title,
        "rows": rows,
        "ticks": ticks_of(scale) if drawn else [],
        "band": None,
        "axis": f"{metric.title}, {'higher' if metric.higher_is_better else 'lower'} is better",
        "fewest": found["fewest"],
        "counted": clean(found["counted"]),
        "n_compared": found["n_compared"],
        "has_worse": any(row["verdict"] == "worse" for row in rows),
        "alternative": f"{metric.title} by {column}: {'; '.join(parts)}.",
    }


def _numbers(row: JSON) -> JSON:
    is_known = row["low"] is not None
    score = interval(row["value"], row["low"], row["high"]) if is_known else None
    gap = (
        interval(row["difference"], row["difference_low"], row["difference_high"])
        if is_known
        else None
    )
    return {
        "title": shorten(clean(row["group"]) or "(empty)", LONGEST),
        "n": count(row["n"]),
        "mean": row["value"],
        "low": row["low"],
        "high": row["high"],
        "value": score["value"] if score else "",
        "range": score["range"] if score else "",
        "difference": signed(str(gap["value"])) if gap else "",
        "difference_range": gap["range"] if gap else "",
        "verdict": row["verdict"],
        "kind": KINDS.get(row["verdict"], "idle"),
        "is_known": is_known,
        "is_beyond": False,
        "is_choice": False,
        "is_leader": False,
        "test": None,
    }


def subgroup_lines(found: JSON) -> list[str]:
    """Return a line for each group, as the console and notebooks show it."""
    title = words.metric_words(found["metric"]).title
    lines = []
    for row in map(_numbers, found["rows"]):
        says = f"  {row['title']} ({row['n']} rows): "
        if row["is_known"]:
            says += f"{title} {row['value']}, {row['difference']} against the rest "
            says += f"({row['difference_range']}), "
        lines.append(says + row["verdict"])
    return lines


def console(found: Sequence[JSON], result: Result) -> str:
    """Return all groups as text."""
    lines = []
    for one in result.sections["subgroups"]:
        lines += [f"{clean(one['column'])}, {one['how']}", *subgroup_lines(one)]
    few, n = (result.sections["subgroups"][0][key] for key in ("fewest", "n_compared"))
    note = f"  (nothing is said of fewer than {few}; intervals are widened for {n} comparisons)"
    return "\n".join(["", *lines, note])


def render(pictures: list[JSON], result: Result) -> str:
    """Return dots with intervals, and the table behind them."""
    return fill("subgroups.html.j2", pictures=pictures)


SECTION = Section(
    name="subgroups",
    title="Groups of {units}",
    position=1450,
    data=lambda result, summary: subgroup_pictures(result),
    render=render,
    console=console,
)
