"""Name a row's cells, its prediction and its classes for a picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.core.dataset import Dataset
from rung.graph.numbers import number
from rung.graph.parts import BoxLine, Fact, Node
from rung.kinds.table.model import FittedModel
from rung.typing import Array

MOST_CLASSES = 3


@dataclass(frozen=True)
class Row:
    """One row of a table with the model that predicts it.

    Attributes
    ----------
    fitted : FittedModel
        The model.
    design : Dataset
        The table, coded to the model's columns.
    row : int
        Counted from 1.
    table : str
        Name of the table.
    """

    fitted: FittedModel
    design: Dataset
    row: int
    table: str

    @property
    def index(self) -> Array:
        """The row as the models want it, shape (1,)."""
        return np.array([self.row - 1])

    @property
    def title(self) -> str:
        """One line that says what is shown."""
        return (
            f"{self.fitted.family.title} predicts {self.fitted.target} for row {self.row} of "
            f"{self.table}: {self.prediction}"
        )

    @cached_property
    def outputs(self) -> Array:
        """What the model predicts, shape (n_outputs,)."""
        return np.asarray(self.fitted.model.predict(self.design, self.index)[0])

    @property
    def is_class(self) -> bool:
        """Tell whether a class is predicted."""
        return self.fitted.task != "regression"

    @cached_property
    def ranked(self) -> list[int]:
        """Classes from the most probable down."""
        return [int(k) for k in np.argsort(-self.outputs, kind="stable")]

    @property
    def prediction(self) -> str:
        """The prediction as text."""
        if not self.is_class:
            return number(float(self.outputs[0]))
        best = self.ranked[0]
        return f"{self.fitted.classes[best]} ({share(self.outputs[best])})"

    def value(self, name: str) -> float:
        """Return a cell of a column of numbers; NaN if it is missing."""
        place = self.design.number_names.index(name)
        return float(self.design.numbers(self.index)[0, place])

    def unit(self, name: str) -> str:
        """Return the unit of a column of numbers."""
        return {column.name: column.unit for column in self.fitted.columns}.get(name, "")

    def cell(self, name: str) -> str:
        """Return a cell of the row as text, with its unit."""
        columns = {column.name: column for column in self.design.category_columns}
        if name in columns:
            place = list(columns).index(name)
            code = int(self.design.codes(self.index)[0, place])
            return columns[name].levels[code] if code >= 0 else ("missing", "unseen")[-1 - code]
        value = self.value(name)
        return f"{number(value)} {self.unit(name)}".strip() if np.isfinite(value) else "missing"

    def result(self, *lines: BoxLine) -> Node:
        """Return the node of the prediction."""
        facts: dict[str, Fact] = {}
        if not self.is_class:
            facts["contribution"] = float(self.outputs[0])
            shown = (*lines, BoxLine("prediction", number(float(self.outputs[0])), "gradient"))
            return Node("(prediction)", self.fitted.target, "output", shown, facts)
        names = self.fitted.classes
        facts |= {f"probability of {names[k]}": float(self.outputs[k]) for k in self.ranked}
        chances = [
            BoxLine(
                names[k], share(self.outputs[k]), "gradient" if k == self.ranked[0] else "plain"
            )
            for k in self.ranked[:MOST_CLASSES]
        ]
        title = f"{self.fitted.target}: {names[self.ranked[0]]}"
        return Node("(prediction)", title, "output", (*lines, *chances), facts)


def share(value: float) -> str:
    """Write a probability in per cent.

    Examples
    --------
    >>> share(0.98765)
    '98.8 %'
    """
    return f"{number(100 * float(value), 3)} %"
