"""Fit linear machines on features: squared hinge for classes, squared error for values.

The objective is |v|^2 / 2 + C sum_i w_i max(0, 1 - y_i f_i)^2 for one class against the rest, and
|v|^2 / 2 + C sum_i w_i (y_i - f_i)^2 for values; the intercept is free. The squared hinge is the
squared error to a target that moves out to f_i wherever a row lies beyond its margin, so one
factorisation serves all classes and all steps.

Sources: Groenen, Nalbantov & Bioch (2008), SVM-Maj, Advances in Data Analysis and Classification
2, 17-43 (the quadratic hinge by majorisation); Beck & Teboulle (2009), FISTA, SIAM Journal on
Imaging Sciences 2, 183-202; O'Donoghue & Candes (2015), Foundations of Computational Mathematics
15, 715-732 (restarts); Suykens & Vandewalle (1999), Neural Processing Letters 9, 293-300.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.typing import Array

BLOCK_ROWS = 512
STEPS = 500
EXACT = 1e-9
FEW_CLASSES = 4


@dataclass(frozen=True)
class MarginRows:
    """Hold features and targets of training rows.

    Attributes
    ----------
    Z : ndarray, shape (n_rows, width)
        Features; the intercept is not among them.
    Y : ndarray, shape (n_rows, n_scores)
        Targets: -1 or 1 for classes, values otherwise.
    weight : ndarray, shape (n_rows,)
        Weights, 1 on average.
    """

    Z: Array
    Y: Array
    weight: Array

    @cached_property
    def gram(self) -> Array:
        """Weighted sums of products of (1, Z); shape (1 + width, 1 + width)."""
        width = self.Z.shape[1]
        out = np.zeros((width + 1, width + 1))
        for block in self.blocks():
            Z, w = self.Z[block], self.weight[block]
            half = Z * np.sqrt(w)[:, None]
            out[1:, 1:] += half.T @ half
            out[0, 1:] += w @ Z
        out[0, 0] = self.weight.sum()
        out[1:, 0] = out[0, 1:]
        return out

    def blocks(self, size: int = 8 * BLOCK_ROWS) -> Iterator[slice]:
        """Yield the rows in blocks."""
        for first in range(0, len(self.Z), size):
            yield slice(first, first + size)


def fit_values(lesson: MarginRows, cost: float) -> Array:
    """Return the least-squares machine: a ridge regression with penalty 1 / (2 cost).

    Returns
    -------
    ndarray, shape (1 + width, n_scores)
        Intercepts, then coefficients.

    Examples
    --------
    >>> Z = np.array([[-1.0], [1.0]])
    >>> fit_values(MarginRows(Z, 3 * Z, np.ones(2)), 1e9).ravel().round(3).tolist()
    [0.0, 3.0]
    """
    metric = _metric(lesson, cost)
    products = lesson.Z.T @ (lesson.Y * lesson.weight[:, None])
    return _solve(_factor(metric), np.vstack([lesson.weight @ lesson.Y, products]))


def fit_margins(
    lesson: MarginRows, cost: float, *, start: Array | None = None, tolerance: float = EXACT
) -> Array:
    """Return machines that tell each class from the rest by the squared hinge.

    Parameters
    ----------
    lesson : MarginRows
        Targets -1 and 1.
    cost : float
        C: what a unit of squared hinge costs beside half the squared coefficients.
    start : ndarray, shape (1 + width, n_scores), optional
        Where to begin; zeros otherwise.
    tolerance : float
        Stop once a step moves margins by no more than this, root mean square over rows.

    Returns
    -------
    ndarray, shape (1 + width, n_scores)
        Intercepts, then coefficients.

    Examples
    --------
    >>> Z = np.array([[-2.0], [2.0]])
    >>> fit_margins(MarginRows(Z, np.sign(Z), np.ones(2)), 1e6).ravel().round(3).tolist()
    [0.0, 0.5]
    """
    return settle_margins(lesson, cost, start=start, tolerance=tolerance)[0]


def settle_margins(
    lesson: MarginRows, cost: float, *, start: Array | None = None, tolerance: float = EXACT
) -> tuple[Array, bool]:
    """Do as `fit_margins`, and say whether the steps allowed were enough.

    Examples
    --------
    >>> Z = np.array([[-2.0], [2.0]])
    >>> settle_margins(MarginRows(Z, np.sign(Z), np.ones(2)), 1e6)[1]
    True
    """
    metric = _metric(lesson, cost)
    factor = _factor(metric)
    total = float(lesson.weight.sum())
    now = np.zeros((len(metric), lesson.Y.shape[1])) if start is None else start
    # Products with the metric follow from those of the steps before: none is made twice.
    ahead, bent_now, pace = now, metric @ now, np.ones(now.shape[1])
    bent_ahead = bent_now
    for _ in range(STEPS):
        pulled = _pulled(lesson, ahead)
        new = _solve(factor, pulled)
        moved, curved = new - ahead, pulled - bent_ahead
        if np.einsum("ij,ij->j", moved, curved).max() <= total * tolerance**2:
            return new, True
        # Momentum that points uphill is dropped, class by class.
        uphill = np.einsum("ij,ij->j", curved, new - now) < 0
        pace = np.where(uphill, 1.0, pace)
        next_pace = (1.0 + np.sqrt(1.0 + 4.0 * pace**2)) / 2.0
        push = np.where(uphill, 0.0, (pace - 1.0) / next_pace)
        ahead, bent_ahead = new + (new - now) * push, pulled + (pulled - bent_now) * push
        now, bent_now, pace = new, pulled, next_pace
    return now, False


def _pulled(lesson: MarginRows, theta: Array) -> Array:
    """Return (1, Z)' W T, where T is y, or the margin of rows beyond it; one pass of the rows."""
    out = np.zeros_like(theta)
    for block in lesson.blocks(BLOCK_ROWS):
        Z, Y = lesson.Z[block], lesson.Y[block]
        pulled = _product(Z, theta[1:]) + theta[0]
        # y max(1, y f) with y = -1 or 1.
        np.multiply(pulled, Y, out=pulled)
        np.maximum(pulled, 1.0, out=pulled)
        np.multiply(pulled, Y, out=pulled)
        pulled *= lesson.weight[block, None]
        out[0] += pulled.sum(axis=0)
        out[1:] += _product(Z.T, pulled)
    return out


def _product(left: Array, right: Array) -> Array:
    """Return left @ right, column by column where these are few: twice as fast."""
    if right.shape[1] > FEW_CLASSES:
        return np.asarray(left @ right)
    return np.stack([left @ np.ascontiguousarray(column) for column in right.T], axis=1)


def _metric(lesson: MarginRows, cost: float) -> Array:
    metric = lesson.gram.copy()
    inside = np.arange(1, len(metric))
    metric[inside, inside] += 1.0 / (2.0 * cost)
    return metric


def _factor(metric: Array) -> Array:
    from scipy.linalg import cholesky

    return np.asarray(cholesky(metric, lower=True, check_finite=False))


def _solve(factor: Array, right: Array) -> Array:
    from scipy.linalg import cho_solve

    return np.asarray(cho_solve((factor, True), right, check_finite=False))
