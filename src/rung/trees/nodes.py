"""Hold any number of decision trees as flat arrays, and refuse arrays that are not trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rung.errors import BadModelFile
from rung.typing import Array

NAN_RIGHT, NAN_LEFT = 0, 1

_REMEDY = "fit the model again, or take the file from its source anew"

# Array names in a model file with their type and number of dimensions.
_LAYOUT: Mapping[str, tuple[str, int]] = {
    "root": ("int32", 1),
    "feature": ("int32", 1),
    "threshold": ("float64", 1),
    "left": ("int32", 1),
    "right": ("int32", 1),
    "missing": ("uint8", 1),
    "value": ("float64", 2),
    "tree_output": ("int32", 1),
}


@dataclass(frozen=True)
class NodeArrays:
    """Describe decision trees node by node; the nodes of a tree stand together, root first.

    A row at an inner node goes left if `x[feature] <= threshold`, else right.

    Attributes
    ----------
    root : int32 ndarray, shape (n_trees,)
        Index of each tree's first node.
    feature, threshold : int32 and float64 ndarray, shape (n_nodes,)
        What an inner node compares; 0 at leaves. Infinity parts known from missing values.
    left, right : int32 ndarray, shape (n_nodes,)
        Index of the child; -1 at leaves. A child's index is greater than its parent's.
    missing : uint8 ndarray, shape (n_nodes,)
        Where NaN goes: 0 right, 1 left.
    value : float64 ndarray, shape (n_nodes, n_values)
        What a tree predicts at a node; used at leaves, kept at inner nodes where known.
    tree_output : int32 ndarray, shape (n_trees,)
        Output column that a tree adds to if `n_values` is 1; zeros otherwise.
    """

    root: Array
    feature: Array
    threshold: Array
    left: Array
    right: Array
    missing: Array
    value: Array
    tree_output: Array

    @property
    def n_trees(self) -> int:
        """Number of trees."""
        return len(self.root)

    @property
    def n_nodes(self) -> int:
        """Number of nodes of all trees together."""
        return len(self.feature)

    @property
    def n_outputs(self) -> int:
        """Columns of a prediction."""
        width = self.value.shape[1]
        return width if width > 1 else int(self.tree_output.max()) + 1

    @property
    def is_leaf(self) -> Array:
        """Whether a node has no children; shape (n_nodes,)."""
        return np.less(self.left, 0)

    def to_arrays(self, prefix: str = "") -> dict[str, Array]:
        """Return the arrays under names that begin with `prefix`, as a model file holds them."""
        return {f"{prefix}{name}": getattr(self, name) for name in _LAYOUT}


def from_arrays(arrays: Mapping[str, Array], n_features: int, prefix: str = "") -> NodeArrays:
    """Rebuild trees from the arrays of a model file, after checking all that `validate` checks.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        What `NodeArrays.to_arrays(prefix)` gave; other names are ignored.
    n_features : int
        Columns of the matrix that the trees will be shown.
    prefix : str
        First letters of the names.

    Returns
    -------
    NodeArrays
        Trees that `walk` can follow safely.

    Raises
    ------
    BadModelFile
        If an array is absent or the arrays are not trees.

    Examples
    --------
    >>> leaf = single_leaf(np.array([2.5]))
    >>> from_arrays(leaf.to_arrays("tree/"), n_features=3, prefix="tree/").n_nodes
    1
    """
    absent = [name for name in _LAYOUT if f"{prefix}{name}" not in arrays]
    if absent:
        _refuse(f"arrays {absent} are absent under the prefix {prefix!r}")
    found = {name: np.asarray(arrays[f"{prefix}{name}"]) for name in _LAYOUT}
    nodes = NodeArrays(**found)
    validate(nodes, n_features)
    return nodes


def single_leaf(value: Array) -> NodeArrays:
    """Return one tree that is one leaf and predicts `value`, shape (n_values,), everywhere."""
    one = np.zeros(1, dtype=np.int32)
    return NodeArrays(
        root=one,
        feature=one,
        threshold=np.zeros(1),
        left=one - 1,
        right=one - 1,
        missing=np.zeros(1, dtype=np.uint8),
        value=np.array(value, dtype=np.float64).reshape(1, -1),
        tree_output=one,
    )


def validate(nodes: NodeArrays, n_features: int) -> None:
    """Refuse arrays that are not trees, or that a walk could not follow to a finite number.

    Parameters
    ----------
    nodes : NodeArrays
        Possibly from a hostile file.
    n_features : int
        Columns of the matrix that the trees will be shown.

    Raises
    ------
    BadModelFile
        With the first reason found.

    Examples
    --------
    >>> validate(single_leaf(np.array([1.0])), n_features=0)
    """
    _check_layout(nodes)
    _check_roots(nodes)
    _check_children(nodes)
    _check_splits(nodes, n_features)
    _check_values(nodes)


def _refuse(reason: str) -> None:
    raise BadModelFile(f"the trees of the model cannot be used: {reason}", _REMEDY)


def _check_layout(nodes: NodeArrays) -> None:
    """Ask of every array its type and as many entries as there are trees or nodes."""
    for name, (dtype, n_dimensions) in _LAYOUT.items():
        array = getattr(nodes, name)
        if array.dtype != np.dtype(dtype) or array.ndim != n_dimensions:
            _refuse(f"{name!r} is {array.dtype} with shape {array.shape}, not {dtype}")
        size = nodes.n_trees if name in {"root", "tree_output"} else nodes.n_nodes
        if len(array) != size:
            _refuse(f"{name!r} has {len(array)} entries, not {size}")


def _check_roots(nodes: NodeArrays) -> None:
    root, output = nodes.root, nodes.tree_output
    if not len(root) or root[0] != 0 or root[-1] >= nodes.n_nodes:
        _refuse("the first tree does not begin at node 0, or a tree begins after the last node")
    if np.any(np.less_equal(root[1:], root[:-1])):
        _refuse("'root' is not strictly increasing")
    width = nodes.value.shape[1]
    # Every output has a tree, so a file cannot ask for more columns than it has trees.
    used = np.unique(output)
    if width == 0 or not np.array_equal(used, np.arange(len(used))):
        _refuse("'tree_output' leaves an output without a tree, or 'value' has no columns")
    if width > 1 and len(used) > 1:
        _refuse(f"trees with {width} values each cannot also have outputs of their own")


def _check_children(nodes: NodeArrays) -> None:
    """Ask children to come after their parent, in its tree, and each node to have one parent.

    With these three every walk ends, and every node is reached from its root.
    """
    left, right, inner = nodes.left, nodes.right, ~nodes.is_leaf
    if np.any(left < -1) or np.any(right < -1) or np.any((right >= 0) != inner):
        _refuse("a node has one child only, or a child's index is below -1")
    parent = np.flatnonzero(inner)
    sizes = np.diff(np.append(nodes.root, nodes.n_nodes))
    end = np.repeat(nodes.root + sizes, sizes)[parent]
    for child in (left[parent], right[parent]):
        if np.any(child <= parent):
            _refuse("a child does not come after its parent")
        if np.any(child >= end):
            _refuse("a child lies outside its parent's tree")
    children = np.concatenate([left[parent], right[parent]])
    n_parents = np.bincount(children, minlength=nodes.n_nodes)
    n_parents[nodes.root] += 1
    if np.any(n_parents != 1):
        _refuse("a node has two parents or none")


def _check_splits(nodes: NodeArrays, n_features: int) -> None:
    feature = nodes.feature[~nodes.is_leaf]
    if np.any(feature < 0) or np.any(feature >= n_features):
        _refuse(f"a node compares a feature outside 0 to {n_features - 1}")
    # A split of missing from known values has the threshold infinity.
    if np.any(np.isnan(nodes.threshold)) or np.any(nodes.threshold == -np.inf):
        _refuse("a threshold is neither a number nor infinity")
    if np.any(nodes.missing > NAN_LEFT):
        _refuse("'missing' holds a code other than 0 and 1")


def _check_values(nodes: NodeArrays) -> None:
    """Keep sums over trees finite, whichever leaves a row falls into."""
    with np.errstate(over="ignore"):
        largest = np.maximum.reduceat(np.abs(nodes.value), nodes.root, axis=0)
        is_finite = np.all(np.isfinite(nodes.value)) and np.all(np.isfinite(largest.sum(axis=0)))
    if not is_finite:
        _refuse("a value, or the sum of the trees' values, is not finite")
