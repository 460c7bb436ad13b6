"""Draw polynomials of one column through its rows: a line, a curve, a curve that bends too far."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from rung.report.figures import Figure, drawn
from rung.report.plots import COLOURS, GREY, tidy
from rung.report.words import metric_words
from rung.typing import JSON, Untyped

MOST_POINTS, ROOM = 1_000, 0.15
STYLES = ("-", "--", "-.", ":")


def plot_polynomials(axes: Untyped, found: JSON) -> Untyped:
    """Draw rows, each polynomial with the curves of its folds, and scores in the legend.

    Parameters
    ----------
    axes : Axes
        Where to.
    found : dict
        `column`, `target`, `points` and `curves`, from `polynomials_of`.
    """
    points = found["points"]
    axes.plot(points["x"], points["y"], ".", color=GREY, alpha=0.5, markersize=4)
    rmse = metric_words("rmse").title
    for k, curve in enumerate(found["curves"]):
        colour = COLOURS[k % len(COLOURS)]
        for line in curve["of_folds"]:
            axes.plot(curve["places"], line, color=colour, alpha=0.25, linewidth=0.8)
        label = (
            f"degree {curve['degree']}: {rmse} {curve['training']['rmse']:.3g} training, "
            f"{curve['held_out']['rmse']['mean']:.3g} held out"
        )
        style = STYLES[k % len(STYLES)]
        axes.plot(curve["places"], curve["heights"], style, color=colour, linewidth=2, label=label)
    low, high = min(points["y"]), max(points["y"])
    room = ROOM * ((high - low) or 1.0)
    axes.set_ylim(low - room, high + room)
    axes.legend(frameon=False, fontsize="small")
    return tidy(axes, found["column"], found["target"])


def polynomial_figure(found: JSON) -> Figure:
    """Return the picture as a file, with a row of numbers for each degree."""
    return Figure(
        drawn(4.2, lambda canvas: plot_polynomials(canvas.add_subplot(), found)),
        tuple(polynomial_rows(found)),
    )


def polynomial_rows(found: JSON) -> list[JSON]:
    """Return the scores of each degree."""
    return [
        {
            "degree": curve["degree"],
            "training_rmse": curve["training"]["rmse"],
            "held_out_rmse": curve["held_out"]["rmse"]["mean"],
            "low": curve["held_out"]["rmse"]["low"],
            "high": curve["held_out"]["rmse"]["high"],
            "held_out_r2": curve["held_out"]["r2"]["mean"],
        }
        for curve in found["curves"]
    ]


def polynomial_lines(found: JSON) -> list[str]:
    """Say the scores of each degree, and which is the best on rows that it did not learn from."""
    rows = polynomial_rows(found)
    best = min(rows, key=lambda row: row["held_out_rmse"])["degree"]
    head = (
        f"{found['target']} by {found['column']}, {found['n_rows']} rows, {found['n_folds']} folds"
    )
    gone = f"; {found['n_missing']} rows without a value are left out" if found["n_missing"] else ""
    return [
        f"{head}{gone}",
        *(
            f"degree {row['degree']}: RMSE {row['training_rmse']:.4g} on training rows, "
            f"{row['held_out_rmse']:.4g} ({row['low']:.4g} to {row['high']:.4g}) on held-out rows"
            f"{', the best' if row['degree'] == best else ''}"
            for row in rows
        ),
    ]


def polynomials_html(found: JSON) -> str:
    """Return the picture with its table, for notebooks."""
    rows = polynomial_rows(found)
    head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{value:.4g}</td>" for value in row.values()) + "</tr>"
        for row in rows
    )
    svg = polynomial_figure(found).svg
    return f"{svg[svg.index('<svg') :]}<table><tr>{head}</tr>{body}</table>"


def polynomials_data(curves: Sequence[Untyped], x: Untyped, y: Untyped, **about: Untyped) -> JSON:
    """Return curves and rows as data; of many rows a part at even distances.

    Parameters
    ----------
    curves : sequence of PolynomialCurve
        From `rung.core.polynomial_curves`.
    x, y : ndarray, shape (n_rows,)
        The rows.
    **about
        `column`, `target`, `n_missing`.
    """
    step = -(-len(x) // MOST_POINTS)
    return {
        **about,
        "n_rows": len(x),
        "n_folds": len(curves[0].of_folds),
        "points": {"x": np.asarray(x)[::step].tolist(), "y": np.asarray(y)[::step].tolist()},
        "curves": [
            {
                "degree": one.degree,
                "places": one.places.tolist(),
                "heights": one.heights.tolist(),
                "of_folds": one.of_folds.tolist(),
                "training": one.training,
                "held_out": {
                    key: {"mean": score.mean, "low": score.low, "high": score.high}
                    for key, score in one.held_out.items()
                },
            }
            for one in curves
        ],
    }
