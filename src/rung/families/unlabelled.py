"""Lay rows without a target beside those that have one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rung.core.dataset import Dataset
from rung.core.family import Context, Problem
from rung.typing import Array

MOST_ROWS = 10_000  # without a target, of more evenly drawn ones


def has_unlabelled(problem: Any) -> bool:
    """Tell whether a problem comes with rows that have no target."""
    return getattr(problem, "unlabelled", None) is not None


@dataclass(frozen=True)
class HalfLabelled:
    """Hold rows with a target first, then those without one, in one table.

    Attributes
    ----------
    problem : Problem
        Its table has all rows, without weights and texts; the target of the latter is class 0.
    alone : Problem
        The same with the rows alone that have a target.
    extra : ndarray of int
        Rows without a target.
    """

    problem: Problem
    alone: Problem
    extra: Array

    def context(self, context: Context) -> Context:
        """Return a context whose encodings are those of this table."""
        own: Any = context
        changed: Context = replace(own, problem=self.alone, cache={})
        return changed


def lay_together(problem: Problem, *, most: int = MOST_ROWS) -> HalfLabelled:
    """Return rows with and without a target in one table.

    Parameters
    ----------
    problem : Problem
        A classification; without rows that lack a target, it stands alone.
    most : int
        Rows without a target to take.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> from dataclasses import replace
    >>> problem = example_problem("binary", n_rows=40)
    >>> both = lay_together(replace(problem, unlabelled=problem.design.take(np.arange(9))))
    >>> both.problem.design.n_rows, both.alone.design.n_rows, both.extra.tolist()[:2]
    (49, 40, [40, 41])
    """
    labelled, rest = _plain(problem.design), None
    if problem.unlabelled is not None:
        rest = _plain(problem.unlabelled)
        n = min(rest.n_rows, most)
        rest = rest.take(np.arange(n) * rest.n_rows // max(n, 1))
    alone = replace(problem, design=labelled, unlabelled=None)
    if rest is None:
        return HalfLabelled(alone, alone, np.arange(0))
    values = {
        column.name: np.concatenate([labelled.values[column.name], rest.values[column.name]])
        for column in labelled.features
    }
    n_rows = labelled.n_rows + rest.n_rows
    y = np.concatenate([problem.y, np.zeros(rest.n_rows, dtype=problem.y.dtype)])
    both = replace(alone, design=Dataset(labelled.features, values, n_rows), y=y)
    return HalfLabelled(both, alone, np.arange(labelled.n_rows, n_rows))


def _plain(design: Any) -> Dataset:
    """Return a table with its numbers and categories alone."""
    columns = tuple(column for column in design.features if column.kind != "text")
    return Dataset(columns, {one.name: design.values[one.name] for one in columns}, design.n_rows)
