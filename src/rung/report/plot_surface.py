"""Draw surfaces of two columns on axes of matplotlib, side by side on one scale of colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.core.result import Result
from rung.report import words
from rung.report.figures import new_axes
from rung.report.sections.surface import colour_limits
from rung.typing import JSON, Array, Untyped

COLOURS, WIDE, TALL = "viridis", 4.2, 3.8
# Rows that the model learned from are squares, held-out ones circles with a dark rim.
MARKS = {True: ("s", 12, "none", "training rows"), False: ("o", 26, "black", "held-out rows")}


def plot_surfaces(axes: Sequence[Untyped], found: Sequence[JSON], result: Result) -> None:
    """Draw each surface on axes of its own, with the rows of its fold, and one bar of colours.

    Parameters
    ----------
    axes : sequence of Axes
        As many as surfaces.
    found : sequence of dict
        Surfaces of the same two columns.
    result : Result
        Of the run.
    """
    low, high = colour_limits(found)
    shown = words.metric_words(result.metric).title
    mesh = None
    for ax, one in zip(axes, found, strict=True):
        xs, ys = (_places(one, k, one["places"][k]) for k in (0, 1))
        heights = np.array(one["mean"]).T
        mesh = ax.pcolormesh(
            xs, ys, heights, cmap=COLOURS, vmin=low, vmax=high, shading="nearest", rasterized=True
        )
        _draw_rows(ax, one, low, high)
        ax.set_title(
            f"{one['title']}\n{shown} {one['training']:.3g} training, {one['held_out']:.3g} held out",
            fontsize="medium",
        )
        for k, axis, name in ((0, ax.xaxis, ax.set_xlabel), (1, ax.yaxis, ax.set_ylabel)):
            unit = f" [{one['units'][k]}]" if one["units"][k] else ""
            name(f"{one['columns'][k]}{unit}")
            if one["kinds"][k] == "category":
                axis.set_ticks(range(len(one["places"][k])), one["places"][k])
    axes[0].legend(loc="upper left", fontsize="small", framealpha=0.7)
    what = f"probability of {found[0]['of']}" if found[0]["of"] else result.target
    axes[0].figure.colorbar(mesh, ax=list(axes), label=what)


def _places(one: JSON, k: int, cells: Sequence[float | str]) -> Array:
    """Return where cells stand: places of a category in a row, moments as dates."""
    if one["kinds"][k] == "category":
        place = {name: i for i, name in enumerate(one["places"][k])}
        return np.array([place[str(cell)] for cell in cells])
    values = np.array(cells, dtype=float)
    return values.astype("datetime64[s]") if one["kinds"][k] == "datetime" else values


def _draw_rows(ax: Untyped, one: JSON, low: float, high: float) -> None:
    points = one["points"]
    is_training = np.array(points["is_training"], dtype=bool)
    xs, ys = (_places(one, k, points["cells"][k]) for k in (0, 1))
    true = np.array(points["true"], dtype=float)
    for kind, (mark, size, edge, label) in MARKS.items():
        own = is_training == kind
        ax.scatter(
            xs[own],
            ys[own],
            s=size,
            c=true[own],
            cmap=COLOURS,
            vmin=low,
            vmax=high,
            marker=mark,
            edgecolors=edge if edge != "none" else "white",
            linewidths=0.8 if edge != "none" else 0.3,
            label=label,
        )


def surface_axes(n: int) -> Array:
    """Return axes beside one another, with common scales, in a new figure."""
    first = new_axes(TALL)
    figure = first.figure
    first.remove()
    figure.set_size_inches(WIDE * n + 0.8, TALL)
    found: Array = figure.subplots(1, n, sharex=True, sharey=True, squeeze=False)[0]
    return found
