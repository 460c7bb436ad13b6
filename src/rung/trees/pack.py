"""Store large forests in a third of the room: nothing twice, and nothing that can be derived.

Trees that are grown depth first have each left child right behind its parent. Many trees cut the
same values in two, so a node holds the place of its threshold in a list of all of them. Leaf values
are rounded to single precision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rung.errors import BadModelFile
from rung.trees.nodes import NodeArrays, validate
from rung.typing import Array

_REMEDY = "fit the model again, or take the file from its source anew"
_LAYOUT: Mapping[str, tuple[tuple[str, ...], int]] = {
    "root": (("int32",), 1),
    "feature": (("int16", "int32"), 1),
    "cut": (("uint16", "int32"), 1),
    "cuts": (("float64",), 1),
    "right": (("int32",), 1),
    "missing": (("uint8",), 1),
    "value": (("float32",), 2),
}


def to_single(nodes: NodeArrays) -> NodeArrays:
    """Round leaf values to single precision; inner nodes lose their values.

    Parameters
    ----------
    nodes : NodeArrays
        Trees with one output column a value.

    Returns
    -------
    NodeArrays
        Trees that send every row to the same leaf; `unpack(pack(...))` gives them to the bit.

    Examples
    --------
    >>> from rung.trees.nodes import single_leaf
    >>> float(to_single(single_leaf(np.array([0.1]))).value[0, 0]) == float(np.float32(0.1))
    True
    """
    assert not nodes.tree_output.any()
    value = np.where(nodes.is_leaf[:, None], nodes.value.astype(np.float32), np.float32(0.0))
    return replace(nodes, value=value.astype(np.float64))


def pack(nodes: NodeArrays) -> dict[str, Array]:
    """Return the arrays of trees made by `to_single`, grown depth first.

    Returns
    -------
    dict
        `root` (n_trees,); `feature` (n_nodes,), -1 at leaves; `cuts` (n_cuts,), all thresholds;
        `cut`, which of them, `missing` and `right` (n_inner,), the last as steps from the node;
        `value` (n_leaves, n_values).
    """
    inner = np.flatnonzero(~nodes.is_leaf)
    assert np.array_equal(nodes.left[inner], inner + 1)
    feature = np.where(nodes.is_leaf, -1, nodes.feature)
    is_narrow = not len(feature) or feature.max() < 2**15
    cuts, cut = np.unique(nodes.threshold[inner], return_inverse=True)
    return {
        "root": nodes.root,
        "feature": feature.astype(np.int16 if is_narrow else np.int32),
        "cut": cut.astype(np.uint16 if len(cuts) < 2**16 else np.int32),
        "cuts": cuts,
        "right": (nodes.right[inner] - inner).astype(np.int32),
        "missing": nodes.missing[inner],
        "value": nodes.value[nodes.is_leaf].astype(np.float32),
    }


def unpack(arrays: Mapping[str, Array], n_features: int) -> NodeArrays:
    """Rebuild trees, checking that they are trees.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        What `pack` gave, possibly from a hostile file.
    n_features : int
        Columns of the matrix that the trees will be shown.

    Raises
    ------
    BadModelFile
        If an array is absent, of another type or size, or the arrays are not trees.

    Examples
    --------
    >>> from rung.trees.nodes import single_leaf
    >>> unpack(pack(to_single(single_leaf(np.array([0.5])))), n_features=2).value
    array([[0.5]])
    """
    found = {name: _take(arrays, name) for name in _LAYOUT}
    n_nodes = len(found["feature"])
    is_leaf = found["feature"] == -1
    inner = np.flatnonzero(~is_leaf)
    sizes = {"cut": len(inner), "right": len(inner), "missing": len(inner)}
    for name, size in {**sizes, "value": n_nodes - len(inner)}.items():
        if len(found[name]) != size:
            _refuse(f"{name!r} has {len(found[name])} entries, not {size}")

    cut, cuts = found["cut"].astype(np.int64), found["cuts"]
    if not np.array_equal(np.unique(cut), np.arange(len(cuts))):
        _refuse(f"'cut' does not name each of {len(cuts)} 'cuts'")

    def spread(values: Array, fill: float, dtype: type) -> Array:
        out: Array = np.full(n_nodes, fill, dtype=dtype)
        out[inner] = values
        return out

    # A step beyond the arrays ends at -2, which the check of the trees refuses.
    right = inner + found["right"].astype(np.int64)
    value = np.zeros((n_nodes, found["value"].shape[1]))
    value[is_leaf] = found["value"]
    nodes = NodeArrays(
        root=found["root"],
        feature=np.where(is_leaf, 0, found["feature"]).astype(np.int32),
        threshold=spread(cuts[cut], 0.0, np.float64),
        left=spread(inner + 1, -1, np.int32),
        right=spread(np.where((right < 0) | (right >= n_nodes), -2, right), -1, np.int32),
        missing=spread(found["missing"], 0, np.uint8),
        value=value,
        tree_output=np.zeros(len(found["root"]), dtype=np.int32),
    )
    validate(nodes, n_features)
    return nodes


def _take(arrays: Mapping[str, Array], name: str) -> Array:
    if name not in arrays:
        _refuse(f"array {name!r} is absent")
    array, (kinds, n_dimensions) = np.asarray(arrays[name]), _LAYOUT[name]
    if str(array.dtype) not in kinds or array.ndim != n_dimensions:
        _refuse(f"{name!r} is {array.dtype} of shape {array.shape}, not {' or '.join(kinds)}")
    return array


def _refuse(reason: str) -> None:
    raise BadModelFile(f"the packed trees of the model cannot be used: {reason}", _REMEDY)
