"""Sum a tree of levels out, from the leaves up, and draw from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rung.typing import Array

BLOCK = 8_192


@dataclass(frozen=True)
class LevelTree:
    """Columns of levels, each of which depends on one other at most.

    Attributes
    ----------
    bases : tuple of ndarray
        Probabilities of the levels of each column, used where it depends on none.
    edges : tuple of (int, int)
        Parent and child, parents first.
    tables : tuple of ndarray, each (n_parent_levels, n_child_levels)
        Of each edge: probabilities of the child's levels.
    """

    bases: tuple[Array, ...]
    edges: tuple[tuple[int, int], ...]
    tables: tuple[Array, ...]

    def log_probabilities(self, codes: Array, added: Mapping[int, Array]) -> Array:
        """Return the log probability of every row, shape (n_rows,).

        Parameters
        ----------
        codes : ndarray of int, shape (n_rows, n_columns)
            Levels; -1 is missing, and summed out.
        added : mapping of int to ndarray, each (n_rows, n_levels)
            What cells outside the tree add to the logs of a column's levels.

        Examples
        --------
        >>> table = np.array([[0.9, 0.1], [0.2, 0.8]])
        >>> tree = LevelTree((np.array([0.5, 0.5]),) * 2, ((0, 1),), (table,))
        >>> np.exp(tree.log_probabilities(np.array([[0, 0], [-1, 0]]), {})).round(2).tolist()
        [0.45, 0.55]
        """
        total = np.zeros(len(codes))
        for at in range(0, len(codes), BLOCK):
            rows = slice(at, at + BLOCK)
            below = [_levels_seen(column[rows], len(base)) for column, base in self._columns(codes)]
            for j, own in added.items():
                below[j] += own[rows]
            for (parent, child), table in zip(self.edges[::-1], self.tables[::-1], strict=True):
                below[parent] += _log_matrix(below[child], table.T)
            children = {child for _, child in self.edges}
            for j, base in enumerate(self.bases):
                if j not in children:
                    total[rows] += _log_matrix(below[j], base[:, None])[:, 0]
        return total

    def _columns(self, codes: Array) -> zip[tuple[Array, Array]]:
        return zip(codes.T, self.bases, strict=True)

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Draw levels, shape (n, n_columns)."""
        codes = np.zeros((n, len(self.bases)), dtype=int)
        above = {child: i for i, (_, child) in enumerate(self.edges)}
        roots = [j for j in range(len(self.bases)) if j not in above]
        for j in [*roots, *(child for _, child in self.edges)]:
            share = np.repeat(self.bases[j][None], n, axis=0)
            if j in above:
                share = self.tables[above[j]][codes[:, self.edges[above[j]][0]]]
            drawn = (share.cumsum(axis=1) < rng.random(n)[:, None]).sum(axis=1)
            codes[:, j] = np.minimum(drawn, len(self.bases[j]) - 1)
        return codes


def _levels_seen(codes: Array, n_levels: int) -> Array:
    """Return zero for levels that a row can have, else minus infinity."""
    shown = np.full((len(codes), n_levels), -np.inf)
    shown[np.arange(len(codes)), np.maximum(codes, 0)] = 0.0
    shown[codes < 0] = 0.0
    return shown


def _log_matrix(logs: Array, matrix: Array) -> Array:
    """Return logs of exponentials times a matrix."""
    top = np.maximum(logs.max(axis=1, keepdims=True), -1e300)
    return np.asarray(np.log(np.maximum(np.exp(logs - top) @ matrix, 1e-300)) + top)
