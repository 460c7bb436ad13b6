"""Fit the smooth distribution of one column of numbers."""

from __future__ import annotations

import math

import numpy as np

from rung.density.gaussians import GaussianMix, fit_from
from rung.typing import Array

MOST_COMPONENTS = 6


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
    X, order = column[:, None], np.argsort(np.argsort(column, kind="stable"), kind="stable")
    best, best_score, waiting = None, math.inf, 0
    for k in range(1, MOST_COMPONENTS + 1):
        shares = np.eye(k)[order * k // len(column)]
        found = fit_from(X, shares, "full", limit=(100, 1e-4))
        score = found.n_parameters * math.log(len(X)) - 2 * found.objective[-1]
        if score < best_score:
            best, best_score, waiting = found, score, 0
        else:
            waiting += 1
        if waiting == 2:
            break
    assert best is not None
    return best
