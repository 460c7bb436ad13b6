"""Show how far each column moves predictions: mean SHAP values with intervals."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.drawing import scale_of, ticks_of
from rung.report.filling import fill
from rung.report.numbers import clean, count, interval, shorten
from rung.report.sections.section import Section
from rung.typing import JSON

MOST_ROWS, LONGEST = 15, 44
AXES = {
    "value": "mean size of what a column adds, in the unit of the target",
    "probability": "mean size of what a column adds, in probability",
    "log odds": "mean size of what a column adds, in log odds",
    "score": "mean size of what a column adds to the scores of classes",
}


def shap_pictures(result: Result) -> list[JSON] | None:
    """Return a picture for each family that was explained; None where none was."""
    found = result.sections.get("shap") or []
    return [_picture(one) for one in found if one["columns"]] or None


def _picture(found: JSON) -> JSON:
    rows = [_numbers(row) for row in found["columns"]]
    scale = scale_of([0.0, *(row["high"] for row in rows)])
    for row in rows:
        row["x"], row["x_low"], row["x_high"] = (
            scale.place(row[key]) for key in ("mean", "low", "high")
        )
    parts = [f"{row['title']} {row['value']}, {row['range']}" for row in rows[:MOST_ROWS]]
    axis = AXES[found["unit"]]
    return {
        "title": clean(found["title"]),
        "rows": rows[:MOST_ROWS],
        "table": rows,
        "n_hidden": max(len(rows) - MOST_ROWS, 0),
        "ticks": ticks_of(scale),
        "zero": scale.place(0.0),
        "band": None,
        "axis": axis,
        "n_rows": count(found["n_rows"]),
        "alternative": f"{axis[0].upper()}{axis[1:]}: {'; '.join(parts)}.",
    }


def _numbers(row: JSON) -> JSON:
    shown = interval(row["mean"], row["low"], row["high"])
    return {
        "title": shorten(clean(row["column"]), LONGEST),
        "name": clean(row["column"]),
        **{key: row[key] for key in ("mean", "low", "high")},
        "value": shown["value"],
        "range": shown["range"],
        "is_known": True,
        "is_beyond": False,
        "is_choice": False,
        "is_leader": False,
        "test": None,
    }


def render(pictures: list[JSON], result: Result) -> str:
    """Return dots with intervals, and the table behind them."""
    return fill("shap.html.j2", pictures=pictures)


SECTION = Section(
    name="shap",
    title="How far columns move predictions",
    position=950,
    data=lambda result, summary: shap_pictures(result),
    render=render,
)
