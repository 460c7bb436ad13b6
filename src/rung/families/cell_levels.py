"""Turn every column of a table into a few levels: bins of a number, levels of a category."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Design, Problem, State
from rung.errors import BadModelFile
from rung.prep.levels import KeptLevels
from rung.prep.one_hot import TableEncoder, cells, describe
from rung.prep.states import REMEDY, merge, take_array
from rung.typing import Array

MOST_LEVELS, LEAST_ROWS = 30, 5  # of a category; rarer levels share one


@dataclass(frozen=True)
class CellLevels:
    """Say which level each cell of a table has, as learned on training rows.

    Attributes
    ----------
    cuts : tuple of ndarray
        One array a number: the largest value of every bin but the last, ascending.
    columns : TableEncoder
        Names of the columns, and the levels of categories.
    """

    cuts: tuple[Array, ...]
    columns: TableEncoder

    @property
    def sizes(self) -> tuple[int, ...]:
        """Levels of each column, numbers first; at least one."""
        widths = (max(category.width, 1) for category in self.columns.categories)
        return (*(len(cuts) + 1 for cuts in self.cuts), *widths)

    def apply(self, design: Design, rows: Array | None = None) -> Array:
        """Return levels, -1 for cells that are missing or of no level; (n_rows, n_columns)."""
        self.columns.require(design)
        numbers, codes = design.numbers(rows), design.codes(rows)
        found = np.full((len(numbers), len(self.sizes)), -1, dtype=np.int64)
        for j, cuts in enumerate(self.cuts):
            known = np.isfinite(numbers[:, j])
            found[known, j] = np.searchsorted(cuts, numbers[known, j], side="left")
        for i, category in enumerate(self.columns.categories):
            levels = design.category_columns[i].levels
            place = category.positions(levels)
            place[-2] = category.width  # a missing cell is not of another level
            level = place[cells(codes[:, i], len(levels))]
            found[:, len(self.cuts) + i] = np.where(level < category.width, level, -1)
        return found

    def to_state(self) -> State:
        """Return all that it is; `from_state` turns it back."""
        own = State(
            {},
            {
                "cuts": np.concatenate([np.empty(0), *self.cuts]),
                "n_cuts": np.array([len(cuts) for cuts in self.cuts], dtype=np.int64),
            },
        )
        return merge(own, self.columns.to_state())

    @classmethod
    def from_state(cls, state: State) -> CellLevels:
        """Return what a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        columns = TableEncoder.from_state(state)
        cuts = take_array(state, "cuts", (None,))
        shape = (len(columns.number_names),)
        n_cuts = take_array(state, "n_cuts", shape, low=0, high=len(cuts), whole=True)
        if n_cuts.sum() != len(cuts):
            raise BadModelFile("the cuts of the model do not add up", REMEDY)
        parts = tuple(np.split(cuts, np.cumsum(n_cuts)[:-1])) if len(n_cuts) else ()
        if any((np.diff(part) <= 0).any() for part in parts):
            raise BadModelFile("the cuts of the model are not in order", REMEDY)
        return cls(parts, columns)


def learn_levels(problem: Problem, rows: Array, *, bins: int) -> CellLevels:
    """Cut numbers into bins of as many rows each, and keep the frequent levels of categories.

    Parameters
    ----------
    problem : Problem
        Gives the columns.
    rows : ndarray of int, shape (n_train,)
        Rows to learn from.
    bins : int
        Most bins of a number; fewer where values repeat.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> problem = example_problem("binary")
    >>> learn_levels(problem, np.arange(96), bins=4).sizes
    (4, 4, 1, 1, 2, 4, 4, 4, 4, 4, 4, 4, 2)
    """
    design = problem.design
    cuts = tuple(_cut(column, bins) for column in design.numbers(rows).T)
    blank = np.zeros(len(cuts))
    nowhere = np.zeros(len(cuts), dtype=bool)
    categories = []
    for column, codes in zip(design.category_columns, design.codes(rows).T, strict=True):
        counts = np.bincount(codes[codes >= 0], minlength=len(column.levels))
        frequent = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
        kept = np.sort(frequent[counts[frequent] >= LEAST_ROWS])
        other = bool(counts.sum() > counts[kept].sum())
        categories.append(describe(column.name, column.levels, KeptLevels(kept, False, other)))
    names = design.number_names
    encoder = TableEncoder(names, blank, blank + 1, nowhere, nowhere, tuple(categories))
    return CellLevels(cuts, encoder)


def _cut(column: Array, bins: int) -> Array:
    """Return the largest value of every bin but the last."""
    values, counts = np.unique(column[np.isfinite(column)], return_counts=True)
    if len(values) <= bins:
        return values[:-1]
    ends = np.searchsorted(counts.cumsum(), np.arange(1, bins) * counts.sum() / bins)
    return np.asarray(values[np.unique(ends[ends < len(values) - 1])])
