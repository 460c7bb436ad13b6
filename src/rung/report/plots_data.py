"""Draw what data are like on axes of matplotlib: columns that go together, densities, images."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise

from rung.graph.picture import Graph
from rung.report.numbers import clean, shorten
from rung.report.plots import ACCENT, COLOURS, GREY, tidy
from rung.typing import JSON, Untyped

INK, PAPER, LONGEST = "#1a1a1a", "#ffffff", 24
# Of what a row of images takes, its words beside it included.
WORDS, FULL = 0.24, 0.92


def plot_graph(axes: Untyped, graph: Graph) -> Untyped:
    """Draw a graph as the page does: a box a node, what an edge holds beside it."""
    placed = graph.layout()
    for route in placed.routes:
        xs, ys = zip(*route.points, strict=True)
        strong = route.edge.weight == "strong"
        axes.plot(
            xs, ys, color=ACCENT if strong else GREY, linewidth=1.6 if strong else 0.8, zorder=1
        )
        middle = len(xs) // 2
        at = (xs[middle - 1] + xs[middle]) / 2, (ys[middle - 1] + ys[middle]) / 2
        back = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.0}
        own = {
            "fontsize": 6,
            "color": INK,
            "ha": "center",
            "va": "center",
            "bbox": back,
            "zorder": 2,
        }
        axes.text(*at, route.edge.label, **own)
    for node in graph.nodes:
        box = placed.boxes[node.key]
        right, floor = box.x + box.width, box.y + box.height
        across, down = [box.x, right, right, box.x], [box.y, box.y, floor, floor]
        axes.fill(across, down, facecolor=PAPER, edgecolor=GREY, linewidth=1, zorder=3)
        said = "\n".join(f"{line.name} {line.text}" for line in node.lines)
        title = shorten(clean(node.title), LONGEST)
        own = {"color": INK, "ha": "center", "va": "center", "fontsize": 7, "zorder": 4}
        axes.text(box.x + box.width / 2, (box.y + floor) / 2, f"{title}\n{said}".strip(), **own)
    axes.set_xlim(-2, placed.width + 2)
    axes.set_ylim(placed.height + 2, -2)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return axes


def plot_log_densities(axes: Untyped, spread: JSON, listed: Sequence[float]) -> Untyped:
    """Draw how many rows have which log density, and where the least probable ones lie."""
    edges = spread["edges"]
    widths = [high - low for low, high in pairwise(edges)]
    axes.bar(edges[:-1], spread["counts"], widths, align="edge", color=ACCENT, alpha=0.65)
    own = {"color": COLOURS[1], "label": "least probable rows", "clip_on": False}
    axes.plot(listed, [0.0] * len(listed), "o", **own)
    axes.legend(frameon=False)
    return tidy(axes, "log density out of fold [nats]", "rows")


def plot_images(axes: Untyped, rows: Sequence[tuple[str, Sequence[JSON]]]) -> Untyped:
    """Draw images in rows, the words of each row before it.

    Parameters
    ----------
    axes : Axes
        Of matplotlib.
    rows : sequence of (str, sequence of dict)
        Words, and images with their `png` in base 64.
    """
    read = import_module("matplotlib.image").imread
    axes.set_axis_off()
    longest = max(len(images) for _, images in rows)
    width, height = (1 - WORDS) / longest, 1 / len(rows)
    for i, (words, images) in enumerate(rows):
        middle = 1 - (i + 0.5) * height
        axes.text(WORDS - 0.02, middle, words, color=INK, fontsize=7, ha="right", va="center")
        for j, one in enumerate(images):
            place = [WORDS + j * width, middle - FULL * height / 2, FULL * width, FULL * height]
            own = axes.inset_axes(place)
            own.imshow(read(io.BytesIO(base64.b64decode(one["png"])), format="png"), cmap="gray")
            own.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    return axes
