"""Find the nearest rows exactly: a tree or a matrix product proposes, true distances decide.

The product gives |b|² - 2ab, whose rounding depends on the size of the batch. So every row whose
value could, by the bound on that rounding, be among the nearest is a candidate, and candidates are
ordered by sums of squared differences, each of which depends on its two rows alone. A tree is
asked for a few rows more than wanted; where even the last of these is as near as the last wanted
one, the product decides.

Sources: Higham (2002), Accuracy and Stability of Numerical Algorithms, section 3.1, for the bound;
Maneewongvatana & Mount (1999), It's okay to be skinny, if your friends are fat, for the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.typing import Array, Untyped

# Cells of the matrix product at a time: 8 MB.
BLOCK_CELLS = 1 << 20
# Rows are divided into this many chunks or more; the least value of each bounds the k-th.
CHUNKS = 1_024
# Stands for a row that is not there; sums of squares of encoded cells stay below it.
BEYOND = 1e300
# A tree is quicker up to this width and from this many rows; below and above, the product is.
TREE_WIDTH, TREE_ROWS = 6, 1_000
# Rows that a tree finds beyond those wanted, and how much further counts as equally far.
TREE_SPARE, TREE_ERROR = 8, 1e-9


@dataclass(frozen=True)
class Nearest:
    """Answer which rows are nearest to a query; of equally near ones the first come first.

    Attributes
    ----------
    rows : ndarray, shape (n_rows, width)
        Rows to search, in an order without meaning: neighbours in it would slow the search.
    """

    rows: Array

    @cached_property
    def _chunk(self) -> int:
        """Rows a chunk."""
        return max(1, len(self.rows) // CHUNKS)

    @cached_property
    def _norms(self) -> Array:
        return np.asarray(np.add.reduce(self.rows * self.rows, axis=1))

    @cached_property
    def _relative_error(self) -> float:
        """Bound of the rounding of one value, relative to the squared lengths of both rows."""
        return float(4.0 * (self.rows.shape[1] + 8) * np.finfo(float).eps)

    @cached_property
    def _product(self) -> tuple[Array, Array]:
        """Return the right side of the product, and twice the error of each row's value."""
        n_rows, width = self.rows.shape
        n_padded = -(-n_rows // self._chunk) * self._chunk
        right = np.zeros((width + 1, n_padded))
        right[:-1, :n_rows] = -2.0 * self.rows.T
        right[-1] = BEYOND
        right[-1, :n_rows] = self._norms * (1.0 + self._relative_error)
        slack = np.zeros(n_padded)
        slack[:n_rows] = 2.0 * self._relative_error * self._norms
        return right, slack

    def find(self, queries: Array, k: int) -> tuple[Array, Array]:
        """Return positions and distances of the nearest rows, nearest first.

        Parameters
        ----------
        queries : ndarray, shape (n_queries, width)
            Finite.
        k : int
            At most the number of rows.

        Returns
        -------
        positions : ndarray of int, shape (n_queries, k)
            Into `rows`.
        distances : ndarray, shape (n_queries, k)
            Euclidean.

        Examples
        --------
        >>> Nearest(np.array([[0.0], [4.0], [1.0]])).find(np.array([[0.9]]), 2)[0]
        array([[2, 0]])
        """
        positions = np.empty((len(queries), k), dtype=np.int64)
        squares = np.empty((len(queries), k))
        n_rows, width = self.rows.shape
        rest = np.arange(len(queries))
        if 0 < width <= TREE_WIDTH and n_rows >= max(TREE_ROWS, k + TREE_SPARE) and len(queries):
            query, row, is_sure = self._tree_candidates(queries, k)
            rest, sure = np.flatnonzero(~is_sure), np.flatnonzero(is_sure)
            if len(sure):
                positions[sure], squares[sure] = self._order(queries[sure], query, row, k=k)
        for block in self._blocks(len(rest)):
            part = queries[rest[block]]
            query, row = self._candidates(part, k)
            positions[rest[block]], squares[rest[block]] = self._order(part, query, row, k=k)
        return positions, np.sqrt(squares)

    @cached_property
    def _tree(self) -> Untyped:
        from scipy.spatial import cKDTree

        return cKDTree(self.rows)

    def _tree_candidates(self, queries: Array, k: int) -> tuple[Array, Array, Array]:
        """Return pairs for those queries that the tree answers for certain, and which these are."""
        distances, found = self._tree.query(queries, k + TREE_SPARE)
        is_sure = distances[:, -1] > distances[:, k - 1] * (1.0 + TREE_ERROR)
        # Candidates of a query come in the order of their positions.
        row = np.sort(found[is_sure], axis=1).ravel()
        return np.repeat(np.arange(int(is_sure.sum())), k + TREE_SPARE), row, is_sure

    def _blocks(self, n_queries: int) -> Iterator[slice]:
        step = max(1, BLOCK_CELLS // self._product[0].shape[1])
        for first in range(0, n_queries, step):
            yield slice(first, first + step)

    def _candidates(self, queries: Array, k: int) -> tuple[Array, Array]:
        """Return pairs of query and row that hold the k nearest of each query for certain."""
        right, slack = self._product
        values = np.concatenate([queries, np.ones((len(queries), 1))], axis=1) @ right
        least = values.reshape(len(queries), self._chunk, -1).min(axis=1)
        bound = np.partition(least, k - 1, axis=1)[:, k - 1]
        bound += 2.0 * self._relative_error * np.add.reduce(queries * queries, axis=1)
        values -= slack
        flat = np.flatnonzero(values <= bound[:, None])
        query, row = np.divmod(flat, right.shape[1])
        return query, row

    def _order(self, queries: Array, query: Array, row: Array, *, k: int) -> tuple[Array, Array]:
        """Order the candidates of each query by true distance, then by position."""
        off = queries[query]
        off -= self.rows[row]
        off *= off
        counts = np.bincount(query, minlength=len(queries))
        place = np.arange(len(query)) - (np.cumsum(counts) - counts)[query]
        squares = np.full((len(queries), int(counts.max())), np.inf)
        squares[query, place] = np.add.reduce(off, axis=1)
        position = np.zeros(squares.shape, dtype=np.int64)
        position[query, place] = row
        order = np.argsort(squares, axis=1, kind="stable")[:, :k]
        return (
            np.take_along_axis(position, order, axis=1),
            np.take_along_axis(squares, order, axis=1),
        )
