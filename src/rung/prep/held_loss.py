"""Weigh what a candidate setting says about rows that it was not fitted on."""

from __future__ import annotations

import numpy as np

from rung.core.family import Problem
from rung.typing import Array

SMALLEST = 1e-15


def held_loss(problem: Problem, rows: Array, outputs: Array) -> float:
    """Return the weighted sum of the losses of these rows, by which settings are chosen.

    The loss is the run's own where it is a mean over rows, else its next of kin: absolute or
    squared error for values, wrong classes or log loss for classes. Where no row has a weight, all
    count the same.

    Parameters
    ----------
    problem : Problem
        Gives target, weights and the loss.
    rows : ndarray of int, shape (n_rows,)
        Rows that were predicted.
    outputs : ndarray, shape (n_rows, n_outputs)
        Values, or probabilities; those below `SMALLEST` count as that.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> problem = example_problem("binary")
    >>> bool(held_loss(problem, np.arange(9), np.full((9, 2), 0.5)) > 0)
    True
    """
    weight = problem.weights(rows)
    if weight.any():
        counted = weight > 0
        rows, outputs, weight = rows[counted], outputs[counted], weight[counted]
    else:
        weight = np.ones(len(rows))
    y = problem.y[rows]
    with np.errstate(over="ignore"):
        return float(np.sum(weight * _row_losses(problem, y, outputs)))


def _row_losses(problem: Problem, y: Array, outputs: Array) -> Array:
    if problem.task == "regression":
        power = 1 if problem.loss in ("absolute_error", "relative_error") else 2
        return np.asarray(np.abs(outputs[:, 0] - y) ** power)
    if problem.loss == "zero_one":
        return np.asarray(outputs.argmax(axis=1) != y, dtype=np.float64)
    # A score may round a probability to nothing; that is a very bad guess, not an infinite one.
    return np.asarray(-np.log(np.maximum(outputs[np.arange(len(y)), y], SMALLEST)))
