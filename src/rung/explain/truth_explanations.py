"""Hold predictions against the truth as tables: every row, confusions, curves, calibration."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rung.core.result import Result
from rung.errors import UsageError
from rung.explain.residuals import HeldOutRows, confusion_rows, residual_rows
from rung.report.sections.chances import calibration_lines, curve_lines, curve_rows


class TruthExplanations(ABC):
    """Tables of what is true beside what was predicted, each with a short text and HTML."""

    result: Result

    @abstractmethod
    def truth(self, family: str | None = None) -> Any:
        """Return predictions held against the truth."""

    @abstractmethod
    def held_out_rows(self, family: str | None = None) -> HeldOutRows:
        """Return every row that was held out, with its prediction."""

    def residuals(self, family: str | None = None, beside: Sequence[str] = ()) -> Any:
        """Return what is true and predicted for every held-out row, with columns beside."""
        self._of(values=True)
        held, view = self.held_out_rows(family), self.truth(family)
        for name in beside:
            held.shade(name)
        return replace(view, rows=tuple(residual_rows(held, beside)))

    def confusion(self, family: str | None = None) -> Any:
        """Return how often each class was taken for each, with intervals, and rows behind it."""
        self._of(values=False)
        held, view = self.held_out_rows(family), self.truth(family)
        rows = confusion_rows(held, self.result.classes)
        lines = [f"{row['true']} taken for {row['predicted']}: {row['n']} rows" for row in rows]
        return replace(view, rows=tuple(rows), lines=tuple(lines))

    def curves(self, family: str | None = None) -> Any:
        """Return ROC and precision-recall curves with the lowest and highest of folds."""
        self._of(values=False)
        view = self.truth(family)
        rows, lines = curve_rows(view.data["curves"]), curve_lines(view.data["curves"])
        return replace(view, rows=tuple(rows), lines=tuple(lines))

    def calibration(self, family: str | None = None) -> Any:
        """Return shares observed by probabilities predicted, and the expected calibration error."""
        self._of(values=False)
        view = self.truth(family)
        found = view.data["calibration"]
        return replace(view, rows=tuple(found["bins"]), lines=tuple(calibration_lines(found)))

    def _of(self, *, values: bool) -> None:
        if bool(self.result.classes) == values:
            raise UsageError(
                f"this is for {'values' if values else 'classes'}, and the run predicts "
                f"{'classes' if values else 'values'}",
                "use confusion, curves or calibration" if values else "use residuals",
            )
