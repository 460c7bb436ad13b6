"""Prune trees by cost and complexity, for many penalties in one pass.

The cost of a tree is the sum of its leaves' risks plus a penalty for every leaf. For one penalty
the smallest tree of least cost is found from the leaves up: a node becomes a leaf if that costs no
more than the best that its two branches can do.

Source: Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees, section 3.3
and theorem 10.7. NOTE[DIFF]: they follow the weakest link through all penalties one after the
other; here the penalties are given, and levels of the tree are done for all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from rung.trees.nodes import NodeArrays
from rung.trees.walk import find_leaves
from rung.typing import Array


def mark_leaves(nodes: NodeArrays, node_risk: Array, alphas: Array) -> Array:
    """Tell which nodes are the leaves of the pruned tree, for every penalty.

    Parameters
    ----------
    nodes : NodeArrays
        One tree or several, each pruned by itself.
    node_risk : ndarray, shape (n_nodes,)
        A node's share of the training loss if it were a leaf: impurity times share of the weight.
    alphas : ndarray, shape (n_alphas,)
        Penalty for a leaf, in the unit of the risk.

    Returns
    -------
    bool ndarray, shape (n_nodes, n_alphas)
        True at leaves; every row of data meets exactly one of them on its way down.

    Examples
    --------
    >>> tree = stump()
    >>> mark_leaves(tree, np.array([1.0, 0.2, 0.3]), np.array([0.1, 0.6])).T.tolist()
    [[False, True, True], [True, False, False]]
    """
    levels = _levels(nodes)
    alone = node_risk[:, None] + np.asarray(alphas, dtype=np.float64)[None, :]
    cost, is_end = alone.copy(), np.ones(alone.shape, dtype=bool)
    for inner in reversed(levels):
        branches = cost[nodes.left[inner]] + cost[nodes.right[inner]]
        is_end[inner] = alone[inner] <= branches
        cost[inner] = np.minimum(alone[inner], branches)
    is_below = np.zeros(alone.shape, dtype=bool)
    for inner in levels:
        covered = is_below[inner] | is_end[inner]
        is_below[nodes.left[inner]] = covered
        is_below[nodes.right[inner]] = covered
    marked: Array = is_end & ~is_below
    return marked


def prune(nodes: NodeArrays, node_risk: Array, alpha: float) -> NodeArrays:
    """Return the smallest trees of least cost for one penalty.

    Parameters
    ----------
    nodes : NodeArrays
        One tree or several; inner nodes must have values.
    node_risk : ndarray, shape (n_nodes,)
        As for `mark_leaves`.
    alpha : float
        Penalty for a leaf.

    Returns
    -------
    NodeArrays
        The nodes that stay, in their order.

    Examples
    --------
    >>> prune(stump(), np.array([1.0, 0.2, 0.3]), alpha=0.6).n_nodes
    1
    """
    is_leaf = mark_leaves(nodes, node_risk, np.array([alpha]))[:, 0]
    kept = is_leaf.copy()
    for inner in reversed(_levels(nodes)):
        kept[inner] |= kept[nodes.left[inner]] | kept[nodes.right[inner]]
    number = (np.cumsum(kept) - 1).astype(np.int32)

    def at_splits(array: Array) -> Array:
        return np.where(is_leaf, 0, array).astype(array.dtype)[kept]

    def renumber(children: Array) -> Array:
        return np.where(is_leaf, -1, number[children]).astype(np.int32)[kept]

    return replace(
        nodes,
        root=number[nodes.root],
        feature=at_splits(nodes.feature),
        threshold=at_splits(nodes.threshold),
        missing=at_splits(nodes.missing),
        left=renumber(nodes.left),
        right=renumber(nodes.right),
        value=nodes.value[kept],
    )


def validation_path(
    nodes: NodeArrays,
    node_risk: Array,
    *,
    alphas: Array,
    X: Array,
    y: Array,
    loss: Callable[[Array, Array], Array],
) -> Array:
    """Return the loss on other rows of the tree pruned with every penalty.

    Every row is followed once through the unpruned tree; what it would lose at each node on its
    way is added up there, and a pruned tree's loss is the sum over its leaves.

    Parameters
    ----------
    nodes : NodeArrays
        One tree; inner nodes must have values.
    node_risk : ndarray, shape (n_nodes,)
        As for `mark_leaves`, from the rows that the tree was grown on.
    alphas : ndarray, shape (n_alphas,)
        Penalties.
    X : ndarray, shape (n_rows, n_features)
        Rows that the tree was not grown on.
    y : ndarray, shape (n_rows,)
        Their targets.
    loss : callable
        `loss(values, y)` with shapes (n_some, n_values) and (n_some,) gives shape (n_some,); it
        may multiply by weights if `y` carries them.

    Returns
    -------
    ndarray, shape (n_alphas,)
        Sums over rows.

    Examples
    --------
    >>> squared = lambda values, y: (values[:, 0] - y) ** 2
    >>> validation_path(
    ...     stump(),
    ...     np.array([1.0, 0.2, 0.3]),
    ...     alphas=np.array([0.1, 0.6]),
    ...     X=np.array([[-1.0], [1.0]]),
    ...     y=np.array([-1.0, 2.0]),
    ...     loss=squared,
    ... )
    array([1., 5.])
    """
    at_node = _losses_at_nodes(nodes, find_leaves(nodes, X)[:, 0], y, loss)
    marked = mark_leaves(nodes, node_risk, alphas)
    return np.array([at_node[marked[:, i]].sum() for i in range(len(alphas))])


def stump(threshold: float = 0.0) -> NodeArrays:
    """Return a tree with one split of the first feature and the values 0, -1 and 1."""
    return NodeArrays(
        root=np.zeros(1, dtype=np.int32),
        feature=np.zeros(3, dtype=np.int32),
        threshold=np.array([threshold, 0.0, 0.0]),
        left=np.array([1, -1, -1], dtype=np.int32),
        right=np.array([2, -1, -1], dtype=np.int32),
        missing=np.zeros(3, dtype=np.uint8),
        value=np.array([[0.0], [-1.0], [1.0]]),
        tree_output=np.zeros(1, dtype=np.int32),
    )


def _levels(nodes: NodeArrays) -> list[Array]:
    """Return the inner nodes of every depth, from the roots down."""
    levels = []
    inner = nodes.root[nodes.left[nodes.root] >= 0]
    while len(inner):
        levels.append(inner)
        children = np.concatenate([nodes.left[inner], nodes.right[inner]])
        inner = children[nodes.left[children] >= 0]
    return levels


def _losses_at_nodes(
    nodes: NodeArrays, leaf: Array, y: Array, loss: Callable[[Array, Array], Array]
) -> Array:
    """Add up, at every node, what the rows that pass it would lose there."""
    parent = np.full(nodes.n_nodes, -1, dtype=np.int32)
    inner = np.flatnonzero(~nodes.is_leaf)
    parent[nodes.left[inner]] = inner
    parent[nodes.right[inner]] = inner
    total = np.zeros(nodes.n_nodes)
    node, target = leaf, y
    while len(node):
        lost = loss(nodes.value.take(node, axis=0), target)
        total += np.bincount(node, weights=lost, minlength=nodes.n_nodes)
        above = parent.take(node)
        stays = above >= 0
        node, target = above[stays], target[stays]
    return total
