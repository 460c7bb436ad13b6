"""Fit mixtures of Gaussians by expectation and maximisation; missing cells are summed out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from rung.density.missing_cells import RowsByCells, pattern_logs, patterns
from rung.typing import Array

SHAPES = ("full", "tied", "diagonal", "spherical")
LEAST_LOG = -100.0
PRIOR_ROWS = 1.0  # rows that the prior of every covariance counts for


@dataclass(frozen=True)
class GaussianMix:
    """A mixture of Gaussians.

    Attributes
    ----------
    weights : ndarray, shape (n_components,)
        Sum to one.
    means : ndarray, shape (n_components, n_columns)
        Centres.
    covariances : ndarray, shape (n_components, n_columns, n_columns)
        Equal for all components where they are tied.
    shape : str
        One of `SHAPES`.
    objective : tuple of float
        Log likelihood plus log prior after every step; it never falls.
    tables : tuple of ndarray, each (n_components, n_levels)
        Probabilities of the levels of each category, inside a component independent of the rest.
    """

    weights: Array
    means: Array
    covariances: Array
    shape: str = "full"
    objective: tuple[float, ...] = ()
    tables: tuple[Array, ...] = ()

    @property
    def n_components(self) -> int:
        """Return the number of components."""
        return len(self.weights)

    @property
    def n_parameters(self) -> int:
        """Return how many numbers are free."""
        k, d = self.means.shape
        of_shape = {
            "full": k * d * (d + 1) // 2,
            "tied": d * (d + 1) // 2,
            "diagonal": k * d,
            "spherical": k,
        }
        of_tables = sum(k * (table.shape[1] - 1) for table in self.tables)
        return int(k - 1 + k * d + of_shape[self.shape] + of_tables)


def joint_log_densities(
    mixture: GaussianMix,
    X: Array,
    codes: Array | None = None,
    *,
    whole: list[tuple[Array, Array]] | None = None,
) -> Array:
    """Return the log of weight times density of every component at every row.

    Parameters
    ----------
    mixture : GaussianMix
        With n_components components.
    X : ndarray, shape (n_rows, n_columns)
        NaN is a missing cell, over which the density is summed.
    codes : ndarray of int, shape (n_rows, n_categories), optional
        Levels; -1 is missing.
    whole : list, optional
        The `patterns` of X, where they are known.

    Returns
    -------
    ndarray, shape (n_rows, n_components)

    Examples
    --------
    >>> one = GaussianMix(np.ones(1), np.zeros((1, 2)), np.eye(2)[None])
    >>> joint_log_densities(one, np.array([[0.0, np.nan]])).round(4)
    array([[-0.9189]])
    """
    found = np.empty((len(X), mixture.n_components))
    for rows, seen in whole or patterns(X):
        own = mixture.means, mixture.covariances, mixture.shape
        found[rows] = pattern_logs(X[rows][:, seen], seen, *own)
    found += np.log(mixture.weights)
    if codes is None:
        return found
    for j, table in enumerate(mixture.tables):
        # the last column stands for a missing cell, which costs nothing
        logs = np.column_stack([np.log(table), np.zeros(len(table))])
        found += logs.T[codes[:, j]]
    return found


def log_density(mixture: GaussianMix, X: Array, codes: Array | None = None) -> Array:
    """Return the log density of every row, shape (n_rows,)."""
    return log_sum(joint_log_densities(mixture, X, codes))


def log_sum(logs: Array) -> Array:
    """Return the log of the sum of exponentials along each row."""
    top = logs.max(axis=1)
    return np.asarray(top + np.log(np.exp(logs - top[:, None]).sum(axis=1)))


def shared_out(joint: Array) -> tuple[Array, Array]:
    """Return the log density of every row, and the shares of its components."""
    top = joint.max(axis=1)
    # lesser shares count for nothing, and numbers below 1e-308 take many times as long
    shares = np.exp(np.maximum(joint - top[:, None], LEAST_LOG))
    total = shares.sum(axis=1)
    shares /= total[:, None]
    return np.asarray(top + np.log(total)), shares


@dataclass(frozen=True)
class Categories:
    """Hold the categories of rows, and what their probabilities are drawn towards.

    Attributes
    ----------
    codes : ndarray of int, shape (n_rows, n_categories)
        Levels; -1 is missing.
    bases : tuple of ndarray
        Probabilities of the levels of each over all rows, none of them zero.
    """

    codes: Array
    bases: tuple[Array, ...]

    @cached_property
    def _shown(self) -> Any:
        """Ones where a row has a level, sparse; shape (n_rows, all levels of all categories)."""
        from scipy.sparse import csr_array

        known = self.codes >= 0
        columns = (self.codes + self._starts[:-1])[known]
        ends = np.append(0, np.cumsum(known.sum(axis=1)))
        size = (len(self.codes), int(self._starts[-1]))
        return csr_array((np.ones(len(columns)), columns, ends), shape=size)

    @property
    def _starts(self) -> Array:
        return np.append(0, np.cumsum([len(base) for base in self.bases])).astype(int)

    def log_probabilities(self, tables: tuple[Array, ...]) -> Array:
        """Return the log probability of each row's levels, shape (n_rows, n_components)."""
        return np.asarray(self._shown @ np.log(np.concatenate(tables, axis=1)).T)

    def tables(self, shares: Array, rows: float) -> tuple[Array, ...]:
        """Return the probabilities of levels in each component, the prior worth some rows."""
        if not self.bases:
            return ()
        counts = np.split((self._shown.T @ shares).T, self._starts[1:-1], axis=1)
        return tuple(
            np.asarray((own + rows * base) / (own.sum(axis=1)[:, None] + rows))
            for own, base in zip(counts, self.bases, strict=True)
        )

    def log_prior(self, tables: tuple[Array, ...], rows: float) -> float:
        """Return the log prior of tables, up to a constant."""
        logs = [
            (base * np.log(np.maximum(table, 1e-300))).sum()
            for base, table in zip(self.bases, tables, strict=True)
        ]
        return float(rows * sum(logs)) if rows else 0.0


