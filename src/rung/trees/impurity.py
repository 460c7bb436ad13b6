"""What cuts on each feature take away from the spread of the target, on whichever rows are asked.

On the rows that trees learned from this is the importance that forests are known for (mean decrease of
impurity). It favours features with many values, and gives even noise a share, as a deep tree always
finds a cut that fits its own rows. On rows that the trees have not seen the same sum tells how much of
what cuts say is so.

Sources: Breiman et al. (1984), Classification and Regression Trees; Strobl et al. (2007), BMC
Bioinformatics 8 (the bias); Li et al. (2019), A debiased MDI feature importance measure, NeurIPS 32.
"""

from __future__ import annotations

import numpy as np

from rung.trees.nodes import NodeArrays
from rung.trees.shapley import node_cover
from rung.typing import Array

Rows = tuple[Array, Array, Array]


def impurity_decrease(nodes: NodeArrays, learned: Rows, judged: Rows, owners: Array) -> Array:
    """Return by how much cuts lower the impurity of rows, summed over trees.

    Each node says the mean of the rows that trees learned from. A cut gets, for each judged row, how
    far it moved that mean towards the row's target: of the rows that trees learned from, this is the
    decrease of the variance, or of Gini's impurity where targets are 0 and 1 for each class.

    Parameters
    ----------
    nodes : NodeArrays
        Validated trees.
    learned, judged : tuple of ndarray
        Features (n_rows, n_features), targets (n_rows, n_columns) and weights (n_rows,), of the rows
        that trees learned from, and of the rows that are asked.
    owners : ndarray of int, shape (n_features,)
        Number of the column that a feature belongs to, from 0 without gaps.

    Returns
    -------
    ndarray, shape (n_owners,)
        A mean over the judged rows; of rows that were not learned from it may be negative.

    Examples
    --------
    >>> from rung.trees.nodes import single_leaf
    >>> rows = np.zeros((2, 1)), np.array([[0.0], [1.0]]), np.ones(2)
    >>> impurity_decrease(single_leaf(np.array([0.5])), rows, rows, np.zeros(1, dtype=int))
    array([0.])
    """
    inner = np.flatnonzero(nodes.left >= 0)
    owner = owners[nodes.feature[inner]]
    X, target, weight = learned
    mass = node_cover(nodes, X, weight)
    found = np.zeros(int(owners.max(initial=-1)) + 1)
    for own, asked in zip(target.T, judged[1].T, strict=True):
        sums = node_cover(nodes, X, weight * own)
        mean = np.divide(sums, mass, out=np.zeros_like(sums), where=mass > 0)
        there = node_cover(nodes, judged[0], judged[2] * asked)
        for side in (nodes.left, nodes.right):
            child = side[inner]
            # A branch that no row learned from says what the node above says.
            moved = np.where(mass[child] > 0, mean[child] - mean[inner], 0.0)
            found += np.bincount(owner, moved * there[child], minlength=len(found))
    return np.asarray(found / judged[2].sum())
