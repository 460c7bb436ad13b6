"""Lay out what is true and what was predicted, row by row, beside any column of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.check.maps import named_maps
from rung.check.names import is_time_name
from rung.core.dataset import Dataset
from rung.core.family import Family
from rung.errors import UsageError
from rung.explain.chances import wilson
from rung.explain.explanation import Explained, cell_text
from rung.explain.truth import predictions
from rung.report.plot_truth import Shade
from rung.typing import JSON, Array

MOST_DRAWN, MOST_LISTED = 5_000, 5
PLACES = ("sky", "map")


@dataclass(frozen=True)
class HeldOutRows:
    """Every row that was held out, with its prediction.

    Attributes
    ----------
    found : Explained
        The run.
    rows, fold, true : ndarray, shape (n_rows,)
        Training rows, the fold of each, what is true: values, or places of classes.
    outputs : ndarray, shape (n_rows, n_outputs)
        Predicted.
    """

    found: Explained
    rows: Array
    fold: Array
    true: Array
    outputs: Array

    @staticmethod
    def of(found: Explained, family: Family) -> HeldOutRows:
        """Lay out the held-out rows of a family, in the order of the run."""
        rows, fold, outputs = predictions(found, family)
        return HeldOutRows(found, rows, fold, found.prepared.problem.y[rows], outputs)

    @property
    def design(self) -> Dataset:
        """The training rows with every column of the table."""
        design: Dataset = self.found.prepared.dataset.take(self.found.prepared.train)
        return design

    def thinned(self) -> HeldOutRows:
        """Return rows at even distances, as many as a picture can show."""
        step = slice(None, None, -(-len(self.rows) // MOST_DRAWN))
        return HeldOutRows(
            self.found, self.rows[step], self.fold[step], self.true[step], self.outputs[step]
        )

    def shade(self, name: str) -> Shade:
        """Return a column, the `fold`, or the `time` of the run, for these rows.

        Raises
        ------
        UsageError
            If there is none.
        """
        if name == "fold":
            levels = tuple(f"fold {i}" for i in range(int(self.fold.max()) + 1))
            return Shade("fold", "category", self.fold, levels)
        design = self.design
        chosen = _time_column(design) if name == "time" else name
        if chosen not in design.values:
            names = ", ".join(column.name for column in design.columns[:12])
            raise UsageError(
                f"{name!r} is no column of the table; it has {names}"
                if name != "time"
                else f"the table has no column of times; it has {names}",
                "name one of these, or fold, time, sky or map",
            )
        column = design.column(chosen)
        unit = f" [{column.unit}]" if column.unit else ""
        kind = "category" if column.is_coded else column.kind
        return Shade(f"{chosen}{unit}", kind, design.values[chosen][self.rows], column.levels)

    def place(self) -> tuple[Shade, Shade]:
        """Return the two columns that say where rows were measured.

        Raises
        ------
        UsageError
            If no names say so.
        """
        found = next(iter(named_maps(self.design, self.found.target)), None)
        if found is None:
            raise UsageError(
                "no two columns are called as positions are, such as ra and dec, or lon and lat",
                "name a column that residuals are drawn by",
            )
        first, second = (self.shade(name) for name in found.columns)
        return first, second


def _time_column(design: Dataset) -> str:
    """Return the column that orders the rows in time: declared, a date, or called as times are."""
    declared = [column.name for column in design.columns if column.role == "time"]
    dates = [column.name for column in design.columns if column.kind == "datetime"]
    named = [c.name for c in design.columns if c.kind == "number" and is_time_name(c.name)]
    return next(iter([*declared, *dates, *named]), "time")


def residual_rows(held: HeldOutRows, beside: Sequence[str]) -> list[JSON]:
    """Return a row for each held-out row: what is true and predicted, its fold, columns beside."""
    design, numbers = held.design, held.found.row_numbers[held.rows]
    labels, predicted = held.found.labels(held.rows), held.outputs[:, 0]
    cells = {
        name: [cell_text(design, design.column(name), int(i)) for i in held.rows]
        if design.column(name).is_coded
        else design.values[name][held.rows].tolist()
        for name in beside
    }
    return [
        {
            "number": int(numbers[i]),
            "row": labels[i],
            "true": float(held.true[i]),
            "predicted": float(predicted[i]),
            "residual": float(predicted[i] - held.true[i]),
            "fold": int(held.fold[i]),
            **{name: values[i] for name, values in cells.items()},
        }
        for i in range(len(held.rows))
    ]


def confusion_rows(held: HeldOutRows, classes: Sequence[str]) -> list[JSON]:
    """Return a row for each cell of the confusion matrix, with the first rows behind it.

    `share` is of the rows of the true class, with a 95 % interval.
    """
    predicted = held.outputs.argmax(axis=1)
    numbers = held.found.row_numbers[held.rows]
    found: list[JSON] = []
    for i, true in enumerate(classes):
        n_true = int((held.true == i).sum())
        for j, guess in enumerate(classes):
            own = np.flatnonzero((held.true == i) & (predicted == j))
            share = len(own) / n_true if n_true else float("nan")
            low, high = wilson(share, n_true) if n_true else (float("nan"), float("nan"))
            behind: list[Any] = held.found.labels(held.rows[own[:MOST_LISTED]])
            found.append(
                {
                    "true": true,
                    "predicted": guess,
                    "n": len(own),
                    "share": share,
                    "low": low,
                    "high": high,
                    "numbers": numbers[own[:MOST_LISTED]].tolist(),
                    "rows": "; ".join(behind),
                }
            )
    return found
