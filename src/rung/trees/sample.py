"""Hold the rows that trees learn from, with their weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.family import Problem
from rung.typing import Array


@dataclass(frozen=True)
class Sample:
    """Rows to learn from.

    Attributes
    ----------
    X : ndarray, shape (n_rows, n_features)
        Features, NaN for missing.
    y : ndarray, shape (n_rows,)
        Values, or class numbers.
    weight : ndarray, shape (n_rows,)
        Weights with mean 1.
    """

    X: Array
    y: Array
    weight: Array

    def take(self, rows: Array) -> Sample:
        """Return the sample of these rows."""
        return Sample(self.X[rows], self.y[rows], self.weight[rows])


def weighted_sample(problem: Problem, rows: Array, X: Array) -> Sample:
    """Return rows with weights of mean 1; rows without weight are left out.

    Where no row has a weight, all count the same.

    Parameters
    ----------
    problem : Problem
        Target and weights.
    rows : ndarray of int, shape (n_rows,)
        Rows of the problem.
    X : ndarray, shape (n_rows, n_features)
        Their features.
    """
    weight = problem.weights(rows)
    counted = np.flatnonzero(weight > 0)
    if not len(counted):
        return Sample(X, problem.y[rows], np.ones(len(rows)))
    weight = weight[counted]
    return Sample(X[counted], problem.y[rows][counted], weight / weight.mean())