def fit_from(
    X: Array,
    shares: Array,
    shape: str,
    *,
    limit: tuple[int, float] = (200, 1e-4),
    prior: tuple[float, float] = (PRIOR_ROWS, 0.1),
    categories: Categories | None = None,
) -> GaussianMix:
    """Fit a mixture from a first guess of which component has which row.

    Each covariance has a prior worth `prior[0]` rows whose covariance is `prior[1]` of the
    variance of the columns, so that no component collapses onto a row.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
        NaN is a missing cell.
    shares : ndarray, shape (n_rows, n_components)
        Rows sum to one.
    shape : str
        One of `SHAPES`.
    limit : tuple
        Most steps, and the gain of the objective, a row and step, at which it ends.
    prior : (float, float)
        Rows that it is worth, zero for none, and its share of the variance.
    categories : Categories, optional
        Categories of the same rows.

    Returns
    -------
    GaussianMix

    Source
    ------
    Dempster, Laird & Rubin (1977); Ghahramani & Jordan (1994) for missing cells; the prior is
    that of Fraley & Raftery (2007).
    """
    variance = np.nanvar(X, axis=0)
    prior_rows, prior_share = prior
    spread = prior_share * variance
    rows = RowsByCells(X, shape)
    first = GaussianMix(
        np.full(shares.shape[1], 1 / shares.shape[1]),
        np.tile(np.nanmean(X, axis=0), (shares.shape[1], 1)),
        np.tile(np.diag(np.maximum(variance, 1e-12)), (shares.shape[1], 1, 1)),
        shape,
    )
    given = categories or Categories(np.empty((len(X), 0), int), ())
    drawn = spread, prior_rows
    mixture = _maximise(rows, shares, first, drawn)
    tables = given.tables(shares, prior_rows)
    path: list[float] = []
    for _ in range(limit[0]):
        mixture = replace(mixture, tables=tables)
        joint = rows.log_densities(mixture.means, mixture.covariances)
        joint += np.log(mixture.weights)
        if tables:
            joint += given.log_probabilities(tables)
        total, shares = shared_out(joint)
        of_prior = _log_prior(mixture, spread, prior_rows) + given.log_prior(tables, prior_rows)
        path.append(float(total.sum()) + of_prior)
        if len(path) > 1 and path[-1] - path[-2] < limit[1] * len(X):
            break
        mixture = _maximise(rows, shares, mixture, drawn)
        tables = given.tables(shares, prior_rows)
    return replace(mixture, objective=tuple(path), tables=tables)


def _log_prior(mixture: GaussianMix, spread: Array, rows: float) -> float:
    if not rows:
        return 0.0
    if mixture.shape in {"diagonal", "spherical"}:
        variances = np.diagonal(mixture.covariances, axis1=1, axis2=2)
        return float(-0.5 * rows * (np.log(variances) + spread / variances).sum())
    covariances = mixture.covariances[:1] if mixture.shape == "tied" else mixture.covariances
    inverse = np.linalg.inv(covariances)
    traces = np.einsum("kdd,d->k", inverse, spread)
    return float(-0.5 * rows * (np.linalg.slogdet(covariances)[1] + traces).sum())


def _maximise(
    rows: RowsByCells, shares: Array, before: GaussianMix, prior: tuple[Array, float]
) -> GaussianMix:
    """Return the mixture that fits these shares best."""
    counts, means, scatter = rows.moments(shares, before.means, before.covariances)
    covariances = _shaped(scatter, counts, before.shape, *prior)
    return GaussianMix(counts / counts.sum(), means, covariances, before.shape)


def _shaped(scatter: Array, counts: Array, shape: str, spread: Array, rows: float) -> Array:
    """Return covariances of this shape, with the prior's rows among those that made them."""
    k, d = len(counts), len(spread)
    least = np.diag(np.maximum(spread, 1e-12)) * 1e-6
    if shape == "tied":
        shared = (scatter.sum(axis=0) + rows * np.diag(spread)) / (counts.sum() + rows)
        return np.tile(shared + least, (k, 1, 1))
    covariances = (scatter + rows * np.diag(spread)) / (counts[:, None, None] + rows)
    if shape == "full":
        return np.asarray(covariances + least)
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    if shape == "spherical":
        variances = np.repeat(variances.mean(axis=1)[:, None], d, axis=1)
    return np.asarray(variances[:, :, None] * np.eye(d) + least)
