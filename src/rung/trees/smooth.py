"""Draw what a small node says toward what its parent says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rung.trees.nodes import NodeArrays
from rung.typing import Array


def smooth_values(nodes: NodeArrays, weight: Array, prior: Array, *, rows: float) -> NodeArrays:
    """Give each node the m-estimate of its value: as if `rows` more rows had its parent's.

    Parameters
    ----------
    nodes : NodeArrays
        One tree, with values at its inner nodes.
    weight : ndarray, shape (n_nodes,)
        Training rows of each node, weighted.
    prior : ndarray, shape (n_values,)
        What the root is drawn toward.
    rows : float
        m of the estimate; 0 changes nothing.

    Source
    ------
    Cestnik (1990), Proc. 9th ECAI (the m-estimate); Ferri, Flach & Hernández-Orallo (2003), Proc.
    14th ECML (applied from the root down, each node toward its parent).

    Examples
    --------
    >>> from rung.trees.prune import stump
    >>> smooth_values(stump(), np.array([4.0, 2.0, 2.0]), np.zeros(1), rows=2.0).value[:, 0]
    array([ 0. , -0.5,  0.5])
    """
    value, share = nodes.value.copy(), (weight / (weight + rows))[:, None]
    value[0] = share[0] * value[0] + (1.0 - share[0]) * prior
    level = np.zeros(1, dtype=np.int64)
    while len(level := level[nodes.left[level] >= 0]):
        for child in (nodes.left[level], nodes.right[level]):
            value[child] = share[child] * value[child] + (1.0 - share[child]) * value[level]
        level = np.concatenate([nodes.left[level], nodes.right[level]])
    return replace(nodes, value=value)


def depth(nodes: NodeArrays) -> int:
    """Return the most cuts that a row meets on its way down."""
    level, cuts = nodes.root[nodes.left[nodes.root] >= 0], 0
    while len(level):
        below = np.concatenate([nodes.left[level], nodes.right[level]])
        level, cuts = below[nodes.left[below] >= 0], cuts + 1
    return cuts
