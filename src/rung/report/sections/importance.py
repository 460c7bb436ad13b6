"""Show what each column is worth to the models: dots with intervals, and a judgement of each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from rung.core.result import Result
from rung.report import words
from rung.report.drawing import PLAIN_DOT, scale_of, ticks_of
from rung.report.filling import fill
from rung.report.numbers import (
    MINUS,
    clean,
    count,
    decimals_for,
    interval,
    number,
    percent,
    shorten,
    span,
)
from rung.report.plots import plot_importance
from rung.report.sections.section import Drawing, Section, file_name
from rung.typing import JSON

MOST_ROWS, LONGEST = 15, 44
KINDS = {"matters": "matters", "does not matter": "idle", "undecided": "open"}


def importance_pictures(result: Result) -> list[JSON] | None:
    """Return a picture for each family that was opened; None where none was."""
    found = result.sections.get("importance") or []
    return [importance_picture(one) for one in found if one["columns"]] or None


def importance_picture(found: JSON) -> JSON:
    """Return what each column is worth to one family as dots with intervals."""
    metric = words.metric_words(found["metric"])
    title = metric.title
    decimals = _decimals(found["columns"])
    rows = [_numbers(row, decimals) for row in found["columns"]]
    shown = rows[:MOST_ROWS]
    scale = scale_of([found["whole"], *(row[key] for row in shown for key in ("low", "high"))])
    for row in shown:
        row["x"], row["x_low"], row["x_high"] = (
            scale.place(row[key]) for key in ("mean", "low", "high")
        )
    counted = count(found["n_rows"])
    return {
        "title": clean(found["title"]),
        "rows": shown,
        "table": rows,
        "n_hidden": len(rows) - len(shown),
        "ticks": ticks_of(scale),
        "zero": scale.place(found["whole"]),
        "band": None,
        "axis": f"{title} when the column is shuffled",
        "whole": interval(found["whole"], found["whole"], found["whole"])["value"],
        "metric": title,
        "n_rows": counted,
        "n_draws": found["n_draws"],
        "alternative": _in_words(title, found, rows),
    }


def _signed_percent(share: float) -> str:
    shown = percent(abs(share))
    sign = "" if shown == "0%" else "+" if share > 0 else MINUS
    return f"{sign}{shown}"


def _decimals(rows: Sequence[JSON]) -> int | None:
    """Return the decimals of all rows, so that they can be compared: one more than the widest needs."""
    widest = decimals_for(max(row["high"] - row["low"] for row in rows) / 2)
    return None if widest is None else widest + 1


def _numbers(row: JSON, decimals: int | None) -> JSON:
    names = [clean(name) for name in row["columns"]]
    return {
        "title": shorten(" + ".join(names), LONGEST),
        "names": names,
        "mean": row["metric"],
        "low": row["low"],
        "high": row["high"],
        "value": number(row["metric"], decimals),
        "range": span(number(row["low"], decimals), number(row["high"], decimals)),
        "share": _signed_percent(row["share"]),
        "verdict": row["verdict"],
        "kind": KINDS[row["verdict"]],
        **PLAIN_DOT,
    }


def _in_words(title: str, found: JSON, rows: Sequence[JSON]) -> str:
    parts = [f"{row['title']} {row['value']}, {row['range']}, {row['verdict']}" for row in rows]
    listed = "; ".join(parts[:MOST_ROWS])
    return f"{title} {found['whole']:.4g} with all columns; shuffled: {listed}."


def render(pictures: list[JSON], result: Result) -> str:
    """Return dots with intervals, and the table behind them."""
    return fill("importance.html.j2", pictures=pictures)


def importance_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return a figure for each family that was opened."""
    found = [one for one in result.sections.get("importance") or [] if one["columns"]]
    pictures = importance_pictures(result) or []
    return [
        Drawing(
            name=file_name("importance", one["family"]),
            title=f"What each column is worth to {picture['title']}",
            says=picture["alternative"],
            draw=partial(plot_importance, found=one),
            height=1.0 + 0.32 * len(picture["rows"]),
        )
        for one, picture in zip(found, pictures, strict=True)
    ]


SECTION = Section(
    name="importance",
    title="Which columns matter",
    position=900,
    data=lambda result, summary: importance_pictures(result),
    render=render,
    terms=("permutation",),
    drawings=importance_drawings,
)
