"""Take both steps of expectation and maximisation as products of matrices, where no cell is missing.

The log density of a Gaussian is linear in a row's numbers and their products, and the moments of a
component are sums of the same: one matrix of them serves all components and all steps.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from rung.typing import Array

MOST_CELLS = 4_000_000  # of a matrix that is kept
PART_CELLS = 250_000  # of the parts, made anew, that more rows are taken in: they fit in a cache


class CompleteRows:
    """Rows without missing cells, with the products of their numbers that a shape needs.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
        Without NaN. They are centred, as products of large numbers lose digits.
    shape : str
        One of `rung.density.gaussians.SHAPES`.
    """

    def __init__(self, X: Array, shape: str) -> None:
        d = X.shape[1]
        self.shape, self.centre = shape, X.mean(axis=0)
        self.X = X - self.centre
        pairs = {"full": np.triu_indices(d), "tied": np.triu_indices(0)}
        self._pairs = pairs.get(shape, (np.arange(d), np.arange(d)))
        width = 1 + d + len(self._pairs[0])
        is_kept = len(X) * width <= MOST_CELLS
        self._size = len(X) if is_kept else max(PART_CELLS // width, 1)
        self._kept = self._features(slice(0, len(X))) if is_kept else None

    def _features(self, rows: slice) -> Array:
        """Return a column of ones, the numbers and their products."""
        X, (left, right) = self.X[rows], self._pairs
        return np.column_stack([np.ones(len(X)), X, X[:, left] * X[:, right]])

    def _parts(self) -> Iterator[tuple[slice, Array]]:
        for at in range(0, len(self.X), self._size):
            rows = slice(at, at + self._size)
            yield rows, self._features(rows) if self._kept is None else self._kept

    def log_densities(self, means: Array, covariances: Array) -> Array:
        """Return log densities at every row, shape (n_rows, n_components)."""
        k, d = means.shape
        m = means - self.centre
        if self.shape in {"diagonal", "spherical"}:
            variances = np.diagonal(covariances, axis1=1, axis2=2)
            logs, slopes, products = np.log(variances).sum(axis=1), m / variances, -0.5 / variances
        else:
            own = covariances[:1] if self.shape == "tied" else covariances
            inverse = np.linalg.inv(own)
            logs, slopes = np.linalg.slogdet(own)[1], (inverse @ m[:, :, None])[:, :, 0]
            left, right = self._pairs
            products = -np.where(left == right, 0.5, 1.0) * inverse[:, left, right]
            products = np.broadcast_to(products, (k, len(left)))
        starts = -0.5 * (d * math.log(2 * math.pi) + logs + (slopes * m).sum(axis=1))
        weights = np.column_stack([starts, slopes, products])
        found = np.empty((k, len(self.X)))  # sums over components are then fast
        for rows, features in self._parts():
            np.matmul(weights, features.T, out=found[:, rows])
        if self.shape == "tied":
            found -= 0.5 * ((self.X @ inverse[0]) * self.X).sum(axis=1)
        return found.T

    def moments(self, shares: Array) -> tuple[Array, Array, Array]:
        """Return rows, means and scatter about the means of each component.

        Parameters
        ----------
        shares : ndarray, shape (n_rows, n_components)
            Of the components at each row.

        Returns
        -------
        ndarray, shape (n_components,)
        ndarray, shape (n_components, n_columns)
        ndarray, shape (n_components, n_columns, n_columns)
            Of tied components, an equal part of all scatter each.
        """
        sums = np.asarray(sum(shares[rows].T @ features for rows, features in self._parts()))
        k, d = shares.shape[1], self.X.shape[1]
        counts, means = sums[:, 0] + 1e-9, sums[:, 1 : d + 1] / (sums[:, :1] + 1e-9)
        scatter = np.zeros((k, d, d))
        if self.shape == "tied":
            whole = self.X.T @ self.X - (means * counts[:, None]).T @ means
            scatter[:] = whole / k
        else:
            left, right = self._pairs
            found = sums[:, d + 1 :] - counts[:, None] * means[:, left] * means[:, right]
            scatter[:, left, right] = scatter[:, right, left] = found
        return counts, means + self.centre, scatter
