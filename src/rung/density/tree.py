"""Densities that are trees: each column depends on one other at most (Chow & Liu).

Numbers are joined through a Gaussian copula: each becomes a normal score by its own smooth
distribution, and the scores form a tree of correlations. Categories form a tree of tables.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

from rung.core.family import Design, State
from rung.density.cells import CellScaling, learn_scaling
from rung.density.gaussians import GaussianMix, log_density, patterns
from rung.density.mixtures import load_scaling
from rung.density.one_column import fit_column
from rung.errors import BadModelFile
from rung.prep.states import REMEDY, take_array
from rung.typing import Array

PRIOR_ROWS = 1.0
CORRELATIONS = np.tanh(np.linspace(-3.8, 3.8, 1521))  # up to .999, finest at the ends


def spanning_tree(information: Array, least: Array | float = 0.0) -> list[tuple[int, int]]:
    """Return the edges of the tree that holds most mutual information.

    Parameters
    ----------
    information : ndarray, shape (n, n)
        Symmetric.
    least : float or ndarray, shape (n, n)
        What an edge must hold to be drawn.

    Returns
    -------
    list of tuple of int
        Pairs (parent, child), parents first.

    Source
    ------
    Chow & Liu (1968), IEEE Transactions on Information Theory 14; Prim (1957).

    Examples
    --------
    >>> spanning_tree(np.array([[0, 3.0, 1], [3.0, 0, 2], [1, 2, 0]]))
    [(0, 1), (1, 2)]
    """
    n = len(information)
    worth = np.where(information > least, information, -np.inf)
    edges: list[tuple[int, int]] = []
    reached = np.zeros(n, dtype=bool)
    while not reached.all():
        reached[int(np.argmin(reached))] = True
        while True:
            open_edges = np.where(reached[:, None] & ~reached[None], worth, -np.inf)
            parent, child = (int(one) for one in np.unravel_index(open_edges.argmax(), (n, n)))
            if open_edges[parent, child] == -np.inf:
                break
            edges.append((parent, child))
            reached[child] = True
    return edges


@dataclass(frozen=True)
class TreeDensity:
    """A density whose columns depend on one other each, in the units of the table.

    Attributes
    ----------
    scaling : CellScaling
        Of numbers and categories.
    margins : tuple of GaussianMix
        The distribution of each number alone.
    correlation : ndarray, shape (n_numbers, n_numbers)
        Of normal scores; that of a tree.
    edges : tuple of tuple of int
        Pairs (parent, child) of categories.
    tables : tuple of ndarray, each (n_parent_levels, n_child_levels)
        Probabilities of the child's levels given its parent's.
    """

    scaling: CellScaling
    margins: tuple[GaussianMix, ...]
    correlation: Array
    edges: tuple[tuple[int, int], ...]
    tables: tuple[Array, ...]

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return the log density of every row in nats, shape (n_rows, 1)."""
        X, codes = self.scaling.numbers(design, rows), self.scaling.codes(design, rows)
        total = self._of_numbers(X) + self._of_categories(codes)
        total = self.scaling.with_background(total, X, codes)
        return np.asarray(total + self.scaling.log_jacobian(design, rows))[:, None]

    def _of_numbers(self, X: Array) -> Array:
        alone, scores = np.zeros_like(X), np.zeros_like(X)
        for j, margin in enumerate(self.margins):
            alone[:, j] = log_density(margin, X[:, j : j + 1])
            scores[:, j] = normal_scores(margin, X[:, j])
        total = np.where(np.isfinite(X), alone, 0).sum(axis=1)
        scores[~np.isfinite(X)] = np.nan
        for rows, seen in patterns(scores):
            part = self.correlation[np.ix_(seen, seen)]
            z = scores[rows][:, seen]
            within = (z @ (np.linalg.inv(part) - np.eye(len(seen))) * z).sum(axis=1)
            total[rows] -= 0.5 * (within + np.linalg.slogdet(part)[1])
        return np.asarray(total)

    def _of_categories(self, codes: Array) -> Array:
        """Sum over missing cells from the leaves up; exact on a tree."""
        n, bases = len(codes), self.scaling.bases
        seen = []
        for j, base in enumerate(bases):
            shown = np.eye(len(base))[np.maximum(codes[:, j], 0)]
            shown[codes[:, j] < 0] = 1.0
            seen.append(shown)
        for (parent, child), table in zip(self.edges[::-1], self.tables[::-1], strict=True):
            seen[parent] = seen[parent] * (seen[child] @ table.T)
        children = {child for _, child in self.edges}
        total = np.zeros(n)
        for j, base in enumerate(bases):
            if j not in children:
                total += np.log(np.maximum(seen[j] @ base, 1e-300))
        return total

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw rows: numbers in the units of the table, and codes."""
        root = np.linalg.cholesky(self.correlation)
        scores = rng.normal(size=(n, len(self.margins))) @ root.T
        X = np.empty_like(scores)
        for j, margin in enumerate(self.margins):
            X[:, j] = _from_scores(margin, scores[:, j])
        codes = np.full((n, len(self.scaling.bases)), -1)
        given = {
            child: (parent, table)
            for (parent, child), table in zip(self.edges, self.tables, strict=True)
        }
        children = [child for _, child in self.edges]
        roots = [j for j in range(codes.shape[1]) if j not in given]
        for j in [*roots, *children]:
            base = self.scaling.bases[j][None]
            share = given[j][1][codes[:, given[j][0]]] if j in given else np.repeat(base, n, axis=0)
            codes[:, j] = (share.cumsum(axis=1) < rng.random(n)[:, None]).sum(axis=1)
        return X * self.scaling.scale + self.scaling.centre, np.minimum(
            codes, [len(base) - 1 for base in self.scaling.bases]
        )

    def to_state(self) -> State:
        """Return all that it is."""
        arrays = {
            "centre": self.scaling.centre,
            "scale": self.scaling.scale,
            "correlation": self.correlation,
            "edges": np.array(self.edges, dtype=np.int64).reshape(-1, 2),
        }
        for j, margin in enumerate(self.margins):
            parts = (margin.weights, margin.means[:, 0], margin.covariances[:, 0, 0])
            arrays[f"margin/{j}"] = np.stack(parts)
        arrays |= {f"base/{j}": base for j, base in enumerate(self.scaling.bases)}
        arrays |= {f"table/{i}": table for i, table in enumerate(self.tables)}
        spec = {"n_categories": len(self.scaling.bases), "background": self.scaling.background}
        return State(spec, arrays)


def normal_scores(margin: GaussianMix, column: Array) -> Array:
    """Return the normal score of each number: the normal quantile of its distribution's share."""
    z = (column[:, None] - margin.means[:, 0]) / np.sqrt(margin.covariances[:, 0, 0])
    below = np.log(margin.weights) + log_ndtr(z)
    above = np.log(margin.weights) + log_ndtr(-z)
    low, high = (_log_sum(one) for one in (below, above))
    return np.where(
        low < high, ndtri_exp(np.minimum(low, -1e-300)), -ndtri_exp(np.minimum(high, -1e-300))
    )


