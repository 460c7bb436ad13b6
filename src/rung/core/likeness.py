"""Measure how alike the rows of a group are, against rows at large.

Two measures: the intraclass correlation of one quantity, and how often the row most alike in all
features comes from the same group. The first finds effects on one column; the second finds
subjects, stations and recordings by their many small peculiarities, and says whether a model can
tell which group a row is of without being told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.ranks import mean_ranks
from rung.typing import Array

# Rows whose nearest row is looked for, and rows among which it is.
MOST_ASKED = 400
MOST_LOOKED_AT = 10_000
RIDGE = 1e-3


@dataclass(frozen=True)
class Intraclass:
    """Say what share of a quantity's variance lies between groups.

    Attributes
    ----------
    share : float
        Intraclass correlation: 0 where groups are alike, 1 where rows of a group are equal.
    p_value : float
        Of the F test that groups are alike.
    """

    share: float
    p_value: float


def intraclass(values: Array, codes: Array) -> Intraclass:
    """Return the intraclass correlation of a quantity in groups of any size.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        Without missing values.
    codes : ndarray of int, shape (n_rows,)
        Group of each row, from 0 up; -1 for none.

    Source
    ------
    Donner (1986), International Statistical Review 54: the analysis-of-variance estimator.

    Examples
    --------
    >>> intraclass(np.array([1.0, 1.0, 5.0, 5.0, 9.0, 9.0]), np.array([0, 0, 1, 1, 2, 2])).share
    1.0
    """
    from scipy.special import fdtrc

    known = codes >= 0
    values, codes = values[known], np.unique(codes[known], return_inverse=True)[1]
    n_rows, sizes = len(values), np.bincount(codes)
    n_groups = len(sizes)
    if n_groups < 2 or n_rows <= n_groups:
        return Intraclass(0.0, 1.0)
    centred = values - values.mean()
    means = np.bincount(codes, centred) / sizes
    between = float((sizes * means**2).sum()) / (n_groups - 1)
    within = float(((centred - means[codes]) ** 2).sum()) / (n_rows - n_groups)
    typical = (n_rows - float((sizes**2).sum()) / n_rows) / (n_groups - 1)
    total = between + (typical - 1) * within
    if total <= 0 or not math.isfinite(total):
        return Intraclass(0.0, 1.0)
    ratio = between / within if within > 0 else math.inf
    p_value = 0.0 if within == 0 else float(fdtrc(n_groups - 1, n_rows - n_groups, ratio))
    return Intraclass((between - within) / total, p_value)


@dataclass(frozen=True)
class MostAlike:
    """Answer which row is most alike, by any set of features.

    Attributes
    ----------
    asked, among : ndarray of int
        Rows asked for, and rows looked at: samples where there are many.
    features : ndarray, shape (n_among, n_features)
        Features of the latter, on scales that can be compared; the former come first.
    whole : ndarray, shape (n_asked, n_among)
        Squared distances by all features; infinite for a row and itself.
    """

    asked: Array
    among: Array
    features: Array
    whole: Array

    @classmethod
    def of(cls, features: Array, seed: int = 0) -> MostAlike:
        """Measure all distances once.

        Parameters
        ----------
        features : ndarray, shape (n_rows, n_features)
            Without missing values.
        seed : int
            Of the samples.
        """
        order = np.random.default_rng([0xA11E, seed]).permutation(len(features))
        asked, among = order[:MOST_ASKED], order[:MOST_LOOKED_AT]
        chosen = features[among].astype(np.float32)
        whole = _distances(chosen, len(asked))
        whole[np.arange(len(asked)), np.arange(len(asked))] = np.inf
        return cls(asked, among, chosen, whole)

    def without(self, left_out: Sequence[int]) -> tuple[Array, Array]:
        """Return rows, and for each the nearest other one by all features but these.

        Examples
        --------
        >>> near = MostAlike.of(np.array([[0.0, 9.0], [0.1, 0.0], [5.0, 9.0], [5.1, 0.0]]))
        >>> asked, nearest = near.without([1])
        >>> nearest[np.argsort(asked)].tolist()
        [1, 0, 3, 2]
        """
        distances = self.whole
        if left_out:
            distances = distances - _distances(self.features[:, list(left_out)], len(self.asked))
        return self.asked, self.among[distances.argmin(axis=1)]


def _distances(features: Array, n_asked: int) -> Array:
    size = (features**2).sum(axis=1)
    return np.asarray(size[:n_asked, None] + size - 2 * features[:n_asked] @ features.T)


def same_group_share(pairs: tuple[Array, Array], codes: Array) -> float:
    """Return how much oftener than chance the nearest row is of the same group.

    Parameters
    ----------
    pairs : tuple of ndarray
        Rows, and for each the nearest other one: from `MostAlike`.
    codes : ndarray of int, shape (n_rows,)
        Group of each row; -1 for none, which shares with nobody.

    Returns
    -------
    float
        0 for chance, 1 for always.

    Source
    ------
    Cohen (1960), Educational and Psychological Measurement 20 (agreement beyond chance).

    Examples
    --------
    >>> codes = np.array([0, 0, 1, 1])
    >>> same_group_share((np.arange(4), np.array([1, 0, 3, 2])), codes)
    1.0
    """
    asked, nearest = pairs
    sizes = np.bincount(codes[codes >= 0])
    can = (codes[asked] >= 0) & (sizes[np.maximum(codes[asked], 0)] > 1)
    if not can.any():
        return 0.0
    asked, nearest = asked[can], nearest[can]
    chance = float((sizes[codes[asked]] - 1).mean()) / max(len(codes) - 1, 1)
    share = float((codes[asked] == codes[nearest]).mean())
    return (share - chance) / (1 - chance) if chance < 1 else 0.0


def smoothness(values: Array, steps: Array) -> float:
    """Return how little the mean of a quantity jumps from one value of a column to the next.

    Parameters
    ----------
    values, steps : ndarray, shape (n_rows,)
        The quantity, and the number whose order is in question.

    Returns
    -------
    float
        Von Neumann's ratio of the group means: about 2 where neighbouring values are as unlike as
        any, as those of a code; near 0 where the quantity follows the number.

    Source
    ------
    von Neumann (1941), Annals of Mathematical Statistics 12.

    Examples
    --------
    >>> x = np.repeat(np.arange(20.0), 5)
    >>> smoothness(x**2, x) < 0.2 < 1.0 < smoothness(np.sin(x * 1e4), x)
    True
    """
    codes = np.unique(steps, return_inverse=True)[1]
    sizes = np.bincount(codes)
    means = np.bincount(codes, values) / sizes
    centre = float((sizes * means).sum() / sizes.sum())
    spread = float((sizes * (means - centre) ** 2).sum() / sizes.sum())
    if len(sizes) < 3 or spread == 0:
        return 2.0
    weight = np.minimum(sizes[1:], sizes[:-1])
    return float((weight * np.diff(means) ** 2).sum() / weight.sum()) / spread


def standard_ranks(X: Array) -> Array:
    """Return each column as ranks from -½ to ½, the middle for missing: any unit gives the same.

    Examples
    --------
    >>> standard_ranks(np.array([[7.0], [np.nan], [1e9], [-3.0]])).ravel().tolist()
    [0.0, 0.0, 0.5, -0.5]
    """
    ranks = np.zeros(X.shape)
    for j in range(X.shape[1]):
        known = np.isfinite(X[:, j])
        own = mean_ranks(X[known, j]) - 1
        if len(own) > 1 and np.ptp(own) > 0:
            ranks[known, j] = own / (len(own) - 1) - 0.5
    return ranks


def least_squares_residual(y: Array, X: Array) -> Array:
    """Return what a line through features, held a little, leaves of a quantity.

    Parameters
    ----------
    y : ndarray, shape (n_rows,)
        The quantity.
    X : ndarray, shape (n_rows, n_features)
        On scales that can be compared; may have no column.

    Examples
    --------
    >>> x = np.linspace(-0.5, 0.5, 11)
    >>> bool(np.abs(least_squares_residual(3 * x, x[:, None])).max() < 0.02)
    True
    """
    centred, left = X - X.mean(axis=0), y - y.mean()
    if not X.shape[1]:
        return np.asarray(left)
    held = RIDGE * len(y) * np.eye(X.shape[1])
    weights = np.linalg.solve(centred.T @ centred + held, centred.T @ left)
    return np.asarray(left - centred @ weights)
