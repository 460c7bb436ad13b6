"""Draw which fold holds out which block, as a small SVG with the table behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from itertools import cycle, islice

import numpy as np

from rung.core.result import BlockSummary, Result
from rung.report.drawing import nice_step
from rung.report.filling import fill
from rung.report.numbers import clean
from rung.report.plots import plot_blocks
from rung.report.sections.section import Drawing, Section
from rung.typing import JSON, Array

# Okabe & Ito (2008), Color Universal Design: eight colours that all kinds of sight tell apart; a
# numeral in each mark says the fold without any colour.
COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#999999")
DARK = frozenset({"#009e73", "#0072b2", "#d55e00"})
SEALED, ASIDE = -1, -2
WIDTH, MARGIN, LEAST_HEIGHT, MOST_HEIGHT = 640.0, 46.0, 160.0, 460.0
LARGEST_MARK, SMALLEST_MARK, LEAST_WITH_NUMERAL = 12.0, 2.5, 6.0


def fold_map(
    across: Array,
    up: Array,
    fold: Array,
    *,
    rows: Array | None = None,
    names: tuple[str, str] = ("x", "y"),
) -> tuple[str, tuple[JSON, ...]]:
    """Draw blocks where they lie, each with the number of the fold that holds it out.

    Parameters
    ----------
    across, up : ndarray, shape (n_blocks,)
        Longitude and latitude, or x and y.
    fold : ndarray of int, shape (n_blocks,)
        Fold, from 0; -1 for sealed blocks, -2 for blocks that are set aside.
    rows : ndarray of int, shape (n_blocks,), optional
        Rows of each block; one each unless given.
    names : tuple of str
        Names of the two columns.

    Returns
    -------
    svg : str
        An SVG element without script or style, ink in `currentColor`.
    table : tuple of dict
        The same as a table, a row a fold: `fold`, `blocks`, `rows`.

    Examples
    --------
    >>> svg, table = fold_map(np.array([0.0, 9.0]), np.array([5.0, 5.0]), np.array([0, -1]))
    >>> [(row["fold"], row["blocks"]) for row in table]
    [('1', 1), ('sealed', 1)]
    """
    rows = np.ones(len(fold), dtype=int) if rows is None else rows
    frame = _MapFrame(across, up)
    size = min(LARGEST_MARK, max(SMALLEST_MARK, 0.3 * math.sqrt(frame.area / max(len(fold), 1))))
    marks = [
        _mark(*frame.place(float(x), float(y)), int(k), size)
        for x, y, k in zip(across, up, fold, strict=True)
    ]
    table = _table(fold, rows)
    words = "; ".join(f"{_title(row)}: {row['blocks']} blocks" for row in table)
    svg = (
        f'<svg viewBox="0 0 {WIDTH:g} {frame.height:.0f}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg" font-size="11" fill="currentColor" '
        f'aria-label="Map of blocks and the fold that holds each out. {escape(words)}.">'
        f"{frame.axes(names)}{''.join(marks)}</svg>"
    )
    return svg, table


def fold_map_section(result: Result) -> JSON | None:
    """Return the map of a run in space, its table and its caption; None for any other run."""
    found = result.folds.dependence
    if found is None or not found.blocks:
        return None
    blocks: Sequence[BlockSummary] = found.blocks
    space = result.options.get("space") or ("x", "y")
    svg, table = fold_map(
        np.array([block.across for block in blocks]),
        np.array([block.up for block in blocks]),
        np.array([block.fold for block in blocks]),
        rows=np.array([block.rows for block in blocks]),
        names=(clean(space[0]), clean(space[1])),
    )
    return {"svg": svg, "table": table, "n_blocks": len(blocks)}


def render(found: JSON, result: Result) -> str:
    """Return the map, its caption and its table."""
    return fill("fold_map.html.j2", fold_map=found)


class _MapFrame:
    """Turn positions into places of the picture."""

    def __init__(self, across: Array, up: Array) -> None:
        self.left, self.right = _limits(across)
        self.low, self.high = _limits(up)
        inner = WIDTH - 2 * MARGIN
        shape = (self.high - self.low) / (self.right - self.left)
        drawn = min(max(inner * shape, LEAST_HEIGHT - 2 * MARGIN), MOST_HEIGHT - 2 * MARGIN)
        self.height = drawn + 2 * MARGIN
        self.area = inner * drawn

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a position."""
        share_x = (x - self.left) / (self.right - self.left)
        share_y = (y - self.low) / (self.high - self.low)
        return (
            MARGIN + share_x * (WIDTH - 2 * MARGIN),
            self.height - MARGIN - share_y * (self.height - 2 * MARGIN),
        )

    def axes(self, names: tuple[str, str]) -> str:
        """Draw the frame with a few numbers and the names of the columns."""
        x, y = self.place(self.left, self.high)
        width, height = WIDTH - 2 * MARGIN, self.height - 2 * MARGIN
        stroke = 'fill="none" stroke="currentColor" stroke-opacity="0.35"'
        box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        parts = [f"<rect {box} {stroke}/>"]
        for value in _ticks(self.left, self.right):
            at, _ = self.place(value, self.low)
            parts.append(_text(at, self.height - MARGIN + 14, f"{value:g}"))
        for value in _ticks(self.low, self.high):
            _, at = self.place(self.left, value)
            parts.append(_text(MARGIN - 5, at + 4, f"{value:g}", anchor="end"))
        parts.append(_text(WIDTH / 2, self.height - 8, names[0]))
        parts.append(_text(MARGIN - 5, MARGIN - 12, names[1], anchor="start"))
        return "".join(parts)