def _log_sum(logs: Array) -> Array:
    top = np.max(logs, axis=1, keepdims=True)
    return np.asarray((top + np.log(np.exp(logs - top).sum(axis=1, keepdims=True)))[:, 0])


def _from_scores(margin: GaussianMix, scores: Array) -> Array:
    """Invert `normal_scores` by halving."""
    spread = np.sqrt(margin.covariances[:, 0, 0].max())
    low = np.full(len(scores), margin.means.min() - 40 * spread)
    high = np.full(len(scores), margin.means.max() + 40 * spread)
    for _ in range(60):
        middle = (low + high) / 2
        is_low = normal_scores(margin, middle) < scores
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    return np.asarray((low + high) / 2)


def fit_tree(design: Design, rows: Array, *, joined: bool = True) -> TreeDensity:
    """Fit each column alone, and join columns by the tree of most mutual information.

    Parameters
    ----------
    design : Design
        The table.
    rows : ndarray of int
        Training rows.
    joined : bool, default True
        False leaves every column alone.
    """
    scaling = learn_scaling(design, rows)
    X, codes = scaling.numbers(design, rows), scaling.codes(design, rows)
    margins = tuple(fit_column(column[np.isfinite(column)]) for column in X.T)
    correlation = np.eye(len(margins))
    edges: list[tuple[int, int]] = []
    tables: list[Array] = []
    if joined and len(margins) > 1:
        scores = np.column_stack([normal_scores(m, c) for m, c in zip(margins, X.T, strict=True)])
        correlation = _tree_correlation(scores)
    if joined and codes.shape[1] > 1:
        edges = _category_edges(codes, scaling.bases)
        tables = [_table(codes, scaling.bases, edge) for edge in edges]
    return TreeDensity(scaling, margins, correlation, tuple(edges), tuple(tables))


