"""Draw redshifts said against true, and how error grows with redshift; from kept numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.photoz.climbing import Climbed
from benchmarks.photoz.metrics import scatter

PANELS = {"galaxies": "SDSS, galaxies", "lsst": "LSST, simulated"}
LARGEST = {"galaxies": 0.35, "lsst": 2.5}
CELLS, BINS = 50, 10
COLOURS = {
    "linear": "#a3440c",
    "tree": "#8a6d00",
    "forest": "#2f7d4f",
    "boosting": "#0a569f",
    "mlp": "#7a3b8f",
}
FILES = ("said.svg", "error.svg")


def numbers(climbed: Climbed) -> dict[str, Any]:
    """Return counts of rows by true and said redshift, and dz in ten bins of equal counts.

    The bins are of the redshift that was *said*: a catalogue knows no other.
    """
    found, choice = climbed.run.out_of_fold, climbed.run.verdict.family
    true, top = found["target"], LARGEST[climbed.case.name]
    edges = np.linspace(0.0, top, CELLS + 1)
    counts, _, _ = np.histogram2d(true, found[choice], bins=(edges, edges))
    lines = {}
    for family in COLOURS:
        order = np.argsort(found[family], kind="stable")
        dz = climbed.residuals(family)
        parts = np.array_split(order, BINS)
        lines[family] = [
            [
                round(float(np.median(found[family][part])), 5),
                round(float(np.median(dz[part])), 5),
                round(float(scatter(dz[part])), 5),
            ]
            for part in parts
        ]
    return {
        "family": choice,
        "top": top,
        "left_out": int(len(true) - counts.sum()),
        "counts": counts.astype(int).tolist(),
        "lines": lines,
    }


def drawn(name: str, found: dict[str, Any]) -> str:
    """Return one of `FILES` as SVG text."""
    from rung.report.figures import drawn as as_svg

    draw = {"said.svg": _draw_said, "error.svg": _draw_error}[name]
    return as_svg(3.2 if name == "said.svg" else 4.6, lambda canvas: draw(canvas, found))


def _draw_said(canvas: Any, found: dict[str, Any]) -> None:
    """Shade cells by the number of rows, on a logarithmic scale."""
    from matplotlib.colors import LogNorm

    for axes, (key, title) in zip(canvas.subplots(1, 2), PANELS.items(), strict=True):
        one = found[key]
        edges = np.linspace(0.0, one["top"], CELLS + 1)
        counts = np.ma.masked_equal(np.array(one["counts"]).T, 0)
        axes.pcolormesh(edges, edges, counts, cmap="Blues", norm=LogNorm(0.3), rasterized=True)
        axes.plot([0, one["top"]], [0, one["top"]], linewidth=0.8, color="#a3440c")
        axes.set_title(f"{title}: {one['family']}", fontsize=9)
        axes.set_xlabel("redshift by spectrum" if key == "galaxies" else "true redshift")
        axes.set_ylabel("out-of-fold prediction")
        axes.set_aspect("equal")


def _draw_error(canvas: Any, found: dict[str, Any]) -> None:
    """Draw the median and the scatter of dz against the redshift that was said."""
    axes = canvas.subplots(2, 2, sharex="col")
    for column, (key, title) in enumerate(PANELS.items()):
        for family, colour in COLOURS.items():
            said, middle, spread = np.array(found[key]["lines"][family]).T
            axes[0, column].plot(said, middle, color=colour, linewidth=1.2, label=family)
            axes[1, column].plot(said, spread, color=colour, linewidth=1.2)
        axes[0, column].axhline(0.0, color="#68717e", linewidth=0.6)
        axes[0, column].set_title(title, fontsize=9)
        axes[1, column].set_xlabel("predicted redshift")
        axes[1, column].set_ylim(bottom=0.0)
    axes[0, 0].set_ylabel("median dz")
    axes[1, 0].set_ylabel("scatter of dz")
    axes[0, 1].legend(frameon=False, fontsize=7)
