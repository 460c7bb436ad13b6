"""Predict with node arrays: numpy alone, and the same bits as the library that grew the trees."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rung.trees.nodes import NAN_LEFT, NodeArrays
from rung.typing import Array

# Rows are divided node by node while at least this many are together, as one comparison with a
# number then serves them all; the rest descend level by level. Chosen by measurement: 64 to 1,024
# differ by less than a tenth.
_TOGETHER = 256
# A block's columns and the leaves found for it stay within tens of megabytes.
_BLOCK_ROWS = 65_536
_BLOCK_LEAVES = 4_194_304


def walk(nodes: NodeArrays, X: Array) -> Array:
    """Sum the values of the leaves that rows fall into, tree after tree.

    Trees are added one by one from zero in their order, as LightGBM does, so that raw scores are
    equal to its own to the bit.

    Parameters
    ----------
    nodes : NodeArrays
        Validated trees: children come after their parents, so every walk ends.
    X : ndarray, shape (n_rows, n_features)
        Features; NaN is missing.

    Returns
    -------
    ndarray, shape (n_rows, n_outputs)
        Sums, float64.

    Examples
    --------
    >>> from rung.trees.nodes import single_leaf
    >>> walk(single_leaf(np.array([0.5])), np.zeros((2, 3)))
    array([[0.5],
           [0.5]])
    """
    sums = np.zeros((nodes.n_outputs, len(X)))
    for rows, trees, leaves in _leaf_blocks(nodes, X):
        if leaves.shape[1] < _TOGETHER:
            _add_all_leaves(nodes, trees, leaves, sums[:, rows])
            continue
        for tree, leaf in zip(trees, leaves, strict=True):
            _add_leaves(nodes, int(tree), leaf, sums[:, rows])
    return np.ascontiguousarray(sums.T)


def find_leaves(nodes: NodeArrays, X: Array) -> Array:
    """Return the leaf that every row reaches in every tree.

    Parameters
    ----------
    nodes : NodeArrays
        Validated trees.
    X : ndarray, shape (n_rows, n_features)
        Features; NaN is missing.

    Returns
    -------
    int32 ndarray, shape (n_rows, n_trees)
        Node indices.

    Examples
    --------
    >>> from rung.trees.nodes import single_leaf
    >>> find_leaves(single_leaf(np.array([0.5])), np.zeros((2, 3))).tolist()
    [[0], [0]]
    """
    found = np.empty((len(X), nodes.n_trees), dtype=np.int32)
    for rows, trees, leaves in _leaf_blocks(nodes, X):
        found[rows, trees.start : trees.stop] = leaves.T
    return found


def _add_leaves(nodes: NodeArrays, tree: int, leaf: Array, sums: Array) -> None:
    if nodes.value.shape[1] == 1:
        sums[nodes.tree_output[tree]] += nodes.value[:, 0].take(leaf)
        return
    sums += nodes.value.take(leaf, axis=0).T


def _add_all_leaves(nodes: NodeArrays, trees: range, leaves: Array, sums: Array) -> None:
    """Add the leaves of a few rows at once; `add.at` adds in order, so tree after tree too."""
    n_rows = leaves.shape[1]
    own = slice(trees.start, trees.stop)
    if nodes.value.shape[1] > 1:
        np.add.at(sums.T, np.tile(np.arange(n_rows), len(trees)), nodes.value[leaves.reshape(-1)])
        return
    output = np.repeat(nodes.tree_output[own], n_rows)
    row = np.tile(np.arange(n_rows), len(trees))
    np.add.at(sums, (output, row), nodes.value[:, 0].take(leaves.reshape(-1)))


def _leaf_blocks(nodes: NodeArrays, X: Array) -> Iterator[tuple[slice, range, Array]]:
    """Yield rows, trees and the leaves they meet in, shape (trees, rows); trees in order."""
    n_trees = nodes.n_trees
    for start in range(0, len(X), _BLOCK_ROWS):
        rows = slice(start, min(start + _BLOCK_ROWS, len(X)))
        block = _Block(nodes, X[rows])
        step = max(_BLOCK_LEAVES // block.n_rows, 1)
        for first in range(0, n_trees, step):
            trees = range(first, min(first + step, n_trees))
            yield rows, trees, block.leaves(trees)


class _Block:
    """Rows that descend together."""

    def __init__(self, nodes: NodeArrays, X: Array) -> None:
        self.nodes = nodes
        self.n_rows = len(X)
        self.columns = np.ascontiguousarray(np.asarray(X, dtype=np.float64).T)
        self.has_nan = bool(np.isnan(self.columns).any())
        self.nan_left = nodes.missing == NAN_LEFT

    def leaves(self, trees: range) -> Array:
        """Return the leaf of every row in these trees; shape (n_trees, n_rows)."""
        if self.n_rows < _TOGETHER:
            return self._leaves_of_few(trees)
        # While rows are on their way this holds the node at which they left the crowd.
        place = np.empty((len(trees), self.n_rows), dtype=np.int32)
        waiting = []
        for number, tree in enumerate(trees):
            aside = self._divide(int(self.nodes.root[tree]), place[number])
            waiting += [rows + number * self.n_rows for rows in aside]
        if waiting:
            self._descend(np.concatenate(waiting), place.reshape(-1))
        return place

    def _leaves_of_few(self, trees: range) -> Array:
        roots = self.nodes.root[trees.start : trees.stop].astype(np.int32)
        place = np.repeat(roots, self.n_rows)
        self._descend(np.flatnonzero(self.nodes.left.take(place) >= 0), place)
        return place.reshape(len(trees), self.n_rows)

    def _divide(self, root: int, place: Array) -> list[Array]:
        """Divide rows node by node; write where each one stops, return those not at a leaf."""
        left, right = self.nodes.left, self.nodes.right
        aside = []
        crowd = [(root, np.arange(self.n_rows))]
        while crowd:
            node, rows = crowd.pop()
            if left[node] >= 0 and len(rows) >= _TOGETHER:
                goes_left = self._goes_left(node, rows)
                crowd.append((int(left[node]), rows.compress(goes_left)))
                crowd.append((int(right[node]), rows.compress(~goes_left)))
                continue
            place[rows] = node
            if left[node] >= 0 and len(rows):
                aside.append(rows)
        return aside

    def _goes_left(self, node: int, rows: Array) -> Array:
        column = self.columns[self.nodes.feature[node]]
        x = column if len(rows) == self.n_rows else column.take(rows)
        # Comparisons with NaN are false, so the right one sends NaN to its side.
        threshold = self.nodes.threshold[node]
        goes_left: Array = ~np.greater(x, threshold) if self.nan_left[node] else x <= threshold
        return goes_left

    def _descend(self, index: Array, place: Array) -> None:
        """Let single rows descend, each from the node in `place`, until all are at leaves."""
        nodes, flat = self.nodes, self.columns.reshape(-1)
        node, row = place.take(index), index % self.n_rows
        while len(index):
            x = flat.take(nodes.feature.take(node) * np.int64(self.n_rows) + row)
            goes_left = x <= nodes.threshold.take(node)
            if self.has_nan:
                goes_left |= np.isnan(x) & self.nan_left.take(node)
            node = np.where(goes_left, nodes.left.take(node), nodes.right.take(node))
            place[index] = node
            going = np.flatnonzero(nodes.left.take(node) >= 0)
            index, node, row = index.take(going), node.take(going), row.take(going)
