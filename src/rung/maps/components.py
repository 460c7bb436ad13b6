"""Principal components: how many there are, what they are made of, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from rung.typing import Array

N_SHUFFLES = 50
N_RESAMPLES = 100
LEVEL = 0.95
FOLDS = 5
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Components:
    """Principal components of standardised columns.

    Attributes
    ----------
    centre : ndarray, shape (n_columns,)
        Mean of the rows.
    axes : ndarray, shape (n_columns, n_components)
        Directions, from the widest down; the largest entry of each is positive.
    shares : ndarray, shape (n_components,)
        Share of the variance along each.
    by_chance : ndarray, shape (n_components,)
        95 % quantile of that share where the columns are shuffled.
    n_real : int
        Components before the first whose share shuffled columns reach.
    errors : ndarray, shape (n_components + 1,)
        Share of the variance of held-out cells that is not reconstructed, by components in use.
    n_predicting : int
        Components at which held-out cells are reconstructed best.
    low, high : ndarray, shape (n_columns, n_components)
        95 % intervals of the axes, over resampled rows.
    """

    centre: Array
    axes: Array
    shares: Array
    by_chance: Array
    n_real: int
    errors: Array
    n_predicting: int
    low: Array
    high: Array

    def place(self, X: Array, n: int = 2) -> Array:
        """Return the coordinates of rows along the first n components."""
        return np.asarray((X - self.centre) @ self.axes[:, :n])

    def words(self, names: tuple[str, ...], component: int) -> str:
        """Say what a component is made of: columns whose interval leaves zero out.

        Parameters
        ----------
        names : tuple of str
            Of the columns.
        component : int
            From 0.
        """
        axis, low, high = (part[:, component] for part in (self.axes, self.low, self.high))
        sure = [j for j in np.argsort(-np.abs(axis), kind="stable") if low[j] > 0 or high[j] < 0]
        parts = [
            f"{'+' if axis[j] > 0 else '−'} {abs(axis[j]):.2f} {names[j]} "
            f"({min(abs(low[j]), abs(high[j])):.2f} to {max(abs(low[j]), abs(high[j])):.2f})"
            for j in sure[:6]
        ]
        return " ".join(parts) or "no column takes part for sure"


def find_components(
    X: Array, *, seed: int = 0, shuffle: Callable[[np.random.Generator], Array] | None = None
) -> Components:
    """Find principal components, and how many of them are more than chance.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
        Standardised, without missing cells.
    seed : int
        Of shuffles and resamples.
    shuffle : callable, optional
        Draws rows without structure; each column of X in an order of its own unless given. Needed
        where X holds axes that are uncorrelated by construction, of which shuffles say nothing.

    Source
    ------
    Horn (1965), parallel analysis; Bro et al. (2008), element-wise cross-validation.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> one = rng.normal(size=(200, 1)) + 0.3 * rng.normal(size=(200, 4))
    >>> found = find_components(one)
    >>> found.n_real, found.n_predicting
    (1, 1)
    """
    rng = np.random.default_rng([0x3A9, seed % 2**63])
    if len(X) > MOST_ROWS:
        X = X[rng.choice(len(X), MOST_ROWS, replace=False)]
    centre = X.mean(axis=0)
    axes, shares = principal_axes(X)
    draw = shuffle or partial(shuffle_columns, X)
    shuffled = [_padded(principal_axes(draw(rng))[1], len(shares)) for _ in range(N_SHUFFLES)]
    by_chance = np.quantile(shuffled, LEVEL, axis=0)
    beyond = shares > by_chance
    n_real = len(beyond) if beyond.all() else int(np.argmin(beyond))
    errors = _held_out_errors(X, rng)
    low, high = _intervals(X, axes, rng)
    best = int(np.argmin(errors))
    return Components(centre, axes, shares, by_chance, n_real, errors, best, low, high)


def _padded(shares: Array, n: int) -> Array:
    """Return so many shares, zero for axes that shuffled rows lack."""
    return np.pad(shares, (0, max(n - len(shares), 0)))[:n]


def shuffle_columns(X: Array, rng: np.random.Generator) -> Array:
    """Return each column in an order of its own: the same columns, and no structure."""
    return np.column_stack([rng.permutation(column) for column in X.T])


def principal_axes(X: Array) -> tuple[Array, Array]:
    """Return directions from the widest down, and the share of the variance along each."""
    centred = X - X.mean(axis=0)
    values, axes = np.linalg.eigh(centred.T @ centred / len(X))
    values, axes = np.maximum(values[::-1], 0), axes[:, ::-1]
    signs = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    return axes * signs, values / max(values.sum(), 1e-300)


def _held_out_errors(X: Array, rng: np.random.Generator) -> Array:
    """Return how much of held-out cells is lost: each from the other cells of a held-out row."""
    n, d = X.shape
    fold = rng.permutation(n) % FOLDS
    lost = np.zeros(d)
    for one in range(FOLDS):
        learn, held = X[fold != one], X[fold == one]
        axes, _ = principal_axes(learn)
        rows = held - learn.mean(axis=0)
        for k in range(d):
            used = axes[:, :k]
            for j in range(d):
                others = np.delete(np.arange(d), j)
                scores = np.linalg.lstsq(used[others], rows[:, others].T, rcond=None)[0]
                lost[k] += ((rows[:, j] - used[j] @ scores) ** 2).sum()
    return np.asarray(lost / ((X - X.mean(axis=0)) ** 2).sum())


def _intervals(X: Array, axes: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return intervals of the axes; resampled ones are matched to them in order and sign."""
    found = []
    for _ in range(N_RESAMPLES):
        drawn, _ = principal_axes(X[rng.integers(len(X), size=len(X))])
        match = np.abs(axes.T @ drawn).argmax(axis=1)
        drawn = drawn[:, match]
        found.append(drawn * np.where((axes * drawn).sum(axis=0) < 0, -1, 1))
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, high


def trustworthiness(X: Array, placed: Array, k: int = 12, most: int = 2_000) -> float:
    """Return how far neighbours on a map are neighbours in the table: 1 all, .5 by chance.

    Parameters
    ----------
    X : ndarray, shape (n_rows, n_columns)
        Rows.
    placed : ndarray, shape (n_rows, 2)
        The map.
    k : int
        Neighbours.
    most : int
        The first rows that are looked at.

    Source
    ------
    Venna & Kaski (2001).

    Examples
    --------
    >>> line = np.arange(50.0)[:, None]
    >>> trustworthiness(line, line)
    1.0
    """
    X, placed = X[:most], placed[:most]
    n = len(X)
    k = min(k, n // 2 - 1)
    rank = _squares(X).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    near = _squares(placed).argsort(axis=1, kind="stable")[:, 1 : k + 1]
    beyond = np.maximum(rank[np.arange(n)[:, None], near] - k, 0).sum()
    return float(1 - beyond * 2 / (n * k * (2 * n - 3 * k - 1)))


def _squares(X: Array) -> Array:
    norms = (X * X).sum(axis=1)
    squares = np.maximum(norms[:, None] + norms - 2 * X @ X.T, 0)
    np.fill_diagonal(squares, -1)
    return np.asarray(squares)
