"""Show where on the sky, or on the map, predictions are too high and too low."""

from __future__ import annotations

from functools import partial

import numpy as np

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, count
from rung.report.panel import Panel, axis_of, brief
from rung.report.plot_truth import Shade, plot_on_map
from rung.report.sections.section import Drawing, Section
from rung.typing import JSON, Untyped

TALL = 240
# Dots are drawn in three sizes: up to half of the rows, to nine in ten, and beyond.
SIZES, LIMITS = ("small", "middle", "large"), (0.5, 0.9)


def residual_map_picture(result: Result) -> JSON | None:
    """Return the map and the means of its parts; None where there is no position."""
    found = result.sections.get("residual_map") or []
    if not found:
        return None
    one = found[0]
    points, names = one["points"], _names(one)
    panel = Panel(axis_of(points["across"], names[0]), axis_of(points["up"]), TALL)
    unit = next((each.unit for each in result.dataset.columns if each.name == result.target), "")
    return {
        "panels": [{"title": names[1], "svg": panel.svg(*_marks(panel, points)), "note": ""}],
        "alternative": _in_words(one),
        "title": clean(one["title"]),
        "n_rows": count(one["n_rows"]),
        "n_points": count(len(points["error"])),
        "worst": _worst(one),
        "head": [*names, "Rows", f"Mean of prediction less truth{f' [{clean(unit)}]' if unit else ''}", "95% interval"],
        "rows": [
            [
                *(f"{brief(part[key][0])} to {brief(part[key][1])}" for key in ("across", "up")),
                count(part["n"]),
                brief(part["mean"]),
                f"{brief(part['low'])} to {brief(part['high'])}",
            ]
            for part in one["parts"]
        ],
    }  # fmt: skip


def _names(one: JSON) -> list[str]:
    return [
        clean(each["name"]) + (f" [{clean(each['unit'])}]" if each["unit"] else "")
        for each in one["columns"]
    ]


def _marks(panel: Panel, points: JSON) -> list[str]:
    """Return dots by sign and size of the residual, the largest on top."""
    across, up, error = (np.asarray(points[key]) for key in ("across", "up", "error"))
    size = np.searchsorted(np.quantile(np.abs(error), LIMITS), np.abs(error))
    marks = []
    for k, name in enumerate(SIZES):
        for sign, own in (("under", error < 0), ("over", error >= 0)):
            shown = own & (size == k)
            if shown.any():
                kind = f"points {sign} {name}"
                marks.append(panel.points(across[shown].tolist(), up[shown].tolist(), kind))
    return marks


def _worst(one: JSON) -> str:
    """Say in which parts of the map the mean residual is not zero."""
    apart = [part for part in one["parts"] if part["low"] > 0 or part["high"] < 0]
    n = len(one["parts"])
    if not apart:
        return f"In none of {n} parts of the map is the mean residual shown to differ from zero."
    return (
        f"In {len(apart)} of {n} parts of the map the mean residual differs from zero (95% interval of "
        f"each part alone, rows taken as independent; about {brief(n / 20)} would by chance)."
    )


def _in_words(one: JSON) -> str:
    names = " and ".join(_names(one))
    return (
        f"Residuals of {clean(one['title'])} by {names}, {count(one['n_rows'])} rows. {_worst(one)}"
    )


def render(picture: JSON, result: Result) -> str:
    """Return the map, and the means of its parts behind it."""
    return fill("residual_map.html.j2", picture=picture)


def residual_map_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the map as a figure."""
    found = result.sections.get("residual_map") or []
    return [
        Drawing(
            name="residual-map",
            title=f"Prediction less truth where rows were measured, {clean(one['title'])}",
            says=_in_words(one),
            draw=partial(_draw, one=one),
            height=4.4,
        )
        for one in found
    ]


def _draw(axes: Untyped, one: JSON) -> None:
    keys = zip(_names(one), ("across", "up"), strict=True)
    place = [Shade(name, "number", np.asarray(one["points"][key])) for name, key in keys]
    plot_on_map(axes, place, np.asarray(one["points"]["error"]), "prediction less truth")


SECTION = Section(
    name="residual_map",
    title="Where on the map it fails",
    position=1420,
    data=lambda result, summary: residual_map_picture(result),
    render=render,
    drawings=residual_map_drawings,
)
