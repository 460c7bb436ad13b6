"""Fit weighted sums of many sparse columns: values, classes, margins; squared penalties.

Source: Liu & Nocedal (1989), On the limited memory BFGS method, Mathematical Programming 45.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rung.typing import Array, Untyped

# Steps of the optimiser, and the fall of the mean loss in one step below which it stands still.
MOST_STEPS = 500
LOOSE, EXACT = 1e-5, 1e-6

# Takes scores and targets, both (n_rows, n_scores); returns losses (n_rows,) and slopes like scores.
Loss = Callable[[Array, Array], tuple[Array, Array]]


@dataclass(frozen=True, eq=False)
class SparseRows:
    """Hold training rows.

    Attributes
    ----------
    X : csr_matrix, shape (n_rows, n_columns)
        Columns.
    Y : ndarray, shape (n_rows, n_scores)
        Values; 1 for the class of a row and 0 elsewhere; or 1 and -1 for margins.
    weight : ndarray, shape (n_rows,)
        Of mean 1.
    turned : csr_matrix, shape (n_columns, n_rows)
        The columns as rows, so that products with slopes are quick.
    size : ndarray, shape (n_columns,)
        Root of the sum of squares of each column, by which steps are taken.
    """

    X: Untyped
    Y: Array
    weight: Array
    turned: Untyped
    size: Array

    @classmethod
    def of(cls, X: Untyped, Y: Array, weight: Array) -> SparseRows:
        """Lay out rows."""
        squares = np.asarray(X.multiply(X).T @ weight)
        return cls(X, Y, weight, X.T.tocsr(), np.sqrt(squares))


def squared(scores: Array, Y: Array) -> tuple[Array, Array]:
    """Return half the squared errors."""
    off = scores - Y
    return 0.5 * (off * off).sum(axis=1), off


def log_loss(scores: Array, Y: Array) -> tuple[Array, Array]:
    """Return log losses: of one score for two classes, else of one a class.

    Examples
    --------
    >>> losses, slopes = log_loss(np.zeros((1, 1)), np.ones((1, 1)))
    >>> losses.round(3).tolist(), slopes.tolist()
    ([0.693], [[-0.5]])
    """
    if scores.shape[1] == 1:
        shares = 0.5 * (1.0 + np.tanh(0.5 * scores))
        return (np.logaddexp(0.0, scores) - Y * scores)[:, 0], shares - Y
    top = scores.max(axis=1, keepdims=True)
    powers = np.exp(scores - top)
    total = powers.sum(axis=1, keepdims=True)
    losses = (top + np.log(total))[:, 0] - (scores * Y).sum(axis=1)
    return losses, powers / total - Y


def squared_hinge(scores: Array, Y: Array) -> tuple[Array, Array]:
    """Return half the squares of what margins lack to 1, summed over scores."""
    short = np.maximum(1.0 - Y * scores, 0.0)
    return 0.5 * (short * short).sum(axis=1), -Y * short


def fit_sums(
    rows: SparseRows, loss: Loss, penalty: float, start: Array | None = None, *, tolerance: float
) -> Array:
    """Minimise the sum of losses and half the penalty times the squares of all weights.

    Parameters
    ----------
    rows : SparseRows
        Training rows.
    loss : callable
        One of this module.
    penalty : float
        The intercept has none.
    start : ndarray, shape (1 + n_columns, n_scores), optional
        Where to begin.
    tolerance : float
        Fall of the mean loss in one step below which the search ends.

    Returns
    -------
    ndarray, shape (1 + n_columns, n_scores)
        The intercept, then the weights.
    """
    from scipy.optimize import minimize

    n_scores = rows.Y.shape[1]
    # In these units all second derivatives are about the same.
    unit = 1.0 / np.sqrt(np.concatenate([[rows.weight.sum()], rows.size**2 + penalty]))[:, None]
    if start is None:
        start = np.zeros((len(unit), n_scores))

    total = float(rows.weight.sum())

    def objective(flat: Array) -> tuple[float, Array]:
        theta = flat.reshape(-1, n_scores) * unit
        losses, slopes = loss(rows.X @ theta[1:] + theta[0], rows.Y)
        slopes = slopes * rows.weight[:, None]
        gradient = np.vstack([slopes.sum(axis=0), rows.turned @ slopes + penalty * theta[1:]])
        value = float(rows.weight @ losses) + 0.5 * penalty * float((theta[1:] ** 2).sum())
        return value / total, (gradient * unit).ravel() / total

    found = minimize(
        objective,
        (start / unit).ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MOST_STEPS, "gtol": 1e-9, "ftol": tolerance, "maxcor": 10},
    )
    return np.asarray(found.x.reshape(-1, n_scores) * unit)
