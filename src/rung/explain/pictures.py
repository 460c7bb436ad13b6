"""Pictures of a run on axes of matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.core.polynomial_curves import DEGREES
from rung.core.result import Result
from rung.errors import UsageError
from rung.explain.image_plots import ImagePlots
from rung.explain.residuals import PLACES, HeldOutRows
from rung.report import plots
from rung.report.figures import new_axes, plot_ladder
from rung.report.plot_polynomials import plot_polynomials
from rung.report.plot_surface import plot_surfaces
from rung.report.plot_truth import (
    plot_coloured,
    plot_confusion,
    plot_laid_out,
    plot_on_map,
    plot_precision,
)
from rung.typing import JSON, Array, Untyped

WIDE, TALL = 4.2, 3.8


@dataclass(frozen=True)
class Plots(ImagePlots):
    """Pictures of a run on axes of matplotlib; every method takes `ax` and returns it.

    `family` is the choice of the run if not given.
    """

    result: Result
    explain: Any

    def ladder(self, ax: Untyped = None) -> Untyped:
        """Draw every family's score with its interval."""
        return plot_ladder(self.result, ax)

    def importance(self, family: str | None = None, ax: Untyped = None) -> Untyped:
        """Draw what each column is worth."""
        return plots.plot_importance(on_axes(ax), self.explain.importance(family).data)

    def effects(self, column: str, family: str | None = None, ax: Untyped = None) -> Untyped:
        """Draw how predictions change with a column."""
        data = self.explain.effects(column, family).data
        (own,) = data["columns"]
        return plots.plot_effect(on_axes(ax), own, data["outputs"], self.result.target)

    def polynomials(
        self, column: str, degrees: Sequence[int] = DEGREES, ax: Untyped = None
    ) -> Untyped:
        """Draw a line, a curve and one that bends too far through a column, with their scores."""
        return plot_polynomials(on_axes(ax), self.explain.polynomials(column, degrees).data)

    def surface(
        self,
        first: str,
        second: str,
        families: Sequence[str] | str | None = None,
        ax: Untyped = None,
        **options: Untyped,
    ) -> Untyped:
        """Draw how predictions change with two columns together, families side by side.

        Returns axes, an array of them where several families are named; `options` are `fold` and
        `of` of `run.explain.surface`.
        """
        data = self.explain.surface(first, second, families, **options).data["surfaces"]
        several = not (families is None or isinstance(families, str))
        axes: Array = surface_axes(len(data)) if ax is None else np.ravel(ax)
        if len(axes) != len(data):
            raise UsageError(
                f"{len(axes)} axes were given for {len(data)} families", "give one for each"
            )
        plot_surfaces(list(axes), data, self.result)
        return axes if several else axes[0]

    def truth(
        self, family: str | None = None, ax: Untyped = None, *, color: str | None = None
    ) -> Untyped:
        """Draw predicted against true values, in the colours of a column, of the `fold` or `time`."""
        data = self._truth(family, of_values=True)
        if color is None:
            return plots.plot_truth(on_axes(ax), data, self.result.target)
        held, axes = self._rows(family), on_axes(ax)
        predicted = held.outputs[:, 0]
        ends = [
            min(held.true.min(), predicted.min()),
            max(held.true.max(), predicted.max()),
        ]
        axes.plot(ends, ends, "--", color=plots.GREY, linewidth=1)
        titles = f"true {self.result.target}", f"predicted {self.result.target}"
        return plot_coloured(axes, held.true, predicted, held.shade(color), titles=titles)

    def residuals(
        self,
        family: str | None = None,
        ax: Untyped = None,
        *,
        by: str | None = None,
        color: str | None = None,
    ) -> Untyped:
        """Draw predictions less truth: by the prediction, by a column or `time`, on the `sky` or `map`.

        `color` is a column, `fold` or `time`, and gives points by the prediction its colours.
        """
        data = self._truth(family, of_values=True)
        if by is None and color is None:
            return plots.plot_residuals(on_axes(ax), data, self.result.target)
        if by is not None and color is not None:
            raise UsageError(
                f"by={by!r} and color={color!r} were given; a picture shows one of them",
                "leave one out",
            )
        held, axes = self._rows(family), on_axes(ax)
        residual = held.outputs[:, 0] - held.true
        if by in PLACES:
            return plot_on_map(axes, held.place(), residual, "prediction less truth")
        if by is not None:
            return plot_laid_out(axes, residual, held.shade(by), "prediction less truth")
        axes.axhline(0.0, color=plots.GREY, linestyle="--", linewidth=1)
        titles = f"predicted {self.result.target}", "prediction less truth"
        shade = held.shade(color or "fold")
        return plot_coloured(axes, held.outputs[:, 0], residual, shade, titles=titles)

    def calibration(self, family: str | None = None, ax: Untyped = None) -> Untyped:
        """Draw the share observed by the probability predicted."""
        return plots.plot_calibration(on_axes(ax), self._truth(family, of_values=False))

    def roc(self, family: str | None = None, ax: Untyped = None) -> Untyped:
        """Draw ROC curves with bands over folds."""
        return plots.plot_roc(on_axes(ax), self._truth(family, of_values=False))

    def precision_recall(self, family: str | None = None, ax: Untyped = None) -> Untyped:
        """Draw precision by recall with bands over folds."""
        return plot_precision(on_axes(ax), self._truth(family, of_values=False))

    def confusion(self, family: str | None = None, ax: Untyped = None) -> Untyped:
        """Draw how often each class was taken for each, out of fold."""
        rows = self.explain.confusion(family).rows
        return plot_confusion(on_axes(ax), rows, self.result.classes)

    def _rows(self, family: str | None) -> HeldOutRows:
        held: HeldOutRows = self.explain.held_out_rows(family)
        return held.thinned()

    def _truth(self, family: str | None, *, of_values: bool) -> JSON:
        if bool(self.result.classes) == of_values:
            able = "calibration and roc" if of_values else "truth and residuals"
            raise UsageError(
                f"this picture is for {'values' if of_values else 'classes'}, and the run predicts "
                f"{'classes' if of_values else 'values'}",
                f"use {able}",
            )
        found: JSON = self.explain.truth(family).data
        return found


def on_axes(ax: Untyped) -> Untyped:
    """Return the axes that were given, or new ones."""
    return new_axes() if ax is None else ax


def surface_axes(n: int) -> Array:
    """Return axes beside one another, with common scales, in a new figure."""
    first = new_axes(TALL)
    figure = first.figure
    first.remove()
    figure.set_size_inches(WIDE * n + 0.8, TALL)
    found: Array = figure.subplots(1, n, sharex=True, sharey=True, squeeze=False)[0]
    return found
