"""Draw polynomials of one column of a run, on the folds of the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.folds import Split
from rung.core.polynomial_curves import DEGREES, polynomial_curves
from rung.errors import UsageError
from rung.explain.explanation import Explained
from rung.report.plot_polynomials import (
    polynomial_lines,
    polynomial_rows,
    polynomials_data,
    polynomials_html,
)
from rung.typing import JSON, Untyped


@dataclass(frozen=True)
class PolynomialView:
    """Polynomials of one column with their scores on training rows and on held-out ones.

    Attributes
    ----------
    data : dict
        Rows, curves and scores.
    """

    data: JSON

    def frame(self) -> Untyped:
        """Return the scores of each degree as a polars frame."""
        import polars as pl

        return pl.DataFrame(polynomial_rows(self.data))

    def __repr__(self) -> str:
        return "\n".join(polynomial_lines(self.data))

    def _repr_html_(self) -> str:
        return polynomials_html(self.data)


def polynomials_of(
    found: Explained, column: str, degrees: Sequence[int] = DEGREES
) -> PolynomialView:
    """Fit polynomials of a column to the target of a run.

    Raises
    ------
    UsageError
        If the run predicts classes, or the column holds no numbers.
    """
    problem, design = found.prepared.problem, found.prepared.problem.design
    if problem.classes:
        raise UsageError(
            "polynomials of a column are drawn for values, and the run predicts classes",
            "use effects, which draws probabilities",
        )
    numbers = [one.name for one in design.columns if one.kind == "number" and one.role != "target"]
    if column not in numbers:
        raise UsageError(
            f"column {column!r} is none of the run's columns of numbers: {', '.join(numbers)}",
            "name one of these",
        )
    values = design.values[column]
    known = np.flatnonzero(np.isfinite(values))
    place = np.full(len(values), -1)
    place[known] = np.arange(len(known))
    splits = [
        Split(
            place[split.train][place[split.train] >= 0], place[split.test][place[split.test] >= 0]
        )
        for _, split in found.first_repeat()
    ]
    used = [split for split in splits if len(split.train) and len(split.test)]
    if not used:
        raise UsageError(f"column {column!r} has no value in any fold", "name another column")
    x, y = values[known], problem.y[known]
    curves = polynomial_curves(x, y, degrees, splits=used)
    about = {"column": column, "target": found.target, "n_missing": len(values) - len(known)}
    return PolynomialView(polynomials_data(curves, x, y, **about))
