"""Turn numbers into normal scores: the normal quantile of the share that each column has below."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rung.density.gaussians import GaussianMix, log_density, log_sum
from rung.density.one_column import fit_column
from rung.typing import Array


def fit_margins(X: Array) -> tuple[GaussianMix, ...]:
    """Fit the smooth distribution of each column of scaled numbers; NaN is missing."""
    return tuple(fit_column(column[np.isfinite(column)]) for column in X.T)


def to_scores(margins: Sequence[GaussianMix], X: Array) -> tuple[Array, Array]:
    """Return normal scores, NaN for missing, and what the change adds to the log density of rows.

    Examples
    --------
    >>> wide = GaussianMix(np.ones(1), np.zeros((1, 1)), np.full((1, 1, 1), 4.0))
    >>> scores, added = to_scores((wide,), np.array([[2.0]]))
    >>> scores.round(6).tolist(), added.round(4).tolist()
    ([[1.0]], [-0.6931])
    """
    scores, added = np.full_like(X, np.nan), np.zeros(len(X))
    for j, margin in enumerate(margins):
        known = np.isfinite(X[:, j])
        own = normal_scores(margin, X[known, j])
        scores[known, j] = own
        # the density of the column over the standard normal density of its score
        alone = log_density(margin, X[known, j : j + 1])
        added[known] += alone + 0.5 * own**2 + 0.5 * math.log(2 * math.pi)
    return scores, added


def normal_scores(margin: GaussianMix, column: Array) -> Array:
    """Return the normal score of each number: the normal quantile of its distribution's share."""
    from scipy.special import log_ndtr, ndtri_exp

    z = (column[:, None] - margin.means[:, 0]) / np.sqrt(margin.covariances[:, 0, 0])
    below = np.log(margin.weights) + log_ndtr(z)
    above = np.log(margin.weights) + log_ndtr(-z)
    low, high = log_sum(below), log_sum(above)
    return np.where(
        low < high, ndtri_exp(np.minimum(low, -1e-300)), -ndtri_exp(np.minimum(high, -1e-300))
    )


def from_scores(margin: GaussianMix, scores: Array) -> Array:
    """Invert `normal_scores` by halving."""
    spread = np.sqrt(margin.covariances[:, 0, 0].max())
    low = np.full(len(scores), margin.means.min() - 40 * spread)
    high = np.full(len(scores), margin.means.max() + 40 * spread)
    for _ in range(60):
        middle = (low + high) / 2
        is_low = normal_scores(margin, middle) < scores
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    return np.asarray((low + high) / 2)
