"""Densities that are trees: each column depends on one other at most (Chow & Liu).

Numbers are joined through normal scores: each becomes one by its own smooth distribution, and the
scores that hang together form a tree of correlations. Categories form a tree of tables. Numbers that
hang together depend on one category at most, through the mean and the spread of one score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rung.core.family import Design, State
from rung.density.cells import CellScaling
from rung.density.gaussians import patterns
from rung.density.one_column import ColumnDensity
from rung.density.scores import margin_arrays
from rung.typing import Array

PRIOR_ROWS = 1.0


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
        Training rows behind it: of pairs of levels, of the parent's levels, or a single number.
    parts : ndarray
        Of a number below a category: mean and spread of its score by level, shape (2, n_levels).
        Of a number below a number: their correlation, shape (1,). Else empty.
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
        Parents first, categories above numbers.
    """

    scaling: CellScaling
    margins: tuple[ColumnDensity, ...]
    edges: tuple[TreeEdge, ...]

    def predict(self, design: Design, rows: Array | None = None) -> Array:
        """Return the log density of every row in nats, shape (n_rows, 1)."""
        X, codes = self.scaling.numbers(design, rows), self.scaling.codes(design, rows)
        alone, scores = np.zeros_like(X), np.zeros_like(X)
        for j, margin in enumerate(self.margins):
            alone[:, j] = margin.log_density(X[:, j])
            scores[:, j] = margin.scores(X[:, j])
        total = np.where(np.isfinite(X), alone, 0).sum(axis=1)
        scores[~np.isfinite(X)] = np.nan
        below = [self._levels_seen(codes, j) for j in range(len(self.scaling.bases))]
        for joined in self.joined_numbers:
            ratios = joined.log_ratios(scores)
            if joined.link is None:
                total += ratios[:, 0]
            else:
                below[joined.link.parent - len(self.margins)] += ratios
        total = total + self._sum_categories(below)
        total = self.scaling.with_background(total, X, codes)
        return np.asarray(total + self.scaling.log_jacobian(design, rows))[:, None]

    def _levels_seen(self, codes: Array, j: int) -> Array:
        """Return zero for levels that a row can have, else minus infinity."""
        shown = np.full((len(codes), len(self.scaling.bases[j])), -np.inf)
        shown[np.arange(len(codes)), np.maximum(codes[:, j], 0)] = 0.0
        shown[codes[:, j] < 0] = 0.0
        return shown

    def _sum_categories(self, below: list[Array]) -> Array:
        """Sum over levels that are not known, from the leaves up; exact on a tree."""
        n, total = len(self.margins), np.zeros(len(below[0]) if below else 1)
        children = set()
        for edge in reversed(self.edges):
            if edge.child >= n:
                children.add(edge.child)
                table = self.table(edge)
                below[edge.parent - n] += _log_matrix(below[edge.child - n], table.T)
        for j, base in enumerate(self.scaling.bases):
            if j + n not in children:
                total = total + _log_matrix(below[j], base[:, None])[:, 0]
        return total

    def table(self, edge: TreeEdge) -> Array:
        """Return probabilities of the levels of a child given those of its parent."""
        prior = PRIOR_ROWS * self.scaling.bases[edge.child - len(self.margins)]
        counts = edge.counts
        return np.asarray((counts + prior) / (counts.sum(axis=1, keepdims=True) + PRIOR_ROWS))

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
        d, bases = len(self.margins), self.scaling.bases
        codes = np.zeros((n, len(bases)), dtype=int)
        above = {edge.child - d: edge for edge in self.edges if edge.child >= d}
        roots = [j for j in range(len(bases)) if j not in above]
        for j in [*roots, *(edge.child - d for edge in self.edges if edge.child >= d)]:
            share = np.repeat(bases[j][None], n, axis=0)
            if j in above:
                share = self.table(above[j])[codes[:, above[j].parent - d]]
            drawn = (share.cumsum(axis=1) < rng.random(n)[:, None]).sum(axis=1)
            codes[:, j] = np.minimum(drawn, len(bases[j]) - 1)
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
        return State(spec, arrays)


def _log_matrix(logs: Array, matrix: Array) -> Array:
    """Return logs of exponentials times a matrix."""
    top = np.maximum(logs.max(axis=1, keepdims=True), -1e300)
    return np.asarray(np.log(np.maximum(np.exp(logs - top) @ matrix, 1e-300)) + top)
