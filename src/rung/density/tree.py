"""Densities that are trees: each column depends on one other at most (Chow & Liu).

Numbers are joined through normal scores: each becomes one by its own distribution. Where rows held
out inside the fold do not say otherwise, the scores that hang together form a tree of correlations,
categories form a tree of tables, and numbers that hang together depend on one category at most,
through the mean and the spread of one score. Else scores are cut into bins of equal probability, and
numbers and categories form one tree of tables: a table sees what rises and falls again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rung.core.family import Design, State
from rung.density.cells import CellScaling
from rung.density.missing_cells import patterns
from rung.density.one_column import ColumnDensity
from rung.density.scores import margin_arrays
from rung.density.tree_levels import LevelTree
from rung.typing import Array

PRIOR_ROWS = 1.0
ROWS_PER_BIN = 2.0  # that the bins beside one count for


@dataclass(frozen=True)
class TreeEdge:
    """One edge of a tree, and what it says of its child.

    Attributes
    ----------
    parent, child : int
        Columns: numbers come first, then categories.
    information : float
        Mutual information in nats a row, as training rows have it.
    counts : ndarray
        Training rows behind it: of pairs of levels or bins, of the parent's levels, or a single number.
    parts : ndarray
        Of a number below a category: mean and spread of its score by level, shape (2, n_levels).
        Of a number below a number: their correlation, shape (1,). Of tables: empty.
    """

    parent: int
    child: int
    information: float
    counts: Array
    parts: Array


@dataclass(frozen=True)
class JoinedNumbers:
    """Numbers that hang together.

    Attributes
    ----------
    members : ndarray of int
        Their columns; the first is the top.
    correlation : ndarray, shape (n_members, n_members)
        Of their scores; that of a tree.
    link : TreeEdge or None
        The category that the top depends on.
    """

    members: Array
    correlation: Array
    link: TreeEdge | None

    def log_ratios(self, scores: Array) -> Array:
        """Return log densities of scores less those of independent ones, a column a level.

        NaN is a missing cell; without a link there is one column.
        """
        z, root = scores[:, self.members], self.correlation[:, 0]
        means, spreads = (np.zeros(1), np.ones(1)) if self.link is None else self.link.parts
        found = np.zeros((len(z), len(means)))
        for rows, seen in patterns(z):
            if not len(seen):
                continue
            own, at = z[rows][:, seen], root[seen]
            alone = 0.5 * (own**2).sum(axis=1)
            for level, (mean, spread) in enumerate(zip(means, spreads, strict=True)):
                part = self.correlation[np.ix_(seen, seen)] + (spread**2 - 1) * np.outer(at, at)
                centred = own - mean * at
                within = (centred @ np.linalg.inv(part) * centred).sum(axis=1)
                found[rows, level] = alone - 0.5 * (within + np.linalg.slogdet(part)[1])
        return found


@dataclass(frozen=True)
class TreeDensity:
    """A density whose columns depend on one other each, in the units of the table.

    Attributes
    ----------
    scaling : CellScaling
        Of numbers and categories.
    margins : tuple of ColumnDensity
        The density of each number alone.
    edges : tuple of TreeEdge
        Parents first; categories above numbers, where those are joined by correlations.
    n_bins : int
        Of the scores of each number, where it is joined by tables; 0 for correlations.
    """

    scaling: CellScaling
    margins: tuple[ColumnDensity, ...]
    edges: tuple[TreeEdge, ...]
    n_bins: int = 0

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return the log density of every row in nats, shape (n_rows, 1)."""
        X, codes = self.scaling.numbers(design, rows), self.scaling.codes(design, rows)
        alone, scores = np.zeros_like(X), np.zeros_like(X)
        for j, margin in enumerate(self.margins):
            alone[:, j] = margin.log_density(X[:, j])
            scores[:, j] = margin.scores(X[:, j])
        total = np.where(np.isfinite(X), alone, 0).sum(axis=1)
        scores[~np.isfinite(X)] = np.nan
        total += self.log_ratios(scores, codes)
        total = self.scaling.with_background(total, X, codes)
        return np.asarray(total + self.scaling.log_jacobian(design, rows))[:, None]

    def log_ratios(self, scores: Array, codes: Array) -> Array:
        """Return log densities of rows less those of each number alone, shape (n_rows,).

        Parameters
        ----------
        scores : ndarray, shape (n_rows, n_numbers)
            NaN is missing.
        codes : ndarray of int, shape (n_rows, n_categories)
            Levels; -1 is missing.
        """
        if self.n_bins:
            # a bin has the probability 1 / n_bins by the number alone
            within = math.log(self.n_bins) * np.isfinite(scores).sum(axis=1)
            found = self.levels.log_probabilities(self.level_codes(scores, codes), {})
            return np.asarray(found + within)
        total = np.zeros(len(scores))
        added: dict[int, Array] = {}
        for joined in self.joined_numbers:
            ratios = joined.log_ratios(scores)
            if joined.link is None:
                total += ratios[:, 0]
            else:
                j = joined.link.parent - len(self.margins)
                added[j] = added.get(j, 0.0) + ratios
        return np.asarray(total + self.levels.log_probabilities(codes, added))

    def level_codes(self, scores: Array, codes: Array) -> Array:
        """Return the bins of scores, -1 for missing, before the levels of categories."""
        from scipy.special import ndtr

        bins = np.floor(ndtr(np.nan_to_num(scores)) * self.n_bins).astype(int)
        bins = np.where(np.isfinite(scores), np.minimum(bins, self.n_bins - 1), -1)
        return np.column_stack([bins, codes])

    @property
    def levels(self) -> LevelTree:
        """What is joined by tables: categories, and binned numbers before them."""
        first = 0 if self.n_bins else len(self.margins)
        edges = [edge for edge in self.edges if edge.child >= first]
        return LevelTree(
            tuple(self._bases[first:]),
            tuple((edge.parent - first, edge.child - first) for edge in edges),
            tuple(self.table(edge) for edge in edges),
        )

    @property
    def _bases(self) -> list[Array]:
        n_bins = max(self.n_bins, 1)
        return [*(np.full(n_bins, 1 / n_bins) for _ in self.margins), *self.scaling.bases]

    def table(self, edge: TreeEdge) -> Array:
        """Return probabilities of the levels of a child given those of its parent.

        Tables of bins are drawn towards what the bins beside each say.
        """
        counts, is_number = (
            edge.counts,
            [end < len(self.margins) for end in (edge.parent, edge.child)],
        )
        near = counts if any(is_number) else np.zeros_like(counts)
        for axis in np.flatnonzero(is_number):
            near = _smoothed(near, int(axis))
        share = near / np.maximum(near.sum(axis=1, keepdims=True), 1e-300)
        prior = PRIOR_ROWS * self._bases[edge.child] + ROWS_PER_BIN * self.n_bins * share
        return np.asarray((counts + prior) / (counts + prior).sum(axis=1, keepdims=True))

    @property
    def joined_numbers(self) -> tuple[JoinedNumbers, ...]:
        """Numbers that hang together, each set with its correlations and its link."""
        return tuple(self._joined_numbers())

    def _joined_numbers(self) -> Iterator[JoinedNumbers]:
        n = len(self.margins)
        inside = {edge.child: edge for edge in self.edges if edge.parent < n}
        links = {edge.child: edge for edge in self.edges if edge.parent >= n > edge.child}
        for top in range(n):
            if top in inside:
                continue
            members = [top]
            for edge in self.edges:
                if edge.child < n and edge.parent in members and edge.parent < n:
                    members.append(edge.child)
            correlation = np.eye(len(members))
            for i, child in enumerate(members[1:], start=1):
                parent = members.index(inside[child].parent)
                to_parent = float(inside[child].parts[0])
                correlation[i, :i] = correlation[:i, i] = to_parent * correlation[parent, :i]
            yield JoinedNumbers(np.array(members), correlation, links.get(top))

    def sample(self, n: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """Draw rows: numbers in the units of the table, and codes."""
        d = len(self.margins)
        codes = self.levels.sample(n, rng)
        if self.n_bins:
            return self._within_bins(codes[:, :d], rng), codes[:, d:]
        X = np.empty((n, d))
        for joined in self.joined_numbers:
            scores = rng.normal(size=(n, len(joined.members)))
            scores = scores @ np.linalg.cholesky(joined.correlation).T
            if joined.link is not None:
                level = codes[:, joined.link.parent - d]
                means, spreads = joined.link.parts[:, level]
                moved = means + (spreads - 1) * scores[:, 0]
                scores = scores + moved[:, None] * joined.correlation[:, 0]
            for member, own in zip(joined.members, scores.T, strict=True):
                X[:, member] = self.margins[member].numbers(own)
        return X * self.scaling.scale + self.scaling.centre, codes

    def _within_bins(self, bins: Array, rng: np.random.Generator) -> Array:
        """Draw numbers of these bins, in the units of the table."""
        from scipy.special import ndtri

        places = np.clip(rng.random(bins.shape), 1e-12, 1 - 1e-12)
        scores = ndtri((bins + places) / self.n_bins)
        columns = [margin.numbers(own) for margin, own in zip(self.margins, scores.T, strict=True)]
        return np.stack(columns, axis=1) * self.scaling.scale + self.scaling.centre

    def to_state(self) -> State:
        """Return all that it is."""
        arrays = {
            "centre": self.scaling.centre,
            "scale": self.scaling.scale,
            "edges": np.array([(e.parent, e.child) for e in self.edges], np.int64).reshape(-1, 2),
            "information": np.array([e.information for e in self.edges], dtype=np.float64),
        }
        arrays |= margin_arrays(self.margins)
        arrays |= {f"base/{j}": base for j, base in enumerate(self.scaling.bases)}
        for i, edge in enumerate(self.edges):
            arrays |= {f"counts/{i}": edge.counts, f"parts/{i}": edge.parts}
        spec = {"n_categories": len(self.scaling.bases), "background": self.scaling.background}
        return State(spec | {"n_bins": self.n_bins}, arrays)


def _smoothed(counts: Array, axis: int) -> Array:
    """Return counts averaged with those of the bins beside each."""
    ends = [(1, 1) if each == axis else (0, 0) for each in range(2)]
    padded = np.moveaxis(np.pad(counts, ends, mode="edge"), axis, 0)
    return np.moveaxis((padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4, 0, axis)
