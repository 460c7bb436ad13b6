"""Weigh what a candidate setting says about rows that it was not fitted on."""

from __future__ import annotations

import numpy as np

from rung.core.family import Problem
from rung.typing import Array


def held_loss(problem: Problem, rows: Array, outputs: Array) -> float:
    """Return the weighted sum of the losses of these rows, by which settings are chosen.

    The loss is the run's own where it is a mean over rows, else its next of kin: absolute or
    squared error for values, wrong classes or log loss for classes.

    Parameters
    ----------
    problem : Problem
        Gives target, weights and the loss.
    rows : ndarray of int, shape (n_rows,)
        Rows that were predicted.
    outputs : ndarray, shape (n_rows, n_outputs)
        Values, or probabilities above zero.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> problem = example_problem("binary")
    >>> bool(held_loss(problem, np.arange(9), np.full((9, 2), 0.5)) > 0)
    True
    """
    y, weight = problem.y[rows], problem.weights(rows)
    if problem.task == "regression":
        power = 1 if problem.loss in ("absolute_error", "relative_error") else 2
        losses = np.abs(outputs[:, 0] - y) ** power
    elif problem.loss == "zero_one":
        losses = (outputs.argmax(axis=1) != y).astype(np.float64)
    else:
        losses = -np.log(outputs[np.arange(len(y)), y])
    return float(np.sum(weight * losses))
