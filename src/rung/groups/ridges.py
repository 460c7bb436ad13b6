"""Follow the ridge between two components of a mixture, and find how far the density falls."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from rung.density.gaussians import GaussianMix, joint_log_densities, log_sum
from rung.typing import Array

PLACES = np.linspace(0, 1, 25)


def ridge_ratios(mixture: GaussianMix) -> Array:
    """Return how much of the lower of two components' densities is left between them.

    Returns
    -------
    ndarray, shape (n_components, n_components)
        One where the density does not fall, near zero where nothing lies between.

    Examples
    --------
    >>> far = GaussianMix(np.full(2, 0.5), np.array([[0.0], [4.0]]), np.ones((2, 1, 1)))
    >>> ridge_ratios(far)[0, 1].round(3)
    np.float64(0.271)
    """
    pairs, each = _follow(mixture)
    ratios = np.ones((mixture.n_components, mixture.n_components))
    if len(pairs):
        logs = log_sum(each.reshape(-1, mixture.n_components)).reshape(each.shape[:2])
        left = np.exp(np.minimum(logs.min(axis=1) - np.minimum(logs[:, 0], logs[:, -1]), 0))
        _fill(ratios, pairs, left)
    return ratios


def ridge_heights(mixture: GaussianMix) -> Array:
    """Return the lowest log density between two components; ways through a third come last.

    Where a third component is the densest somewhere between, the two are no neighbours: rows of the
    third lie between them, and a test that looks at rows of the two alone would see a valley.

    Returns
    -------
    ndarray, shape (n_components, n_components)
        For ordering alone: a constant is taken from the heights of ways through a third.

    Examples
    --------
    >>> line = GaussianMix(np.full(3, 1 / 3), np.array([[0.0], [2.0], [4.0]]), np.ones((3, 1, 1)))
    >>> heights = ridge_heights(line)
    >>> bool(heights[0, 1] > heights[0, 2]), round(float(heights[0, 1] - heights[1, 2]), 9)
    (True, 0.0)
    """
    pairs, each = _follow(mixture)
    heights = np.full((mixture.n_components, mixture.n_components), np.inf)
    if len(pairs):
        logs = log_sum(each.reshape(-1, mixture.n_components)).reshape(each.shape[:2])
        low, densest = logs.min(axis=1), each.argmax(axis=2)
        is_third = (densest[..., None] != pairs[:, None, :]).all(axis=2).any(axis=1)
        _fill(heights, pairs, low - is_third * (1 + low.max() - low.min()))
    return heights


def _fill(matrix: Array, pairs: Array, values: Array) -> None:
    matrix[pairs[:, 0], pairs[:, 1]] = matrix[pairs[:, 1], pairs[:, 0]] = values


def _follow(mixture: GaussianMix) -> tuple[Array, Array]:
    """Return pairs of components, and the log of weight times density of each along their ridge.

    All stationary points of the density of two Gaussians lie on the curve that is followed here.

    Source
    ------
    Ray & Lindsay (2005); Hennig (2010) for joining components.
    """
    k, d = mixture.means.shape
    pairs = np.array(list(combinations(range(k), 2)), dtype=int).reshape(-1, 2)
    inverses = np.linalg.inv(mixture.covariances)
    pulls = np.einsum("kde,ke->kd", inverses, mixture.means)
    one, two = pairs.T
    share = PLACES[None, :, None]
    pull = (1 - share) * pulls[one][:, None] + share * pulls[two][:, None]
    precision = (1 - share[..., None]) * inverses[one][:, None] + share[..., None] * inverses[two][
        :, None
    ]
    ways = np.linalg.solve(precision, pull[..., None])[..., 0]
    logs = joint_log_densities(mixture, ways.reshape(-1, d))
    return pairs, logs.reshape(len(pairs), len(PLACES), k)
