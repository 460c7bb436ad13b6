"""Turn margins into probabilities by a fitted sigmoid.

Sources: Platt (1999), Probabilistic outputs for support vector machines, Advances in Large Margin
Classifiers, 61-74; Lin, Lin & Weng (2007), A note on Platt's probabilistic outputs, Machine
Learning 68, 267-276.
"""

from __future__ import annotations

import numpy as np

from rung.typing import Array

STEPS = 60
SHORTEST = 1e-8
# Added to the diagonal of the second derivatives, relative to the sum of weights.
RIDGE = 1e-12
ENOUGH = 1e-9


def fit_sigmoid(margin: Array, is_class: Array, weight: Array) -> tuple[float, float]:
    """Fit slope and offset of 1 / (1 + exp(-(slope * margin + offset))) by maximum likelihood.

    Targets are those of Platt: a class of n rows aims at (n + 1) / (n + 2), so that separable
    margins do not claim certainty.

    Parameters
    ----------
    margin : ndarray, shape (n_rows,)
        Of rows that the margins were not learned from.
    is_class : ndarray of bool, shape (n_rows,)
        Whether the row belongs to the class.
    weight : ndarray, shape (n_rows,)
        Weights of the rows, of mean 1.

    Returns
    -------
    slope, offset : float
        A slope below zero, of margins that mislead, becomes 0.

    Examples
    --------
    >>> fit_sigmoid(np.array([-1.0, 1.0]), np.array([True, False]), np.ones(2))
    (0.0, 0.0)
    """
    inside, outside = float(weight[is_class].sum()), float(weight[~is_class].sum())
    target = np.where(is_class, (inside + 1) / (inside + 2), 1 / (outside + 2))
    offset = float(np.log((inside + 1) / (outside + 1)))
    unit = float(np.abs(margin).max(initial=0.0)) or 1.0
    theta = _newton(margin / unit, target, weight, np.array([0.0, offset]))
    if not theta[0] > 0:
        return 0.0, _level(target, weight)
    return float(theta[0] / unit), float(theta[1])


def _level(target: Array, weight: Array) -> float:
    """Return the offset that fits best without a slope."""
    total = float(weight.sum())
    share = float(weight @ target) / total if total > 0 else 0.5
    return float(np.log(share / (1.0 - share)))


def fit_sigmoids(margins: Array, is_class: Array, weight: Array) -> Array:
    """Fit one sigmoid a column; slopes and offsets, shape (2, n_scores).

    Examples
    --------
    >>> margins = np.array([[-1.0], [1.0], [-1.0], [1.0]])
    >>> fit_sigmoids(margins, margins > 0, np.ones(4)).round(3).tolist()
    [[1.099], [0.0]]
    """
    columns = zip(margins.T, is_class.T, strict=True)
    return np.array([fit_sigmoid(margin, own, weight) for margin, own in columns]).T


def apply_sigmoids(margins: Array, line: Array) -> Array:
    """Return probabilities of margins, column by column, never 0.

    Examples
    --------
    >>> apply_sigmoids(np.zeros((1, 1)), np.array([[1.0], [0.0]])).tolist()
    [[0.5]]
    """
    z = np.clip(margins * line[0] + line[1], -500.0, 500.0)
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def log_sigmoid(scores: Array) -> Array:
    """Return log(1 / (1 + exp(-scores))) without overflow."""
    return np.asarray(-np.logaddexp(0.0, -scores))


def _loss(score: Array, target: Array, weight: Array) -> float:
    return float(weight @ (np.logaddexp(0.0, score) - target * score))


def _newton(z: Array, target: Array, weight: Array, theta: Array) -> Array:
    score = theta[0] * z + theta[1]
    value = _loss(score, target, weight)
    for _ in range(STEPS):
        share = np.exp(log_sigmoid(score))
        off, curve = weight * (share - target), weight * share * (1.0 - share)
        gradient = np.array([off @ z, off.sum()])
        cross, ridge = float(curve @ z), RIDGE * (1.0 + float(weight.sum()))
        second = np.array([[(curve * z) @ z + ridge, cross], [cross, curve.sum() + ridge]])
        step = np.linalg.solve(second, gradient)
        decrease, length = float(step @ gradient), 1.0
        if not decrease > ENOUGH:
            break
        moved = value
        while length > SHORTEST:
            score = (theta[0] - length * step[0]) * z + theta[1] - length * step[1]
            moved = _loss(score, target, weight)
            if moved <= value - 1e-4 * length * decrease:
                break
            length /= 2
        else:
            break
        theta, value = theta - length * step, moved
    return theta
