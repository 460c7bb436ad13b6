"""Fit the distribution of one column of numbers: Gaussians, and bins for heaps and bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rung.density.gaussians import GaussianMix, fit_from, log_density, log_sum
from rung.density.histogram import BIN_NATS, Histogram, fit_histogram
from rung.typing import Array

MOST_COMPONENTS = 6
MOST_POINTS = 500  # of more numbers, as many means of neighbours are fitted
HALVINGS = 60
MOST_NATS = 700.0  # whose exponential is a number


@dataclass(frozen=True)
class ColumnDensity:
    """A mixture of Gaussians and of a histogram, which sees heaps, gaps and sharp ends.

    Attributes
    ----------
    gaussians : GaussianMix
        Of one column.
    histogram : Histogram, optional
        Of the same column.
    share : float
        Of the histogram: 0 without one, and below 1.
    """

    gaussians: GaussianMix
    histogram: Histogram | None = None
    share: float = 0.0

    def log_density(self, column: Array) -> Array:
        """Return the log density of each number, shape (n_rows,)."""
        smooth = log_density(self.gaussians, column[:, None])
        if self.histogram is None:
            return smooth
        with np.errstate(divide="ignore"):
            level = np.log(self.share * self.histogram.density(column))
        return np.asarray(np.logaddexp(math.log1p(-self.share) + smooth, level))

    def scores(self, column: Array) -> Array:
        """Return the normal score of each number: the normal quantile of the share below it."""
        from scipy.special import log_ndtr, ndtri_exp

        own = self.gaussians
        z = (column[:, None] - own.means[:, 0]) / np.sqrt(own.covariances[:, 0, 0])
        sides = [np.log(own.weights) + log_ndtr(side) for side in (z, -z)]
        if self.histogram is not None:
            with np.errstate(divide="ignore"):
                levels = [np.log(self.share * one) for one in self.histogram.shares(column)]
            left = math.log1p(-self.share)
            sides = [
                np.column_stack([left + side, level])
                for side, level in zip(sides, levels, strict=True)
            ]
        low, high = (np.minimum(log_sum(side), -1e-300) for side in sides)
        return np.where(low < high, ndtri_exp(low), -ndtri_exp(high))

    def numbers(self, scores: Array) -> Array:
        """Invert `scores` by halving."""
        spread = 40 * np.sqrt(self.gaussians.covariances[:, 0, 0].max())
        ends = self.gaussians.means[:, 0]
        if self.histogram is not None:
            ends = np.append(ends, self.histogram.edges)
        low = np.full(len(scores), ends.min() - spread)
        high = np.full(len(scores), ends.max() + spread)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            is_low = self.scores(middle) < scores
            low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
        return np.asarray((low + high) / 2)


def fit_column(column: Array) -> ColumnDensity:
    """Return the density of one column.

    Parameters
    ----------
    column : ndarray, shape (n_rows,)
        Scaled, without missing cells.

    Source
    ------
    The share of the histogram is the likeliest one when every bin is charged, to the rows inside it,
    the nats that its edges and mass gain by chance.

    Examples
    --------
    >>> heap = np.append(np.linspace(-0.01, 0.01, 300), np.linspace(-3, 3, 200))
    >>> found = fit_column(heap)
    >>> found.share > 0.9, np.exp(found.log_density(np.array([0.0, 1.0]))).round(1).tolist()
    (True, [29.5, 0.1])
    """
    gaussians, histogram = _fit_gaussians(column), fit_histogram(column)
    if histogram is None:
        return ColumnDensity(gaussians)
    rows = np.append(np.round(histogram.masses * len(column)), 1.0)
    with np.errstate(divide="ignore"):
        logs = np.log(histogram.density(column)) - BIN_NATS / rows[histogram.bins(column)]
    gains = np.minimum(logs - log_density(gaussians, column[:, None]), MOST_NATS)
    share = _likeliest_share(np.exp(gains))
    share = min(share, 1 - 1 / len(column))  # Gaussians alone reach beyond the bins
    return ColumnDensity(gaussians, histogram, share) if share > 0 else ColumnDensity(gaussians)


def _likeliest_share(ratios: Array) -> float:
    """Return the share of the first of two densities, given their ratios at every row."""
    low, high = 0.0, 1.0
    for _ in range(20):
        share = (low + high) / 2
        slope = ((ratios - 1) / (1 + share * (ratios - 1))).mean()
        low, high = (share, high) if slope > 0 else (low, share)
    return low


def _fit_gaussians(column: Array) -> GaussianMix:
    """Return the mixture with the best information criterion, begun at quantiles."""
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
