"""Draw trees, networks and texts on axes of matplotlib; see `rung.report.plots`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rung.graph.layout import Box, Placement
from rung.report.plots import ACCENT, COLOURS, GREY, tidy
from rung.typing import JSON, Untyped

INK, BRANCH = "#1a1a1a", 20
# Bits from which on a character is drawn in the darkest shade.
MOST_BITS = 8.0


def plot_tree(axes: Untyped, placed: Placement, nodes: Sequence[JSON]) -> Untyped:
    """Draw a tree as it was laid out: in each node its rule, what it says, and its distribution.

    Parameters
    ----------
    axes : Axes
        Of matplotlib.
    placed : Placement
        Where nodes and edges lie.
    nodes : sequence of dict
        `key`, `rule`, `says`, `counts` and `is_leaf` of each.
    """
    for route in placed.routes:
        axes.plot(*_branch(route.points[0], route.points[-1], placed.direction), color=GREY, lw=1)
    for node in nodes:
        _draw_node(axes, placed.boxes[node["key"]], node)
    axes.set_xlim(-2, placed.width + 2)
    axes.set_ylim(placed.height + 2, -2)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return axes


def _branch(
    start: tuple[float, float], end: tuple[float, float], direction: str
) -> tuple[list[float], list[float]]:
    """Return points of the curve from a node to the next."""
    (x, y), (u, v) = start, end
    middle = (x + u) / 2 if direction == "right" else (y + v) / 2
    inner = [(middle, y), (middle, v)] if direction == "right" else [(x, middle), (u, middle)]
    corners = np.array([start, *inner, end])
    share = np.linspace(0, 1, BRANCH)[:, None]
    weights = [(1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3]
    points = sum(w * corner for w, corner in zip(weights, corners, strict=True))
    return np.asarray(points)[:, 0].tolist(), np.asarray(points)[:, 1].tolist()


def _draw_node(axes: Untyped, box: Box, node: JSON) -> None:
    right, floor = box.x + box.width, box.y + box.height
    edge = ACCENT if node["is_leaf"] else GREY
    across, down = [box.x, right, right, box.x], [box.y, box.y, floor, floor]
    axes.fill(across, down, facecolor="white", edgecolor=edge, linewidth=1, zorder=2)
    middle, words = box.x + box.width / 2, {"ha": "center", "va": "center", "zorder": 3}
    axes.text(middle, box.y + 13, node["rule"], color=INK, weight="bold", fontsize=7, **words)
    axes.text(middle, box.y + 29, node["says"], color=INK, fontsize=7, **words)
    counts = np.asarray(node["counts"], dtype=float)
    width = (box.width - 20) / len(counts)
    left = box.x + 10 + width * np.arange(len(counts))
    heights = 22 * counts / max(counts.max(), 1)
    bars = {"color": ACCENT, "alpha": 0.65, "zorder": 3}
    axes.bar(left, -heights, 0.85 * width, bottom=floor - 6, align="edge", **bars)


def plot_layers(
    axes: Untyped, layers: Sequence[JSON], high: float, low: float | None = None
) -> Untyped:
    """Draw a histogram a layer, from `low` (as far below 0 as `high` is above, if not given) up."""
    axes.set_axis_off()
    for place, layer in enumerate(layers):
        own = _inset(axes, place, len(layers))
        shares = layer["shares"]
        edges = np.linspace(-high if low is None else low, high, len(shares) + 1)
        own.bar(edges[:-1], shares, np.diff(edges), align="edge", color=ACCENT)
        own.set_title(layer.get("name") or f"layer {place + 1}", fontsize="medium")
        own.set_yticks([])
        tidy(own)
    return axes


def plot_updates(axes: Untyped, layers: Sequence[JSON]) -> Untyped:
    """Draw how far steps move each layer, in powers of ten of its size, check by check."""
    for k, layer in enumerate(layers):
        values = layer["log10"]
        style = ("-", "--", ":", "-.")[k // len(COLOURS) % 4]
        colour = COLOURS[k % len(COLOURS)]
        axes.plot(range(1, len(values) + 1), values, style, color=colour, label=layer["name"])
    axes.axhline(-3, color=GREY, linestyle="--", linewidth=1)
    axes.legend(frameon=False, fontsize=7)
    return tidy(axes, "check", "size of a step, powers of ten")


def plot_map(axes: Untyped, numbers: JSON, characters: Sequence[str]) -> Untyped:
    """Draw characters where the network keeps them, by the two main directions."""
    for x, y, text in zip(numbers["x"], numbers["y"], characters, strict=True):
        axes.text(x, y, text, ha="center", va="center", color=INK, family="monospace")
    axes.plot(numbers["x"], numbers["y"], " ")
    axes.set_aspect("equal", adjustable="datalim")
    first, second = (f"{100 * share:.0f}% of the variance" for share in numbers["variance"])
    return tidy(axes, first, second)


def plot_attention(axes: Untyped, layers: Sequence[JSON], characters: Sequence[str]) -> Untyped:
    """Draw which earlier characters each head looks at, a square a head."""
    axes.set_axis_off()
    heads = [
        (f"layer {layer}, head {head}", rows)
        for layer, found in enumerate(layers, 1)
        for head, rows in enumerate(found, 1)
    ]
    for place, (title, rows) in enumerate(heads):
        own = _inset(axes, place, len(heads))
        n = len(characters)
        shares = np.zeros((n, n))
        for i, row in enumerate(rows):
            looked = [int(share) for share in row.split()]
            shares[i, : len(looked)] = looked
        own.imshow(shares, cmap="Blues", vmin=0, vmax=100)
        own.set_xticks(range(n), characters, fontsize=5)
        own.set_yticks(range(n), characters, fontsize=5)
        own.set_title(title, fontsize=7)
    return axes


def plot_surprise(axes: Untyped, pieces: Sequence[JSON]) -> Untyped:
    """Draw pieces of text, each character shaded by the bits that it cost."""
    longest = max(len(piece["characters"]) for piece in pieces)
    bits = np.full((len(pieces), longest), np.nan)
    for i, piece in enumerate(pieces):
        bits[i, : len(piece["bits"])] = piece["bits"]
        for j, character in enumerate(piece["characters"]):
            ink = "white" if piece["bits"][j] > 0.6 * MOST_BITS else INK
            own = {"ha": "center", "va": "center", "color": ink, "family": "monospace"}
            axes.text(j, i, character, **own)
    shown = axes.imshow(bits, cmap="Blues", vmin=0, vmax=MOST_BITS)
    axes.set_axis_off()
    axes.figure.colorbar(shown, ax=axes, label="bits a character", shrink=0.7, extend="max")
    return axes


def _inset(axes: Untyped, place: int, n: int) -> Untyped:
    """Return axes for one of several pictures, four in a row."""
    columns = min(n, 4)
    rows = -(-n // columns)
    row, column = divmod(place, columns)
    width, height = 1 / columns, 1 / rows
    return axes.inset_axes(
        [column * width + 0.04, 1 - (row + 1) * height + 0.12 / rows, width - 0.06, 0.72 * height]
    )
