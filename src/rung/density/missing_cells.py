"""Take both steps of expectation and maximisation where cells are missing: they are summed out."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from rung.density.complete_rows import CompleteRows
from rung.typing import Array

Moments = tuple[Array, Array, Array]


def patterns(X: Array) -> Iterator[tuple[Array, Array]]:
    """Yield rows with the same missing cells, with the columns that they have."""
    missing = np.isnan(X)
    if not missing.any():
        yield np.arange(len(X)), np.arange(X.shape[1])
        return
    kinds, which = np.unique(missing, axis=0, return_inverse=True)
    for index, kind in enumerate(kinds):
        yield np.flatnonzero(which.reshape(-1) == index), np.flatnonzero(~kind)


def pattern_logs(cells: Array, seen: Array, means: Array, covariances: Array, shape: str) -> Array:
    """Return log densities of rows with the same missing cells, shape (n_rows, n_components).

    Parameters
    ----------
    cells : ndarray, shape (n_rows, n_seen)
        The cells that are known.
    seen : ndarray of int, shape (n_seen,)
        Their columns.
    means, covariances : ndarray, shapes (n_components, n_columns), (..., n_columns)
        Of components.
    shape : str
        One of `rung.density.gaussians.SHAPES`.
    """
    constant = len(seen) * math.log(2 * math.pi)
    centred = cells[None] - means[:, None, seen]
    if shape in {"diagonal", "spherical"}:
        variances = np.diagonal(covariances, axis1=1, axis2=2)[:, seen]
        squares = np.einsum("knd,kd->kn", centred * centred, 1 / variances)
        log_determinants = np.log(variances).sum(axis=1)
    else:
        part = covariances[:, seen[:, None], seen]
        roots = np.linalg.cholesky(part[:1] if shape == "tied" else part)
        whitened = centred @ np.linalg.inv(roots).transpose(0, 2, 1)
        squares = np.einsum("knd,knd->kn", whitened, whitened)
        log_determinants = 2 * np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
    return np.asarray(-0.5 * (squares + log_determinants[:, None] + constant)).T


class RowsByCells:
    """Rows parted by which cells are missing; those that lack none are taken together.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
        NaN is a missing cell.
    shape : str
        One of `rung.density.gaussians.SHAPES`.
    """

    def __init__(self, X: Array, shape: str) -> None:
        self.X, self.shape = X, shape
        found = list(patterns(X))
        self._lacking = [(rows, seen) for rows, seen in found if len(seen) < X.shape[1]]
        self._whole = next((rows for rows, seen in found if len(seen) == X.shape[1]), None)
        self._complete = None
        if self._whole is not None and len(self._whole):
            own = X if len(self._whole) == len(X) else X[self._whole]
            self._complete = CompleteRows(own, shape)

    def log_densities(self, means: Array, covariances: Array) -> Array:
        """Return log densities at every row, shape (n_rows, n_components)."""
        if self._complete is None:
            found = np.empty((len(means), len(self.X))).T
        else:
            found = self._complete.log_densities(means, covariances)
            if not self._lacking:
                return found
            whole, found = found, np.empty((len(means), len(self.X))).T
            found[self._whole] = whole
        for rows, seen in self._lacking:
            cells = self.X[rows][:, seen]
            found[rows] = pattern_logs(cells, seen, means, covariances, self.shape)
        return found

    def moments(self, shares: Array, means: Array, covariances: Array) -> Moments:
        """Return rows, means and scatter about the means of each component.

        Parameters
        ----------
        shares : ndarray, shape (n_rows, n_components)
            Of the components at each row.
        means, covariances : ndarray
            Of the components before: they say what missing cells are likely to be.

        Returns
        -------
        ndarray, shape (n_components,)
        ndarray, shape (n_components, n_columns)
        ndarray, shape (n_components, n_columns, n_columns)
            Of tied components, only the sum is meant.
        """
        found = []
        if self._complete is not None:
            own = shares if not self._lacking else shares[self._whole]
            found.append(self._complete.moments(own))
        for rows, seen in self._lacking:
            filled, spare = _filled(self.X[rows][:, seen], seen, means, covariances)
            found.append(_moments_of(filled, shares[rows], spare))
        return found[0] if not self._lacking else _joined(found)


def _filled(cells: Array, seen: Array, means: Array, covariances: Array) -> tuple[Array, Array]:
    """Return rows as each component would fill them, and the covariance of what is filled."""
    k, d = means.shape
    lost = np.setdiff1d(np.arange(d), seen)
    filled, spare = np.empty((k, len(cells), d)), np.zeros((k, d, d))
    filled[:, :, seen] = cells
    between = covariances[:, lost[:, None], seen]
    weights = between @ np.linalg.inv(covariances[:, seen[:, None], seen])
    centred = cells - means[:, None, seen]
    filled[:, :, lost] = means[:, None, lost] + centred @ weights.transpose(0, 2, 1)
    left = covariances[:, lost[:, None], lost] - weights @ between.transpose(0, 2, 1)
    spare[:, lost[:, None], lost] = left
    return filled, spare


def _moments_of(filled: Array, shares: Array, spare: Array) -> Moments:
    counts = shares.sum(axis=0) + 1e-300
    means = np.einsum("nk,knd->kd", shares, filled) / counts[:, None]
    centred = filled - means[:, None]
    weighed = centred * shares.T[:, :, None]
    return counts, means, weighed.transpose(0, 2, 1) @ centred + counts[:, None, None] * spare


def _joined(parts: list[Moments]) -> Moments:
    """Return the moments of rows that came in parts."""
    counts = np.asarray(sum(one for one, _, _ in parts)) + 1e-9
    means = np.asarray(sum(one[:, None] * mean for one, mean, _ in parts)) / counts[:, None]
    scatter = sum(
        own + one[:, None, None] * (mean - means)[:, :, None] * (mean - means)[:, None]
        for one, mean, own in parts
    )
    return counts, means, np.asarray(scatter)
