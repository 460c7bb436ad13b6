"""Turn margins into probabilities by a sigmoid fitted on margins of rows held out.

Sources: Platt (1999), Probabilistic outputs for support vector machines, in Advances in Large
Margin Classifiers; Lin, Lin & Weng (2007), A note on Platt's probabilistic outputs, Machine
Learning 68, 267-276 (targets, safeguarded Newton steps).
"""

from __future__ import annotations

import numpy as np

from rung.typing import Array

STEPS = 100
SMALLEST_STEP = 1e-10
FLATTEST = 1e-12
GRADIENT = 1e-8


def fit_sigmoid(margins: Array, Y: Array, weight: Array) -> Array:
    """Fit P(y = 1) = 1 / (1 + exp(-(a f + b))) for each column.

    Parameters
    ----------
    margins : ndarray, shape (n_rows, n_scores)
        Margins of rows that the machine was not trained on.
    Y : ndarray, shape (n_rows, n_scores)
        1 for rows of the class, -1 for others.
    weight : ndarray, shape (n_rows,)
        Weights, 1 on average.

    Returns
    -------
    ndarray, shape (2, n_scores)
        Slopes and offsets.

    Examples
    --------
    >>> margins = np.array([[-1.0], [1.0], [-1.0], [1.0]])
    >>> fit_sigmoid(margins, np.sign(margins), np.ones(4)).round(3).tolist()
    [[1.099], [0.0]]
    """
    above = (Y > 0).astype(np.float64)
    n_above = weight @ above
    n_below = weight.sum() - n_above
    high, low = (n_above + 1) / (n_above + 2), 1 / (n_below + 2)
    target = above * high + (1 - above) * low
    line = np.vstack([np.zeros(Y.shape[1]), np.log((n_above + 1) / (n_below + 1))])
    value = _loss(margins, target, weight, line)
    for _ in range(STEPS):
        step, size = _newton_step(margins, target, weight, line)
        if size <= GRADIENT * weight.sum():
            break
        line, value, done = _backtrack((margins, target, weight), line=line, value=value, step=step)
        if done:
            break
    return line


def apply_sigmoid(margins: Array, line: Array) -> Array:
    """Return probabilities of margins, column by column, never 0.

    Examples
    --------
    >>> apply_sigmoid(np.zeros((1, 1)), np.array([[1.0], [0.0]])).tolist()
    [[0.5]]
    """
    z = np.clip(margins * line[0] + line[1], -500.0, 500.0)
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def _loss(margins: Array, target: Array, weight: Array, line: Array) -> Array:
    z = margins * line[0] + line[1]
    return np.asarray(weight @ (np.logaddexp(0.0, z) - target * z))


def _newton_step(margins: Array, target: Array, weight: Array, line: Array) -> tuple[Array, float]:
    """Return the step of each column, and the largest part of the gradient."""
    p = apply_sigmoid(margins, line)
    off = (p - target) * weight[:, None]
    curve = p * (1 - p) * weight[:, None]
    first, second = np.sum(off * margins, axis=0), off.sum(axis=0)
    aa = np.sum(curve * margins**2, axis=0) + FLATTEST
    ab, bb = np.sum(curve * margins, axis=0), curve.sum(axis=0) + FLATTEST
    determinant = np.maximum(aa * bb - ab**2, FLATTEST * aa * bb)
    step = np.vstack([bb * first - ab * second, aa * second - ab * first]) / determinant
    return step, float(np.abs([first, second]).max())


def _backtrack(
    data: tuple[Array, Array, Array], *, line: Array, value: Array, step: Array
) -> tuple[Array, Array, bool]:
    """Halve each column's step until its loss does not rise; tell when none can move."""
    length = np.ones(line.shape[1])
    while True:
        trial = line - length * step
        new = _loss(*data, trial)
        worse = ~(new <= value)
        if not worse.any():
            return trial, new, bool((new >= value).all())
        length = np.where(worse, length / 2, length)
        length[length < SMALLEST_STEP] = 0.0
