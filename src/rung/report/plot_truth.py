"""Draw predictions and residuals in the colours of a column, on the sky or a map, and confusions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.report.plots import COLOURS, GREY, tidy
from rung.typing import JSON, Array, Untyped

# What is too high is orange, as on the page.
SCALE, BOTH_WAYS = "viridis", "PuOr_r"
# Of Okabe & Ito (2008), with two more that a colour-blind eye tells from them.
MANY = (*COLOURS, "#56B4E9", "#000000")


@dataclass(frozen=True)
class Shade:
    """A column that rows are coloured or laid out by.

    Attributes
    ----------
    name : str
        Its name, with its unit.
    kind : str
        `number`, `boolean`, `datetime` or `category`.
    values : ndarray, shape (n_rows,)
        Numbers; places in `levels`, -1 for missing, of a category.
    levels : tuple of str
        Of a category.
    """

    name: str
    kind: str
    values: Array
    levels: tuple[str, ...] = ()


def plot_coloured(
    axes: Untyped, x: Array, y: Array, shade: Shade | None, *, titles: tuple[str, str]
) -> Untyped:
    """Draw points in the colours of a column: a bar for numbers, a legend for levels.

    Parameters
    ----------
    axes : Axes
        Where to.
    x, y : ndarray, shape (n_rows,)
        Points.
    shade : Shade or None
        The column; all alike if None.
    titles : tuple of str
        Of both axes.
    """
    if shade is None:
        axes.plot(x, y, ".", color=COLOURS[0], alpha=0.6)
        return tidy(axes, *titles)
    if shade.kind == "category":
        _draw_levels(axes, x, y, shade)
        return tidy(axes, *titles)
    known = np.isfinite(shade.values)
    axes.plot(x[~known], y[~known], ".", color=GREY, alpha=0.5)
    drawn = axes.scatter(x[known], y[known], c=_numbers(shade)[known], cmap=SCALE, s=12)
    label = f"{shade.name} [year]" if shade.kind == "datetime" else shade.name
    axes.figure.colorbar(drawn, ax=axes, label=label)
    return tidy(axes, *titles)


def _numbers(shade: Shade) -> Array:
    """Return numbers; of moments the year with its fraction."""
    if shade.kind != "datetime":
        return shade.values
    return 1970.0 + shade.values / (365.2425 * 86_400.0)


def _draw_levels(axes: Untyped, x: Array, y: Array, shade: Shade) -> None:
    counts = np.bincount(shade.values[shade.values >= 0], minlength=len(shade.levels))
    shown = np.sort(np.argsort(-counts, kind="stable")[: len(MANY)])
    rest = ~np.isin(shade.values, shown)
    if rest.any():
        axes.plot(x[rest], y[rest], ".", color=GREY, alpha=0.5, label="others")
    for colour, code in zip(MANY, shown.tolist(), strict=False):
        own = shade.values == code
        if own.any():
            axes.plot(x[own], y[own], ".", color=colour, alpha=0.7, label=shade.levels[code])
    axes.legend(frameon=False, title=shade.name, fontsize="small")


def plot_laid_out(axes: Untyped, residual: Array, by: Shade, titles: str) -> Untyped:
    """Draw residuals by a column; levels of a category stand in a row."""
    x = by.values.astype("datetime64[s]") if by.kind == "datetime" else by.values
    axes.axhline(0.0, color=GREY, linestyle="--", linewidth=1)
    axes.plot(x, residual, ".", color=COLOURS[0], alpha=0.5)
    if by.kind == "category":
        axes.set_xticks(range(len(by.levels)), by.levels)
    return tidy(axes, by.name, titles)


def plot_on_map(axes: Untyped, place: Sequence[Shade], residual: Array, title: str) -> Untyped:
    """Draw residuals where rows were measured; what is too high and too low has its own colour."""
    most = float(np.quantile(np.abs(residual), 0.98)) or 1.0
    order = np.argsort(np.abs(residual), kind="stable")
    x, y = (one.values[order] for one in place)
    drawn = axes.scatter(
        x, y, c=residual[order], cmap=BOTH_WAYS, vmin=-most, vmax=most, s=12,
        edgecolors=GREY, linewidths=0.2,
    )  # fmt: skip
    axes.figure.colorbar(drawn, ax=axes, label=title)
    return tidy(axes, place[0].name, place[1].name)


def plot_precision(axes: Untyped, found: JSON) -> Untyped:
    """Draw precision by recall, with the lowest and highest of folds, and the share of the class."""
    for k, one in enumerate(each for each in found["curves"] if each["roc"]):
        band, colour = one["precision"], COLOURS[k % len(COLOURS)]
        axes.fill_between(one["places"], band["low"], band["high"], color=colour, alpha=0.15)
        axes.plot(one["places"], band["mean"], color=colour, label=one["class"])
        axes.axhline(one["share"], color=colour, linestyle="--", linewidth=1)
    axes.legend(frameon=False, loc="lower left")
    return tidy(axes, "recall", "precision")


def plot_confusion(axes: Untyped, rows: Sequence[JSON], classes: Sequence[str]) -> Untyped:
    """Draw the confusion matrix: counts, shaded by their share of the true class."""
    n = len(classes)
    shares = np.array([row["share"] for row in rows], dtype=float).reshape(n, n)
    axes.imshow(np.nan_to_num(shares), cmap="Blues", vmin=0.0, vmax=1.0)
    for place, row in enumerate(rows):
        i, j = divmod(place, n)
        colour = "white" if shares[i, j] > 0.5 else "black"
        says = f"{row['n']:,}" + (f"\n{row['share']:.0%}" if np.isfinite(shares[i, j]) else "")
        axes.text(j, i, says, ha="center", va="center", color=colour)
    axes.set_xticks(range(n), classes)
    axes.set_yticks(range(n), classes)
    axes.set_xlabel("predicted")
    axes.set_ylabel("true")
    return axes
