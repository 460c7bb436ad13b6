"""Exact Shapley values of trees: what each column moves a prediction by, for many rows at once.

The game of a row: with the columns of a set known, a tree is asked as usual; at a question on any other
column both answers count, by the shares of background rows that gave them. A leaf on a path through
columns with shares `z` and answers `o` (1 if the row's own cells lead there, else 0) is worth
`value · Π o · Π z`, and the Shapley value of column `i` in it is

    value · (o_i − z_i) · ∫ Π_{j≠i} (z_j + t (o_j − z_j)) dt,   t from 0 to 1,

a polynomial of a degree below the number of columns on the path, so that few Gauss-Legendre nodes give
the integral exactly. Products are gathered on the way down, sums over leaves on the way up; nothing is
divided by what may vanish.

Sources: Lundberg et al. (2020), Nature Machine Intelligence 2 (the game, called path-dependent); Yu et
al. (2022), Linear TreeShap, NeurIPS 35 (sums over leaves). NOTE[DIFF]: quadrature in the place of
polynomial interpolation; and features that stand for one column are one player.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from rung.trees.nodes import NAN_LEFT, NodeArrays
from rung.trees.walk import find_leaves
from rung.typing import Array, Untyped

# Nodes of the trees that are gone through together, and numbers of a block of rows in them.
_NODES_TOGETHER, _BLOCK_NUMBERS = 2_048, 500_000
_COVER_ROWS = 16_384
# What a row's cells say of a question on a column: its own answer and all above, all but this, not all.
_OWN, _FIRST_OTHER, _OTHER = 0, 1, 2


def node_cover(nodes: NodeArrays, X: Array, weight: Array) -> Array:
    """Return the weight of the rows that pass through each node.

    Parameters
    ----------
    nodes : NodeArrays
        Validated trees.
    X : ndarray, shape (n_rows, n_features)
        Background rows.
    weight : ndarray, shape (n_rows,)
        Of each row.

    Returns
    -------
    ndarray, shape (n_nodes,)

    Examples
    --------
    >>> from rung.trees.nodes import single_leaf
    >>> node_cover(single_leaf(np.array([0.5])), np.zeros((3, 1)), np.ones(3))
    array([3.])
    """
    cover = np.zeros(nodes.n_nodes)
    for start in range(0, len(X), _COVER_ROWS):
        block = slice(start, start + _COVER_ROWS)
        leaves = find_leaves(nodes, X[block])
        own = np.repeat(weight[block], nodes.n_trees)
        cover += np.bincount(leaves.ravel(), own, minlength=nodes.n_nodes)
    for level in reversed(list(_levels(nodes))):
        inner = level[nodes.left[level] >= 0]
        cover[inner] = cover[nodes.left[inner]] + cover[nodes.right[inner]]
    return cover


def shapley_values(
    nodes: NodeArrays, X: Array, *, players: Array, cover: Array
) -> tuple[Array, Array]:
    """Return Shapley values of rows, and the mean over background rows that they start from.

    Parameters
    ----------
    nodes : NodeArrays
        Validated trees, whose outputs are sums over trees.
    X : ndarray, shape (n_rows, n_features)
        Rows to explain; NaN is missing.
    players : ndarray of int, shape (n_features,)
        Number of the column that a feature belongs to, from 0 without gaps.
    cover : ndarray, shape (n_nodes,)
        Weight of the background rows at each node (`node_cover`).

    Returns
    -------
    values : ndarray, shape (n_rows, n_players, n_outputs)
        With `base` they add up to what `walk` gives.
    base : ndarray, shape (n_outputs,)
        Mean of `walk` over the background rows.

    Examples
    --------
    >>> from rung.trees.nodes import single_leaf
    >>> tree = single_leaf(np.array([0.5]))
    >>> nothing = np.zeros(1, dtype=int)
    >>> shapley_values(tree, np.zeros((1, 1)), players=nothing, cover=np.ones(1))[1]
    array([0.5])
    """
    n_players = int(players.max(initial=-1)) + 1
    values = np.zeros((len(X), n_players, nodes.n_outputs))
    base = np.zeros(nodes.n_outputs)
    columns = np.ascontiguousarray(X.T)
    for part, own in _parts(nodes):
        paths = _Paths.of(part, players, cover[own])
        base += paths.base(nodes.n_outputs)
        if not n_players or not paths.n_nodes_of_integral:
            continue
        step = max(_BLOCK_NUMBERS // (part.n_nodes * paths.n_nodes_of_integral), 1)
        for start in range(0, len(X), step):
            block = slice(start, start + step)
            values[block] += paths.values(columns[:, block], n_players, nodes.n_outputs)
    return values, base


def _levels(nodes: NodeArrays) -> Iterator[Array]:
    """Yield the nodes of each depth, roots first."""
    level = nodes.root.astype(np.int64)
    while len(level):
        yield level
        inner = level[nodes.left[level] >= 0]
        level = np.concatenate([nodes.left[inner], nodes.right[inner]]).astype(np.int64)


def _parts(nodes: NodeArrays) -> Iterator[tuple[NodeArrays, slice]]:
    """Yield trees that are gone through together, numbered from 0, and where their nodes stand."""
    ends = np.append(nodes.root[1:], nodes.n_nodes)
    first = 0
    while first < nodes.n_trees:
        start = int(nodes.root[first])
        last = int(np.searchsorted(ends, start + _NODES_TOGETHER, side="right"))
        last = max(last, first + 1)
        own = slice(start, int(ends[last - 1]))
        of_nodes = ("feature", "threshold", "missing", "value")
        moved = {name: getattr(nodes, name)[own] for name in of_nodes}
        for name in ("left", "right"):
            child = getattr(nodes, name)[own]
            moved[name] = np.where(child >= 0, child - start, -1)
        trees = slice(first, last)
        root = nodes.root[trees] - start
        yield replace(nodes, root=root, tree_output=nodes.tree_output[trees], **moved), own
        first = last


@dataclass(frozen=True)
class _Paths:
    """What is the same for all rows: a node stands for the edge that leads to it.

    Attributes
    ----------
    nodes : NodeArrays
        Trees.
    levels : tuple of ndarray
        Nodes of each depth below the roots.
    parent, player, above : ndarray of int, shape (n_nodes,)
        Node above; player of the question there; the next edge above of the same player, or
        `n_nodes`. Of roots the player is -1.
    share : ndarray, shape (n_nodes,)
        Of the background rows at the leaf, as far as this player sees: `z`.
    reached : ndarray, shape (n_nodes,)
        Share of all background rows of its tree.
    output : ndarray of int, shape (n_nodes,)
        Of its tree.
    ratio, gain : ndarray, shape (n_nodes, 3, n_nodes_of_integral)
        What the product is multiplied with on this edge, and what the sum below adds to the
        player, by what the row's cells say.
    """

    nodes: NodeArrays
    levels: tuple[Array, ...]
    parent: Array
    player: Array
    above: Array
    reached: Array
    output: Array
    ratio: Array
    gain: Array

    @property
    def n_nodes_of_integral(self) -> int:
        """Gauss-Legendre nodes; 0 where no tree asks anything."""
        return int(self.ratio.shape[2])

    @classmethod
    def of(cls, nodes: NodeArrays, players: Array, cover: Array) -> _Paths:
        """Follow every path once."""
        n_nodes = nodes.n_nodes
        levels = tuple(_levels(nodes))
        inner = np.flatnonzero(nodes.left >= 0)
        parent = np.full(n_nodes, -1)
        parent[nodes.left[inner]] = parent[nodes.right[inner]] = inner
        asked = np.full(n_nodes, -1)
        has_parent = parent >= 0
        asked[has_parent] = players[nodes.feature[parent[has_parent]]]
        part = np.ones(n_nodes)
        whole = cover[parent[has_parent]]
        # Where no background row came, nothing depends on how they would have answered.
        part[has_parent] = np.where(
            whole > 0, cover[has_parent] / np.where(whole > 0, whole, 1), 0.5
        )
        above, share, reached, longest = _follow(levels[1:], parent, asked, part)
        sizes = np.diff(np.append(nodes.root, n_nodes))
        ratio, gain = _tables(share, above, -(-longest // 2))
        output = np.repeat(nodes.tree_output, sizes)
        return cls(nodes, levels[1:], parent, asked, above, reached, output, ratio, gain)

    def base(self, n_outputs: int) -> Array:
        """Return the mean over background rows, summed over trees."""
        leaf = np.flatnonzero(self.nodes.is_leaf)
        found = self.reached[leaf, None] * self.nodes.value[leaf]
        if found.shape[1] > 1:
            total: Array = found.sum(axis=0)
            return total
        return np.bincount(self.output[leaf], found[:, 0], minlength=n_outputs)

    def values(self, columns: Array, n_players: int, n_outputs: int) -> Array:
        """Return Shapley values of a block of rows, (n_rows, n_players, n_outputs)."""
        said = self._said(columns)
        product = np.ones((*said.shape, self.n_nodes_of_integral))
        for level in self.levels:
            product[level] = product[self.parent[level]] * self._of_row(self.ratio, level, said)
        n_values = self.nodes.value.shape[1]
        found = np.zeros((columns.shape[1], n_players, n_outputs))
        for k in range(n_values):
            added = self._added(product, said, self.nodes.value[:, k])
            places = self.player * n_outputs + (k if n_values > 1 else self.output)
            total = _sums(places, self.player >= 0, n_players * n_outputs) @ added
            found += total.T.reshape(found.shape)
        return found

    def _said(self, columns: Array) -> Array:
        """Return what the cells of rows say on each edge, shape (n_nodes, n_rows)."""
        nodes = self.nodes
        x = columns[nodes.feature]
        threshold = nodes.threshold[:, None]
        is_nan_left = (nodes.missing == NAN_LEFT)[:, None]
        goes_left = np.where(is_nan_left, ~(x > threshold), x <= threshold)
        # The row behind the last stands for no earlier question: nothing speaks against the path.
        follows = np.ones((nodes.n_nodes + 1, columns.shape[1]), dtype=bool)
        said = np.zeros((nodes.n_nodes, columns.shape[1]), dtype=np.int8)
        for level in self.levels:
            parent = self.parent[level]
            is_left = (nodes.left[parent] == level)[:, None]
            before = follows[self.above[level]]
            follows[level] = before & (goes_left[parent] == is_left)
            said[level] = np.where(follows[level], _OWN, np.where(before, _FIRST_OTHER, _OTHER))
        return said

    def _of_row(self, table: Array, level: Array, said: Array) -> Array:
        """Look up an entry for each edge and row, shape (n_edges, n_rows, n_nodes_of_integral)."""
        flat = table.reshape(-1, table.shape[2])
        found: Array = flat.take(3 * level[:, None] + said[level], axis=0)
        return found

    def _added(self, product: Array, said: Array, value: Array) -> Array:
        """Return what the leaves below each edge add to its player, shape (n_nodes, n_rows)."""
        nodes = self.nodes
        below = np.zeros_like(product)
        leaf = np.flatnonzero(nodes.is_leaf)
        below[leaf] = product[leaf] * value[leaf, None, None]
        added = np.zeros(said.shape)
        for level in reversed(self.levels):
            inner = level[nodes.left[level] >= 0]
            below[inner] = below[nodes.left[inner]] + below[nodes.right[inner]]
            gain = self._of_row(self.gain, level, said)
            added[level] = np.einsum("erq,erq->er", gain, below[level])
        return added


def _follow(
    levels: tuple[Array, ...], parent: Array, asked: Array, part: Array
) -> tuple[Array, Array, Array, int]:
    """Return the edge above of the same player, shares, reach, and most players on a path."""
    n_nodes = len(parent)
    above, share, reached = np.full(n_nodes, n_nodes), part.copy(), part.copy()
    latest = np.full((n_nodes, int(asked.max(initial=-1)) + 1), n_nodes, dtype=np.int32)
    longest = 0
    for level in levels:
        own = latest[parent[level]]
        place = np.arange(len(level))
        above[level] = own[place, asked[level]]
        own[place, asked[level]] = level
        latest[level] = own
        again = level[above[level] < n_nodes]
        share[again] = part[again] * share[above[again]]
        reached[level] *= reached[parent[level]]
        longest = max(longest, int((own < n_nodes).sum(axis=1).max()))
    return above, share, reached, longest


def _tables(share: Array, above: Array, n_points: int) -> tuple[Array, Array]:
    """Return `ratio` and `gain` of `_Paths`, integration weights within `gain`."""
    if not n_points:
        return np.zeros((len(share), 3, 0)), np.zeros((len(share), 3, 0))
    places, weights = np.polynomial.legendre.leggauss(n_points)
    t, weights = (places + 1) / 2, weights / 2
    # Without an earlier question the player is unknown to the path: factor 1, no gain.
    z = share[:, None]
    before = np.append(share, 1.0)[above][:, None]
    is_known = (above < len(share))[:, None]
    own, other = z + t * (1 - z), z * (1 - t)
    own_before = np.where(is_known, before + t * (1 - before), 1.0)
    shrink = np.divide(z, before, out=np.zeros_like(z), where=before > 0)
    ratio = [own / own_before, other / own_before, shrink + 0 * t]
    gained, lost = (1 - z) / own, -1 / (1 - t) + 0 * z
    gained_before = np.where(is_known, (1 - before) / own_before, 0.0)
    gain = [gained - gained_before, lost - gained_before, 0 * lost]
    return np.stack(ratio, axis=1), np.stack(gain, axis=1) * weights


def _sums(places: Array, is_edge: Array, n_places: int) -> Untyped:
    """Return the matrix that adds up edges by place."""
    from scipy import sparse

    edges = np.flatnonzero(is_edge)
    ones = np.ones(len(edges))
    return sparse.csr_matrix((ones, (places[edges], edges)), shape=(n_places, len(places)))
