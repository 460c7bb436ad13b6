"""Show what is lost without each column when cheap rungs are trained again, and what repairs it."""

from __future__ import annotations

from rung.core.result import Result
from rung.report import words
from rung.report.drawing import scale_of, ticks_of
from rung.report.filling import fill
from rung.report.numbers import clean, interval, number, shorten
from rung.report.sections.importance import KINDS
from rung.report.sections.section import Section
from rung.typing import JSON

LONGEST, DIGITS = 44, 4


def leave_out_pictures(result: Result) -> list[JSON] | None:
    """Return the picture of each time that columns were left out; None where none were."""
    found = result.sections.get("leave_out") or []
    return [_picture(one) for one in found if one["columns"]] or None


def _picture(found: JSON) -> JSON:
    metric = words.metric_words(found["metric"]).title
    rows = [_numbers(row) for row in found["columns"]]
    scale = scale_of([found["whole"], *(row[key] for row in rows for key in ("low", "high"))])
    for row in rows:
        row["x"], row["x_low"], row["x_high"] = (
            scale.place(row[key]) for key in ("mean", "low", "high")
        )
    whole = interval(found["whole"], found["whole"], found["whole"])["value"]
    listed = "; ".join(f"{row['title']} {row['value']}, {row['verdict']}" for row in rows)
    return {
        "title": clean(found["title"]),
        "metric": metric,
        "whole": whole,
        "rows": rows,
        "families": [clean(one["title"]) for one in found["columns"][0]["rungs"]],
        "n_more": found["n_more"],
        "ticks": ticks_of(scale),
        "zero": scale.place(found["whole"]),
        "band": None,
        "axis": f"{metric} of the best rung without the column",
        "alternative": f"{metric} {whole} with all columns; without: {listed}.",
    }


def _numbers(row: JSON) -> JSON:
    shown = interval(row["metric"], row["low"], row["high"])
    names = [clean(name) for name in row["columns"]]
    return {
        "title": shorten(" + ".join(names), LONGEST),
        "names": names,
        "says": clean(row["says"]),
        "mean": row["metric"],
        "low": row["low"],
        "high": row["high"],
        "value": shown["value"],
        "range": shown["range"],
        "verdict": row["verdict"],
        "kind": KINDS[row["verdict"]],
        "rungs": [
            {"value": number(one["metric"], DIGITS), "verdict": one["verdict"]}
            for one in row["rungs"]
        ],
        "is_known": True,
        "is_beyond": False,
        "is_choice": False,
        "is_leader": False,
        "test": None,
    }


def render(pictures: list[JSON], result: Result) -> str:
    """Return sentences, dots with intervals, and the table behind them."""
    return fill("leave_out.html.j2", pictures=pictures)


SECTION = Section(
    name="leave_out",
    title="What is lost without a column",
    position=940,
    data=lambda result, summary: leave_out_pictures(result),
    render=render,
)