def _limits(values: Array) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    pad = 0.06 * (high - low) or 0.5 * (abs(low) or 1.0)
    return low - pad, high + pad


def _ticks(low: float, high: float) -> list[float]:
    step = nice_step(high - low)
    first = math.ceil(low / step)
    return [round(step * k, 12) for k in range(first, math.floor(high / step) + 1)]


def _text(x: float, y: float, said: str, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def _mark(x: float, y: float, fold: int, size: float) -> str:
    if fold < 0:
        side, dash = 1.6 * size, ' stroke-dasharray="2 2"' if fold == ASIDE else ""
        return (
            f'<rect x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" width="{side:.1f}" '
            f'height="{side:.1f}" fill="none" stroke="currentColor" stroke-width="1.5"{dash}/>'
        )
    colour = next(islice(cycle(COLOURS), fold, None))
    disc = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{colour}"/>'
    if size < LEAST_WITH_NUMERAL:
        return disc
    ink = "#ffffff" if colour in DARK else "#000000"
    return (
        f'{disc}<text x="{x:.1f}" y="{y + 0.35 * size:.1f}" text-anchor="middle" fill="{ink}" '
        f'font-size="{size:.1f}">{fold + 1}</text>'
    )


def _table(fold: Array, rows: Array) -> tuple[JSON, ...]:
    order = sorted(np.unique(fold).tolist(), key=lambda k: (k < 0, k if k >= 0 else -k))
    named = {SEALED: "sealed", ASIDE: "set aside"}
    return tuple(
        {
            "fold": named.get(k, str(k + 1)),
            "blocks": int((fold == k).sum()),
            "rows": int(rows[fold == k].sum()),
        }
        for k in order
    )


def _title(row: JSON) -> str:
    fold = str(row["fold"])
    return f"fold {fold}" if fold.isdigit() else fold


def fold_map_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the map as a figure."""
    found, dependence = fold_map_section(result), result.folds.dependence
    if found is None or dependence is None:
        return []
    names = [clean(name) for name in result.options.get("space") or ("x", "y")][:2]
    words = "; ".join(f"{_title(row)}: {row['blocks']} blocks" for row in found["table"])
    return [
        Drawing(
            name="fold-map",
            title="Where the rows were held out",
            says=f"Map of blocks and the fold that holds each out. {words}.",
            draw=lambda axes: plot_blocks(axes, dependence.blocks, names),
            height=4.4,
        )
    ]


SECTION = Section(
    name="fold-map",
    title="Where the {units} were held out",
    position=1650,
    phase="data preparation",
    data=lambda result, summary: fold_map_section(result),
    render=render,
    drawings=fold_map_drawings,
)
