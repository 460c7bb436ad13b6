"""Turn numbers into normal scores: the normal quantile of the share that each column has below."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from rung.core.family import State
from rung.density.gaussians import GaussianMix
from rung.density.histogram import Histogram
from rung.density.one_column import ColumnDensity, fit_column
from rung.errors import BadModelFile
from rung.prep.states import REMEDY, take_array
from rung.typing import Array


def fit_margins(X: Array) -> tuple[ColumnDensity, ...]:
    """Fit the density of each column of scaled numbers; NaN is missing."""
    return tuple(fit_column(column[np.isfinite(column)]) for column in X.T)


def to_scores(margins: Sequence[ColumnDensity], X: Array) -> tuple[Array, Array]:
    """Return normal scores, NaN for missing, and what the change adds to the log density of rows.

    Examples
    --------
    >>> wide = ColumnDensity(GaussianMix(np.ones(1), np.zeros((1, 1)), np.full((1, 1, 1), 4.0)))
    >>> scores, added = to_scores((wide,), np.array([[2.0]]))
    >>> scores.round(6).tolist(), added.round(4).tolist()
    ([[1.0]], [-0.6931])
    """
    scores, added = np.full_like(X, np.nan), np.zeros(len(X))
    for j, margin in enumerate(margins):
        known = np.isfinite(X[:, j])
        own = margin.scores(X[known, j])
        scores[known, j] = own
        # the density of the column over the standard normal density of its score
        alone = margin.log_density(X[known, j])
        added[known] += alone + 0.5 * own**2 + 0.5 * math.log(2 * math.pi)
    return scores, added


def margin_arrays(margins: Sequence[ColumnDensity]) -> dict[str, Array]:
    """Return the densities of columns as arrays of a state.

    Weights, means and variances of Gaussians; edges of bins, and masses with the histogram's share.
    """
    arrays = {}
    for j, margin in enumerate(margins):
        own = margin.gaussians
        arrays[f"margin/{j}"] = np.stack([own.weights, own.means[:, 0], own.covariances[:, 0, 0]])
        if margin.histogram is not None:
            masses = np.append(margin.histogram.masses, margin.share)
            arrays[f"bins/{j}"] = np.stack([margin.histogram.edges, masses])
    return arrays


def load_margins(state: State, n_numbers: int) -> tuple[ColumnDensity, ...]:
    """Return the densities of columns of numbers, after checking them."""
    return tuple(_load_margin(state, j) for j in range(n_numbers))


def _load_margin(state: State, j: int) -> ColumnDensity:
    weights, means, variances = take_array(state, f"margin/{j}", (3, None))
    if weights.min() <= 0 or variances.min() <= 0 or abs(weights.sum() - 1) > 1e-6:
        raise BadModelFile("a margin of the model is no distribution", REMEDY)
    gaussians = GaussianMix(weights, means[:, None], variances[:, None, None])
    if f"bins/{j}" not in state.arrays:
        return ColumnDensity(gaussians)
    edges, masses = take_array(state, f"bins/{j}", (2, None))
    masses, share = masses[:-1], float(masses[-1])
    is_rising = len(edges) > 1 and np.diff(edges).min() > 0
    if not is_rising or masses.min() < 0 or abs(masses.sum() - 1) > 1e-6 or not 0 < share < 1:
        raise BadModelFile("a histogram of the model is no distribution", REMEDY)
    return ColumnDensity(gaussians, Histogram(edges, masses), share)