def _tree_correlation(scores: Array) -> Array:
    """Return the correlations that a tree implies: products of those along its edges."""
    d = scores.shape[1]
    pairwise, information, least = np.eye(d), np.zeros((d, d)), np.zeros((d, d))
    for i in range(d):
        for j in range(i):
            both = np.isfinite(scores[:, i]) & np.isfinite(scores[:, j])
            n = max(int(both.sum()), 2)
            found, gain = _likeliest_correlation(scores[both, i], scores[both, j])
            pairwise[i, j] = pairwise[j, i] = found
            information[i, j] = information[j, i] = gain
            least[i, j] = least[j, i] = 0.5 * math.log(n) / n
    implied = np.eye(d)
    known: list[int] = []
    edges = spanning_tree(information, least)
    for parent, child in edges:
        reached = [one for one in range(d) if one == parent or one in known]
        for one in reached:
            implied[one, child] = implied[child, one] = (
                implied[one, parent] * pairwise[parent, child]
            )
        known += [one for one in (parent, child) if one not in known]
    return implied


def _likeliest_correlation(one: Array, two: Array) -> tuple[float, float]:
    """Return the correlation that makes pairs of scores likeliest, and what it gains a row.

    The margins are never exactly normal: the moment would overstate what holds in the tails.
    """
    rows = len(one) + PRIOR_ROWS
    squares = (float(one @ one + two @ two) + 2 * PRIOR_ROWS) / rows
    product = float(one @ two) / rows
    rho = CORRELATIONS
    gains = -0.5 * np.log1p(-(rho**2)) - (rho**2 * squares - 2 * rho * product) / (2 - 2 * rho**2)
    best = int(gains.argmax())
    return float(rho[best]), float(gains[best])


def _category_edges(codes: Array, bases: tuple[Array, ...]) -> list[tuple[int, int]]:
    q = len(bases)
    information, least = np.zeros((q, q)), np.zeros((q, q))
    for i in range(q):
        for j in range(i):
            share = _counts(codes, bases, (i, j))
            n = share.sum()
            share = share / max(n, 1)
            apart = np.outer(share.sum(axis=1), share.sum(axis=0))
            held = share > 0
            information[i, j] = information[j, i] = (
                share[held] * np.log(share[held] / apart[held])
            ).sum()
            free = (held.any(axis=1).sum() - 1) * (held.any(axis=0).sum() - 1)
            least[i, j] = least[j, i] = 0.5 * free * math.log(max(n, 2)) / max(n, 2)
    return spanning_tree(information, least)


def _counts(codes: Array, bases: tuple[Array, ...], pair: tuple[int, int]) -> Array:
    one, two = pair
    both = (codes[:, one] >= 0) & (codes[:, two] >= 0)
    size = (len(bases[one]), len(bases[two]))
    flat = codes[both, one] * size[1] + codes[both, two]
    return np.bincount(flat, minlength=size[0] * size[1]).reshape(size).astype(float)


def _table(codes: Array, bases: tuple[Array, ...], edge: tuple[int, int]) -> Array:
    counts = _counts(codes, bases, edge)
    prior = PRIOR_ROWS * bases[edge[1]]
    return np.asarray((counts + prior) / (counts.sum(axis=1, keepdims=True) + PRIOR_ROWS))


def load_tree(state: State) -> TreeDensity:
    """Turn a state into a model, after checking all of it."""
    scaling = load_scaling(state)
    d, q = len(scaling.centre), len(scaling.bases)
    margins = []
    for j in range(d):
        weights, means, variances = take_array(state, f"margin/{j}", (3, None))
        if weights.min() <= 0 or variances.min() <= 0 or abs(weights.sum() - 1) > 1e-6:
            raise BadModelFile("a margin of the model is no distribution", REMEDY)
        margins.append(GaussianMix(weights, means[:, None], variances[:, None, None]))
    correlation = take_array(state, "correlation", (d, d), low=-1, high=1)
    if d and np.linalg.eigvalsh(correlation).min() <= 0:
        raise BadModelFile("the correlations of the model are not positive", REMEDY)
    edges = [
        (int(a), int(b))
        for a, b in take_array(state, "edges", (None, 2), low=0, high=max(q - 1, 0), whole=True)
    ]
    _check_edges(edges)
    tables = []
    for i, (parent, child) in enumerate(edges):
        size = (len(scaling.bases[parent]), len(scaling.bases[child]))
        tables.append(take_array(state, f"table/{i}", size, low=1e-300, high=1 + 1e-9))
        if np.abs(tables[-1].sum(axis=1) - 1).max() > 1e-6:
            raise BadModelFile("probabilities of the model do not sum to one", REMEDY)
    return TreeDensity(scaling, tuple(margins), correlation, tuple(edges), tuple(tables))


def _check_edges(edges: list[tuple[int, int]]) -> None:
    """Refuse edges that are no tree with parents first."""
    children: set[int] = set()
    for number, (parent, child) in enumerate(edges):
        later = {below for _, below in edges[number:]}
        if child in children or parent in later:
            raise BadModelFile("the edges of the model are no tree", REMEDY)
        children.add(child)
