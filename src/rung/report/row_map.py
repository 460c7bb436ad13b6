"""Draw a map of rows beside the same map of shuffled columns: as axes, as SVG, as a page."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np

from rung.report.figures import on_paper
from rung.report.filling import fill, style_sheet
from rung.report.html import policy
from rung.report.numbers import MINUS, clean, count, number, percent
from rung.report.plots import COLOURS, GREY, tidy
from rung.typing import JSON, Array, Untyped

# More levels cannot be told apart by colour.
MOST_LEVELS = len(COLOURS)
# A picture of more points is a bitmap inside its file: each point would take a hundred bytes.
MOST_MARKS = 2_000
TITLES = ("the rows", "the same columns, each shuffled")
# On a phone both maps are scrolled, as their words could not be read.
MAP_STYLE = "\nimg.map { width: 100%; min-width: 36rem; height: auto; }\n"
CAUTIONS = {
    "components": "A map shows what two components hold; what lies along the others is not seen.",
    "tsne": (
        "Who stands beside whom is meant. Distances between islands, their sizes and their number "
        "say nothing: t-SNE draws islands of shuffled columns too. `rung cluster` counts groups."
    ),
}


def plot_map(axes: Sequence[Untyped], found: JSON, places: Sequence[Array]) -> Sequence[Untyped]:
    """Draw the rows on the first axes, and rows of shuffled columns on the second.

    Parameters
    ----------
    axes : two axes
        Of matplotlib.
    found : dict
        From `RowMap.to_dict`.
    places : two ndarrays, shape (n_rows, 2)
        Places on the map, and on that of shuffled columns.
    """
    names = [_axis_name(found, one) for one in range(2)]
    for k, (panel, placed, title) in enumerate(zip(axes, places, TITLES, strict=True)):
        _scatter(panel, placed, found["colour"] if k == 0 else None)
        trust = found["trustworthiness_shuffled" if k else "trustworthiness"]
        panel.set_title(f"{title}\ntrustworthiness {trust:.3f}", fontsize=9)
        tidy(panel, names[0] if k == 0 else names[0].partition(" (")[0], names[1] if k == 0 else "")
        if found["method"] == "tsne":
            panel.set_xticks([])
            panel.set_yticks([])
    return axes


def _axis_name(found: JSON, one: int) -> str:
    if found["method"] == "tsne":
        return ""
    parts = found["components"]
    share = f" ({percent(parts[one]['share'])} of the variance)" if one < len(parts) else ""
    return f"component {one + 1}{share}"


def _scatter(panel: Untyped, placed: Array, colour: JSON | None) -> None:
    n = len(placed)
    style: JSON = {
        "s": float(np.clip(6000 / max(n, 1), 2, 16)),
        "alpha": 0.7,
        "linewidths": 0,
        "rasterized": n > MOST_MARKS,
    }
    if colour is None:
        panel.scatter(*placed.T, color=GREY, **style)
        return
    values = np.asarray(colour["values"], dtype=float)
    known = np.isfinite(values)
    if not known.all():
        panel.scatter(*placed[~known].T, color=GREY, label="missing", **style)
    if not colour["levels"]:
        # A few far values would leave one colour to all others.
        low, high = np.quantile(values[known], (0.01, 0.99)) if known.any() else (0.0, 1.0)
        shown = panel.scatter(
            *placed[known].T, c=values[known], cmap="cividis", vmin=low, vmax=high, **style
        )
        panel.figure.colorbar(shown, ax=panel, label=clean(colour["name"]))
        return
    for k, level in enumerate(colour["levels"][:MOST_LEVELS]):
        rows = values == k
        panel.scatter(*placed[rows].T, color=COLOURS[k], label=clean(level), **style)
    if len(colour["levels"]) > MOST_LEVELS:
        rows = values >= MOST_LEVELS
        label = f"{len(colour['levels']) - MOST_LEVELS} other levels"
        panel.scatter(*placed[rows].T, color=GREY, marker="x", label=label, **style)
    panel.legend(title=clean(colour["name"]), fontsize=7, title_fontsize=7, markerscale=3)


def map_page(found: JSON, svg: str, name: str) -> str:
    """Return the map as a whole HTML file without scripts.

    Parameters
    ----------
    found : dict
        From `RowMap.to_dict`.
    svg : str
        The picture.
    name : str
        Of the table.
    """
    style = style_sheet() + MAP_STYLE
    return fill(
        "map.html.j2",
        name=clean(name),
        n_rows=count(found["n_rows"]),
        # The policy of the page takes no style of its own; a picture in a file of its own has one.
        picture=base64.b64encode(on_paper(svg).encode("utf-8")).decode("ascii"),
        alternative=(
            f"Two maps of {count(found['n_rows'])} rows. Trustworthiness of the first "
            f"{number(found['trustworthiness'], 3)}, of shuffled columns "
            f"{number(found['trustworthiness_shuffled'], 3)}."
        ),
        caution=CAUTIONS[found["method"]].replace("`", ""),
        n_real=found["n_real"],
        n_predicting=found["n_predicting"],
        components=[
            (
                one["component"],
                percent(one["share"]),
                percent(one["by_chance"]),
                _unbroken(clean(one["words"])),
            )
            for one in found["components"]
        ],
        notes=[clean(note) for note in found["notes"]],
        columns=[clean(name) for name in found["columns"]],
        has_axes=found["n_predicting"] is None,
        style=style,
        policy=policy(style),
    )


def _unbroken(sum_of_columns: str) -> str:
    """Keep each sign on the line of its number."""
    return sum_of_columns.replace("+ ", "+\N{NO-BREAK SPACE}").replace(
        f"{MINUS} ", f"{MINUS}\N{NO-BREAK SPACE}"
    )
