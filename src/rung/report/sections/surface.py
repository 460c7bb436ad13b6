"""Show two columns that do something together: a surface with the rows of a fold on it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from rung.core.result import Result
from rung.report import words
from rung.report.filling import fill
from rung.report.numbers import clean, count, percent
from rung.report.panel import Axis, Panel, axis_of, brief, levels_axis
from rung.report.sections.section import Section
from rung.typing import JSON

STEPS, TALL = 10, 300
RIM, PAPER, FILL = 8.0, 6.6, 5.2


def colour_limits(found: Sequence[JSON]) -> tuple[float, float]:
    """Return the ends of the scale of colours: of all surfaces, and nearly all rows.

    Examples
    --------
    >>> colour_limits([{"of": "", "mean": [[0.0, 4.0]], "points": {"true": [1.0, 5.0]}}])
    (0.0, 4.92)
    """
    if found[0]["of"]:
        return 0.0, 1.0
    means = np.concatenate([np.ravel(one["mean"]) for one in found])
    rows = np.concatenate([one["points"]["true"] for one in found]) if found else means
    ends = np.quantile(rows, (0.02, 0.98)) if len(rows) else means
    return float(min(means.min(), ends.min())), float(max(means.max(), ends.max()))


def surface_picture(result: Result) -> JSON | None:
    """Return the surface of the strongest pair; None where no columns do anything together."""
    found = result.sections.get("surface") or []
    return _picture(result, found[0]["surfaces"], found[0]["interaction"]) if found else None


def _picture(result: Result, surfaces: Sequence[JSON], interaction: JSON | None) -> JSON:
    first, limits = surfaces[0], colour_limits(surfaces)
    names = [clean(name) for name in first["columns"]]
    of = clean(first["of"])
    what = f"probability of {of}" if of else f"predicted {clean(result.target)}"
    low, step = limits[0], (limits[1] - limits[0]) / STEPS
    return {
        "names": names,
        "what": what,
        "panels": [_box(one, limits, words.metric_words(result.metric).title) for one in surfaces],
        "key": [
            {"opacity": _opacity(i), "label": brief(low + step * (i + 0.5))}
            for i in range(0, STEPS, 3)
        ],
        "fold": first["fold"],
        "n_rows": count(first["n_rows"]),
        "interaction": interaction
        and {"share": percent(interaction["share"]), "size": brief(interaction["size"])},
        "head": ["Family", *names, f"mean of {what}"],
        "rows": [
            [clean(one["title"]), _cell(x), _cell(y), brief(one["mean"][i][j])]
            for one in surfaces
            for i, x in enumerate(one["places"][0])
            for j, y in enumerate(one["places"][1])
        ],
        "alternative": " ".join(_in_words(one, names) for one in surfaces),
    }


def _box(found: JSON, limits: tuple[float, float], metric: str) -> JSON:
    note = f"{metric} {brief(found['training'])} on training rows, {brief(found['held_out'])} on held-out rows"
    return {"title": clean(found["title"]), "svg": _panel(found, limits), "note": note}


def _in_words(found: JSON, names: Sequence[str]) -> str:
    heights = [value for row in found["mean"] for value in row]
    return (
        f"{clean(found['title'])}: mean prediction by {names[0]} and {names[1]}, from "
        f"{brief(min(heights))} to {brief(max(heights))}."
    )


def _cell(place: float | str) -> str:
    return clean(place) if isinstance(place, str) else brief(place)


def _coordinates(found: JSON, k: int, cells: Sequence[float | str]) -> list[float]:
    if found["kinds"][k] != "category":
        return [float(cell) for cell in cells]
    place = {name: float(i) for i, name in enumerate(found["places"][k])}
    return [place[str(cell)] for cell in cells]


def _axis(found: JSON, k: int) -> Axis:
    unit = f" [{clean(found['units'][k])}]" if found["units"][k] else ""
    title = f"{clean(found['columns'][k])}{unit}"
    if found["kinds"][k] == "category":
        return levels_axis([str(place) for place in found["places"][k]], title)
    edges = _edges(_coordinates(found, k, found["places"][k]))
    return axis_of([edges[0], edges[-1]], title, pad=0.0)


def _edges(places: Sequence[float]) -> list[float]:
    """Return where cells around places end: halfway to the next."""
    if len(places) == 1:
        return [places[0] - 0.5, places[0] + 0.5]
    middle = [(a + b) / 2 for a, b in itertools.pairwise(places)]
    return [2 * places[0] - middle[0], *middle, 2 * places[-1] - middle[-1]]


def _opacity(step: int) -> str:
    return f"{0.06 + 0.84 * step / (STEPS - 1):.2f}"


def _panel(found: JSON, limits: tuple[float, float]) -> str:
    panel = Panel(_axis(found, 0), _axis(found, 1), TALL)
    xs, ys = (_edges(_coordinates(found, k, found["places"][k])) for k in (0, 1))
    cells: dict[int, str] = {}
    for i, row in enumerate(found["mean"]):
        for j, value in enumerate(row):
            (left, bottom), (right, top) = (
                panel.place(xs[i], ys[j]),
                panel.place(xs[i + 1], ys[j + 1]),
            )
            path = f"M{left:.1f} {bottom:.1f}H{right:.1f}V{top:.1f}H{left:.1f}z"
            step = _step(value, limits)
            cells[step] = cells.get(step, "") + path
    drawn = [
        f'<path class="cell" fill-opacity="{_opacity(step)}" d="{path}"/>'
        for step, path in sorted(cells.items())
    ]
    return panel.svg(*drawn, *_rows(found, panel, limits))


def _step(value: float, limits: tuple[float, float]) -> int:
    low, high = limits
    share = (value - low) / (high - low) if high > low else 0.5
    return min(max(int(share * STEPS), 0), STEPS - 1)


def _rows(found: JSON, panel: Panel, limits: tuple[float, float]) -> list[str]:
    """Return rows as points in the colours of the surface, with a rim; squares were trained on."""
    points = found["points"]
    xs, ys = (_coordinates(found, k, points["cells"][k]) for k in (0, 1))
    marks = []
    for is_training, kind in ((True, "square"), (False, "round")):
        rows = [i for i, own in enumerate(points["is_training"]) if bool(own) == is_training]
        if not rows:
            continue
        whole = _dots(panel, [xs[i] for i in rows], [ys[i] for i in rows])
        size = 0.7 if is_training else 1.0
        marks += [_dot("rim", kind, RIM * size, whole), _dot("paper", kind, PAPER * size, whole)]
        for step in range(STEPS):
            own = [i for i in rows if _step(points["true"][i], limits) == step]
            if own:
                path = _dots(panel, [xs[i] for i in own], [ys[i] for i in own])
                opacity = f' stroke-opacity="{_opacity(step)}"'
                marks.append(_dot("fill", kind, FILL * size, path, opacity))
    return marks


def _dots(panel: Panel, xs: Sequence[float], ys: Sequence[float]) -> str:
    return "".join(
        "M{:.1f} {:.1f}h0".format(*panel.place(x, y)) for x, y in zip(xs, ys, strict=True)
    )


def _dot(kind: str, cap: str, width: float, path: str, opacity: str = "") -> str:
    return (
        f'<path class="dot-{kind}" stroke-linecap="{cap}" stroke-width="{width:.1f}"'
        f'{opacity} d="{path}"/>'
    )


def render(picture: JSON, result: Result) -> str:
    """Return the surface, and the table behind it."""
    return fill("surface.html.j2", picture=picture)


SECTION = Section(
    name="surface",
    title="Two columns together",
    position=1050,
    data=lambda result, summary: surface_picture(result),
    render=render,
)
