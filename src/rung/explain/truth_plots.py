"""Pictures that hold predictions against the truth, on axes of matplotlib."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rung.core.result import Result
from rung.errors import UsageError
from rung.explain.residuals import PLACES, HeldOutRows
from rung.report import plots
from rung.report.figures import new_axes
from rung.report.plot_truth import (
    plot_coloured,
    plot_confusion,
    plot_laid_out,
    plot_on_map,
    plot_precision,
)
from rung.typing import JSON, Untyped


@dataclass(frozen=True)
class TruthPlots:
    """Pictures of predictions on rows that models have not seen.

    `family` is the choice of the run if not given; `ax` is returned, new axes if not given.
    """

    result: Result
    explain: Any

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
