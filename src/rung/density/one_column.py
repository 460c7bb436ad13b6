"""Fit the smooth distribution of one column of numbers."""

from __future__ import annotations

import math

import numpy as np

from rung.density.gaussians import GaussianMix, fit_from
from rung.typing import Array

MOST_COMPONENTS = 6
MOST_POINTS = 2_000  # of more numbers, as many means of neighbours are fitted


def fit_column(column: Array) -> GaussianMix:
    """Return the mixture of Gaussians with the best information criterion, begun at quantiles.

    Parameters
    ----------
    column : ndarray, shape (n_rows,)
        Scaled, without missing cells.

    Examples
    --------
    >>> two = np.concatenate([np.linspace(-1, 1, 200), np.linspace(9, 11, 200)])
    >>> fit_column(two / 6).n_components >= 2
    True
    """
    if len(column) < 2 or np.ptp(column) == 0:
        return GaussianMix(np.ones(1), np.zeros((1, 1)), np.ones((1, 1, 1)))
    n, X = len(column), np.sort(column)[:, None]
    if n > MOST_POINTS:
        cuts = np.arange(MOST_POINTS) * n // MOST_POINTS
        X = np.add.reduceat(X, cuts) / np.diff(np.append(cuts, n))[:, None]
    best, best_score, waiting = None, math.inf, 0
    for k in range(1, MOST_COMPONENTS + 1):
        shares = np.eye(k)[np.arange(len(X)) * k // len(X)]
        found = fit_from(X, shares, "full", limit=(100, 1e-4))
        score = found.n_parameters * math.log(n) - 2 * found.objective[-1] * n / len(X)
        if score < best_score:
            best, best_score, waiting = found, score, 0
        else:
            waiting += 1
        if waiting == 2:
            break
    assert best is not None
    return best
