"""Say how stable groups are over halves of the rows; join those that too few halves find again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from scipy.optimize import linear_sum_assignment

from rung.density.gaussians import GaussianMix
from rung.groups.nearest import likeliest_components
from rung.groups.ridges import ridge_ratios
from rung.typing import Array

FOUND_AGAIN = 0.5  # share of halves that must find a row of a group again, on average


class Parted(Protocol):
    """A mixture whose components are parted into groups."""

    @property
    def mixture(self) -> GaussianMix: ...

    @property
    def group(self) -> Array: ...


def found_again(
    X: Array, mixture: GaussianMix, group: Array, halves: Sequence[Parted]
) -> tuple[Array, Array, Array]:
    """Join the groups that halves do not find again to those that they hang together with most.

    Where that would leave one group alone, they are returned as they were.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
        The rows.
    mixture : GaussianMix
        Fitted to them.
    group : ndarray of int, shape (n_components,)
        Group of each of its components.
    halves : sequence of Parted
        What halves of the rows show.

    Returns
    -------
    labels : ndarray of int, shape (n_rows,)
        Group of each row, from the largest down.
    group : ndarray of int, shape (n_components,)
        Group of each component, numbered alike.
    stability : ndarray, shape (n_rows,)
        Share of halves that put the row into the same group.
    """
    component = likeliest_components(mixture, X)
    ratios = ridge_ratios(mixture)
    found: list[tuple[Array, Array, Array]] = []
    while True:
        labels, group = _by_size(group[component], group)
        found.append((labels, group, find_stability(X, labels, halves)))
        means = group_means(found[-1][2], labels, int(group.max()) + 1)
        if len(means) > 1 and means.min() >= FOUND_AGAIN:
            return found[-1]
        if len(means) == 1:
            return found[0]
        worst = group == means.argmin()
        beside = group[~worst][ratios[np.ix_(worst, ~worst)].max(axis=0).argmax()]
        group = np.unique(np.where(worst, beside, group), return_inverse=True)[1]


def group_means(values: Array, labels: Array, k: int) -> Array:
    """Return the mean of each of k groups; zero for one without rows.

    Examples
    --------
    >>> group_means(np.array([1.0, 0.0, 0.5]), np.array([0, 0, 1]), 2).tolist()
    [0.5, 0.5]
    """
    sizes = np.bincount(labels, minlength=k)
    return np.asarray(np.bincount(labels, weights=values, minlength=k) / np.maximum(sizes, 1))


def find_stability(X: Array, labels: Array, halves: Sequence[Parted]) -> Array:
    """Return the share of halves that put each row into the same group as all rows do.

    Groups of a half are matched one to one with those of all rows so that most rows agree.
    """
    agree, k = np.zeros(len(X)), int(labels.max()) + 1
    for half in halves:
        own = half.group[likeliest_components(half.mixture, X)]
        table = np.zeros((k, int(half.group.max()) + 1))
        np.add.at(table, (labels, own), 1)
        match = np.full(k, -1)
        ours, theirs = linear_sum_assignment(-table)
        match[ours] = theirs
        agree += own == match[labels]
    return agree / len(halves)


def _by_size(labels: Array, group: Array) -> tuple[Array, Array]:
    """Renumber groups from the largest down."""
    counts = np.bincount(labels, minlength=int(group.max()) + 1)
    rank = np.empty(len(counts), int)
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
    return rank[labels], rank[group]
