"""Mixtures of Gaussians, one a class, fitted together by expectation and maximisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.density.gaussians import GaussianMix, joint_log_densities, log_sum
from rung.density.missing_cells import patterns
from rung.typing import Array

SHAPES = ("diagonal", "tied", "full")
MOST_STEPS, LEAST_GAIN = 40, 1e-3  # nats a row and step
FILLING_STEPS = 6  # of one component a class, where cells are missing
FLOOR = 1e-5  # added to each variance, that of a column being 1: some are sums of others
LAPLACE = 1.0  # rows assumed of each level
LEAST_ROWS = 20  # of a component

Start = Callable[[Array, Array, int], Array]


@dataclass(frozen=True)
class ClassRows:
    """Hold the training rows of one class as mixtures see them.

    Attributes
    ----------
    X : ndarray, shape (n_rows, n_numbers)
        Standardised; NaN is a missing cell.
    codes : ndarray of int, shape (n_rows, n_categories)
        Levels; -1 is missing.
    weight : ndarray, shape (n_rows,)
        Above zero.
    sizes : tuple of int
        Levels of each category.
    """

    X: Array
    codes: Array
    weight: Array
    sizes: tuple[int, ...]

    @cached_property
    def whole(self) -> list[tuple[Array, Array]]:
        """Rows with the same cells, and their columns that are there."""
        return list(patterns(self.X))

    @cached_property
    def broken(self) -> list[tuple[Array, Array, Array]]:
        """Rows with the same missing cells; the columns that they have, and that they lack."""
        lost = [
            (rows, seen, np.flatnonzero(np.isnan(self.X[rows[0]]))) for rows, seen in self.whole
        ]
        return [one for one in lost if len(one[2])]

    def tables(self, shares: Array) -> tuple[Array, ...]:
        """Return shares of levels in each component, each (n_components, n_levels)."""
        weighed = (shares * self.weight[:, None]).T
        found = []
        for size, levels in zip(self.sizes, self.codes.T, strict=True):
            known = levels >= 0
            counts = [np.bincount(levels[known], own[known], minlength=size) for own in weighed]
            table = np.array(counts) + LAPLACE
            found.append(table / table.sum(axis=1, keepdims=True))
        return tuple(found)


def fit_class_mixtures(
    parts: list[ClassRows], n_components: int, shape: str, *, start: Start, drawn: float
) -> GaussianMix:
    """Fit a mixture to the rows of each class; the components of all classes in one.

    Parameters
    ----------
    parts : list of ClassRows
        Training rows, a class each; none without rows.
    n_components : int
        Of each class; fewer where it has fewer than twenty rows for each.
    shape : str
        `diagonal`; `tied`, one covariance for all components of all classes; `full`.
    start : callable
        `(X, codes, k)` gives first shares, shape (n_rows, k).
    drawn : float
        Covariances are drawn towards the one within classes, as by so many rows.

    Returns
    -------
    GaussianMix
        Components in the order of the classes (`owners` says whose each is); its weights hold the
        shares of the classes.

    Source
    ------
    Hastie & Tibshirani (1996), Journal of the Royal Statistical Society B 58; for missing cells
    Ghahramani & Jordan (1994); Friedman (1989) draws covariances towards the common one.
    """
    shares = []
    for part, k in zip(parts, owners(parts, n_components)[1], strict=True):
        shares.append(start(part.X, part.codes, k) if k > 1 else np.ones((len(part.X), 1)))
    mixtures = [
        _blank(share.shape[1], part, shape) for share, part in zip(shares, parts, strict=True)
    ]
    rows = sum(float(part.weight.sum()) for part in parts)
    common, before = _within(parts), -np.inf
    if max(share.shape[1] for share in shares) == 1:
        for _ in range(FILLING_STEPS if any(part.broken for part in parts) else 1):
            mixtures = _maximise(parts, shares, mixtures, (common, drawn))
        return _together(parts, mixtures, rows)
    for _ in range(MOST_STEPS):
        mixtures = _maximise(parts, shares, mixtures, (common, drawn))
        total, shares = _expect(parts, mixtures)
        if total - before < LEAST_GAIN * rows:
            break
        before = total
    return _together(parts, mixtures, rows)


def owners(parts: list[ClassRows], n_components: int) -> tuple[Array, list[int]]:
    """Return the class of each component, and how many each class has."""
    counts = [max(min(n_components, len(part.X) // LEAST_ROWS), 1) for part in parts]
    return np.repeat(np.arange(len(parts)), counts), counts


def _blank(k: int, part: ClassRows, shape: str) -> GaussianMix:
    """Return components at the origin: what missing cells are guessed from at first."""
    d = part.X.shape[1]
    return GaussianMix(np.full(k, 1 / k), np.zeros((k, d)), np.tile(np.eye(d), (k, 1, 1)), shape)


def _within(parts: list[ClassRows]) -> Array:
    """Return the covariance about the means of the classes."""
    found = [_moments(part, part.weight[None], _blank(1, part, "full"))[1][0] for part in parts]
    return np.asarray(sum(found) / sum(part.weight.sum() for part in parts))


def _expect(parts: list[ClassRows], mixtures: list[GaussianMix]) -> tuple[float, list[Array]]:
    """Return the log likelihood, and the shares of components at every row."""
    total, shares = 0.0, []
    for part, mixture in zip(parts, mixtures, strict=True):
        joint = joint_log_densities(mixture, part.X, part.codes, whole=part.whole)
        logs = log_sum(joint)
        total += float(part.weight @ logs)
        shares.append(np.exp(joint - logs[:, None]))
    return total, shares


def _maximise(
    parts: list[ClassRows],
    shares: list[Array],
    before: list[GaussianMix],
    prior: tuple[Array, float],
) -> list[GaussianMix]:
    """Return the mixtures that fit these shares best."""
    common, drawn = prior
    shape, counts, means, scatters = before[0].shape, [], [], []
    for part, share, mixture in zip(parts, shares, before, strict=True):
        weighed = (share * part.weight[:, None]).T
        mean, scatter = _moments(part, weighed, mixture)
        counts.append(weighed.sum(axis=1) + 1e-9)
        means.append(mean)
        scatters.append(scatter)
    covariances = []
    pooled = sum(own.sum(axis=0) for own in scatters), sum(own.sum() for own in counts)
    for n, scatter in zip(counts, scatters, strict=True):
        rows = n[:, None, None]
        if shape == "tied":
            scatter, rows = np.repeat(pooled[0][None], len(n), axis=0), pooled[1]
        own = (scatter + drawn * common) / (rows + drawn) + FLOOR * np.eye(len(common))
        covariances.append(own * np.eye(len(common)) if shape == "diagonal" else own)
    return [
        GaussianMix(n / n.sum(), mean, covariance, shape, (), part.tables(share))
        for n, mean, covariance, part, share in zip(
            counts, means, covariances, parts, shares, strict=True
        )
    ]


def _moments(part: ClassRows, weighed: Array, before: GaussianMix) -> tuple[Array, Array]:
    """Return mean and scatter of each component, missing cells at what the others make of them.

    Parameters
    ----------
    part : ClassRows
        Rows of a class.
    weighed : ndarray, shape (n_components, n_rows)
        Weights of rows times their shares.
    before : GaussianMix
        Of the step before.
    """
    X, spare = (part.X[None], np.zeros(1)) if not part.broken else _filled(part, weighed, before)
    total = np.maximum(weighed.sum(axis=1), 1e-300)
    means = (weighed[:, None] @ X)[:, 0] / total[:, None]
    centred = X - means[:, None]
    return means, (centred * weighed[:, :, None]).transpose(0, 2, 1) @ centred + spare


def _filled(part: ClassRows, weighed: Array, before: GaussianMix) -> tuple[Array, Array]:
    """Return rows with missing cells at their expectation, and what these vary about it."""
    k, d = before.means.shape
    X, spare = np.repeat(part.X[None], k, axis=0), np.zeros((k, d, d))
    for rows, seen, lost in part.broken:
        between = before.covariances[:, seen[:, None], lost]
        slopes = np.linalg.solve(before.covariances[:, seen[:, None], seen], between)
        centred = part.X[rows][:, seen] - before.means[:, None, seen]
        X[:, rows[:, None], lost] = before.means[:, None, lost] + centred @ slopes
        left = before.covariances[:, lost[:, None], lost]
        left = left - slopes.transpose(0, 2, 1) @ between
        spare[:, lost[:, None], lost] += weighed[:, rows].sum(axis=1)[:, None, None] * left
    return X, spare


def _together(parts: list[ClassRows], mixtures: list[GaussianMix], rows: float) -> GaussianMix:
    """Return one mixture of the components of all classes."""
    shares = [float(part.weight.sum()) / rows for part in parts]
    weights = [one.weights * share for one, share in zip(mixtures, shares, strict=True)]
    covariances = np.concatenate([one.covariances for one in mixtures])
    return GaussianMix(
        np.concatenate(weights),
        np.concatenate([one.means for one in mixtures]),
        (covariances + covariances.transpose(0, 2, 1)) / 2,  # rounded alike on both sides
        mixtures[0].shape,
        (),
        tuple(np.concatenate(own) for own in zip(*(one.tables for one in mixtures), strict=True)),
    )


def component_logs(mixture: GaussianMix, X: Array, codes: Array) -> Array:
    """Return the log of weight times density of every component, up to a constant of the row.

    A row's numbers depend on that row alone, to the bit: a product of matrices would round it
    otherwise beside other rows.

    Parameters
    ----------
    mixture : GaussianMix
        With n_components components.
    X : ndarray, shape (n_rows, n_numbers)
        NaN is a missing cell, over which the density is summed.
    codes : ndarray of int, shape (n_rows, n_categories)
        Levels; -1 is missing.

    Returns
    -------
    ndarray, shape (n_rows, n_components)

    Examples
    --------
    >>> one = GaussianMix(np.ones(1), np.zeros((1, 2)), np.eye(2)[None])
    >>> component_logs(one, np.array([[2.0, np.nan]]), np.empty((1, 0), int))
    array([[-2.]])
    """
    found = np.empty((len(X), mixture.n_components))
    for rows, seen in patterns(X):
        found[rows] = _whitened_logs(mixture, X[rows][:, seen].T, seen)
    found += np.log(mixture.weights)
    for j, table in enumerate(mixture.tables):
        # the last column stands for a missing cell, which costs nothing
        found += np.column_stack([np.log(table), np.zeros(len(table))]).T[codes[:, j]]
    return found


def _whitened_logs(mixture: GaussianMix, cells: Array, seen: Array) -> Array:
    """Return logs of Gaussian densities of cells, shape (n_seen, n_rows); (n_rows, n_components)."""
    part = mixture.covariances[:, seen[:, None], seen]
    inverse = np.linalg.inv(np.linalg.cholesky(part))
    centred = cells[:, None] - mixture.means.T[seen][:, :, None]
    squares = np.zeros(centred.shape[1:])
    for i in range(len(seen)):
        whitened = centred[i] * inverse[:, i, i, None]
        if mixture.shape != "diagonal":
            for j in range(i):
                whitened += centred[j] * inverse[:, i, j, None]
        squares += whitened * whitened
    logs = np.log(np.diagonal(inverse, axis1=1, axis2=2)).sum(axis=1)
    return np.asarray(logs[:, None] - 0.5 * squares).T
