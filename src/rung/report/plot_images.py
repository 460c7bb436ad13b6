"""Draw small pictures on axes of matplotlib, for notebooks and papers.

Pictures are PNG files in base 64, as results hold them.
"""

from __future__ import annotations

from collections.abc import Sequence

from rung.images.pictures import decoded
from rung.report.numbers import clean, shorten
from rung.typing import JSON, Untyped

GAP, LONGEST = 0.06, 32


def plot_rows(axes: Untyped, rows: Sequence[tuple[str, Sequence[str]]]) -> Untyped:
    """Draw rows of pictures, each with its label on the left."""
    for i, (label, pictures) in enumerate(rows):
        for j, png in enumerate(pictures):
            _put(axes, png, j, -i)
        axes.text(-0.15, 0.5 - i, shorten(clean(label), LONGEST), ha="right", va="center")
    most = max((len(pictures) for _, pictures in rows), default=1)
    return _framed(axes, (-1.6, most), (1 - len(rows), 1))


def plot_captioned(axes: Untyped, pictures: Sequence[tuple[str, str]], columns: int) -> Untyped:
    """Draw pictures beside and below one another, each with a line or two below it."""
    tall = 1.3 + 0.12 * max((text.count("\n") for _, text in pictures), default=0)
    for place, (png, text) in enumerate(pictures):
        x, y = place % columns, -tall * (place // columns)
        _put(axes, png, x, y)
        lines = [shorten(clean(line), LONGEST) for line in text.split("\n")]
        axes.text(x + 0.5, y - 0.03, "\n".join(lines), ha="center", va="top", fontsize="small")
    n_rows = -(-len(pictures) // columns)
    return _framed(axes, (0, columns), (1 - tall * n_rows, 1))


def plot_matrix(axes: Untyped, matrix: JSON) -> Untyped:
    """Draw a confusion matrix with the surest image of each cell, and its count."""
    classes = matrix["classes"]
    for i, row in enumerate(matrix["rows"]):
        for j, cell in enumerate(row["cells"]):
            for one in cell["images"][:1]:
                _put(axes, one["png"], j, -i, room=0.18)
            axes.text(j + 0.5, 0.02 - i, cell["count"], ha="center", va="bottom", fontsize="small")
        axes.text(-0.15, 0.5 - i, shorten(row["name"], LONGEST), ha="right", va="center")
    for j, name in enumerate(classes):
        axes.text(j + 0.5, 1.1, shorten(name, LONGEST), ha="left", va="bottom", rotation=40)
    axes.text(-0.15, 1.15, "true \\ predicted", ha="right", va="bottom", fontsize="small")
    return _framed(axes, (-2, len(classes) + 0.4), (1 - len(classes), 2.2))


def _put(axes: Untyped, png: str, x: float, y: float, room: float = 0.0) -> None:
    """Draw a picture in the square above and to the right of a place, as large as fits."""
    pixels = decoded(png)
    height, width = pixels.shape[:2]
    side = 1 - 2 * GAP - room
    scale = side / max(height, width)
    left, low = x + (1 - scale * width) / 2, y + room + GAP + (side - scale * height) / 2
    ends = (left, left + scale * width, low, low + scale * height)
    axes.imshow(pixels, extent=ends, interpolation="nearest", aspect="equal")


def _framed(axes: Untyped, x: tuple[float, float], y: tuple[float, float]) -> Untyped:
    axes.set_xlim(*x)
    axes.set_ylim(*y)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return axes
