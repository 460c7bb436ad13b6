"""Draw what data are like on axes of matplotlib: columns that go together, densities, images."""

from __future__ import annotations

from collections.abc import Sequence
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
