"""Turn trees grown by LightGBM and scikit-learn into node arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rung.errors import NotSavable
from rung.trees.nodes import NAN_LEFT, NAN_RIGHT, NodeArrays
from rung.typing import Array, Untyped

# Bits of LightGBM's decision_type: 1 categorical, 2 missing goes left, 4 and 8 kind of missing.
_CATEGORICAL, _DEFAULT_LEFT = 1, 2
_MISSING_NONE, _MISSING_ZERO = 0, 1
# LightGBM reads values up to this size as zero (`kZeroThreshold`, a float32).
_ZERO = float(np.float32(1e-35))


def from_lightgbm(
    booster: Untyped, n_iterations: int | None = None, *, gaps_follow_most: bool = False
) -> NodeArrays:
    """Read the trees of a LightGBM booster.

    `walk` then gives `booster.predict(X, raw_score=True)` to the bit, shape (n_rows, n_outputs)
    with one output a class in multiclass models.

    Parameters
    ----------
    booster : lightgbm.Booster
        Grown on numbers: categories must have been encoded.
    n_iterations : int, optional
        How many rounds to keep; by default the best round of early stopping, else all.
    gaps_follow_most : bool
        Where a column had no gap, send gaps where most training rows went, as scikit-learn does;
        by default as LightGBM does, which reads them as zero.

    Returns
    -------
    NodeArrays
        Trees in the order in which they are added.

    Raises
    ------
    NotSavable
        For categorical splits, linear trees, zeros read as missing, and averaged (random forest)
        boosters.

    Source
    ------
    The text format of LightGBM 4 (`src/io/tree.cpp`, `Tree::ToString`), whose numbers have 17
    significant digits and so are read back exactly.
    """
    text = booster.model_to_string(num_iteration=n_iterations)
    header, *blocks = text.split("\nend of trees", 1)[0].split("\nTree=")
    if "\naverage_output" in header:
        _refuse("a booster that averages its trees (boosting='rf')")
    fields = _read_fields(header)
    trees = [_read_fields(block) for block in blocks]
    if not trees:
        _refuse("a booster without trees")
    n_outputs = int(fields["num_tree_per_iteration"])
    output = np.arange(len(trees), dtype=np.int32) % n_outputs
    return _lightgbm_trees(trees, output.astype(np.int32), gaps_follow_most=gaps_follow_most)


def from_sklearn_tree(estimator: Untyped) -> NodeArrays:
    """Read a fitted scikit-learn decision tree.

    `walk` then gives `predict` of a regressor and `predict_proba` of a classifier to the bit, for
    features that are exact in single precision, as `rung.trees.ranks` makes them: scikit-learn
    rounds features to it.

    Parameters
    ----------
    estimator : DecisionTreeRegressor or DecisionTreeClassifier
        Fitted, with a single target.

    Returns
    -------
    NodeArrays
        One tree; inner nodes keep their values, as pruning needs them.
    """
    if estimator.n_outputs_ != 1:
        _refuse("a tree with several targets")
    tree = estimator.tree_
    is_inner = tree.children_left >= 0
    state = tree.__getstate__()["nodes"]
    columns = {
        "feature": np.where(is_inner, tree.feature, 0),
        "threshold": np.where(is_inner, tree.threshold, 0.0),
        "left": tree.children_left,
        "right": tree.children_right,
        "missing": np.where(is_inner, state["missing_go_to_left"], 0),
        "value": tree.value[:, 0, :],
    }
    return _join([columns], np.zeros(1, dtype=np.int32))


def _refuse(what: str) -> None:
    raise NotSavable(
        f"{what} cannot become node arrays; accepted are trees that split numbers",
        "encode categories as numbers and leave these options off",
    )


def _read_fields(block: str) -> dict[str, str]:
    lines = (line.partition("=") for line in block.split("\n"))
    return {name: value for name, sign, value in lines if sign}


def _lightgbm_trees(
    trees: Sequence[Mapping[str, str]], tree_output: Array, *, gaps_follow_most: bool
) -> NodeArrays:
    """Put trees behind each other, the leaves of each after its inner nodes; all at once."""
    if any(int(one["num_cat"]) or int(one.get("is_linear", "0")) for one in trees):
        _refuse("a booster with categorical splits or linear leaves")
    n_inner = np.array([int(one["num_leaves"]) for one in trees]) - 1
    sizes = 2 * n_inner + 1
    root = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    inner, leaf = _places(root, n_inner), _places(root + n_inner, n_inner + 1)
    threshold = _thresholds(_numbers(trees, "threshold"))
    nodes = NodeArrays(
        root=root.astype(np.int32),
        feature=np.zeros(sizes.sum(), dtype=np.int32),
        threshold=np.zeros(sizes.sum()),
        left=np.full(sizes.sum(), -1, dtype=np.int32),
        right=np.full(sizes.sum(), -1, dtype=np.int32),
        missing=np.zeros(sizes.sum(), dtype=np.uint8),
        value=np.zeros((sizes.sum(), 1)),
        tree_output=tree_output,
    )
    nodes.feature[inner] = _numbers(trees, "split_feature")
    nodes.threshold[inner] = threshold
    first_leaf = np.repeat(n_inner, n_inner)
    for side, name in ((nodes.left, "left_child"), (nodes.right, "right_child")):
        index = _numbers(trees, name).astype(np.int64)
        own = np.where(index >= 0, index, first_leaf + ~index)
        side[inner] = np.repeat(root, n_inner) + own
    nodes.value[leaf, 0] = _numbers(trees, "leaf_value")
    unknown = threshold >= 0.0
    if gaps_follow_most:
        n_rows = np.zeros(sizes.sum())
        n_rows[inner] = _numbers(trees, "internal_count")
        split = [one for one, count in zip(trees, n_inner.tolist(), strict=True) if count]
        n_rows[_places((root + n_inner)[n_inner > 0], n_inner[n_inner > 0] + 1)] = _numbers(
            split, "leaf_count"
        )
        unknown = n_rows[nodes.left[inner]] > n_rows[nodes.right[inner]]
    nodes.missing[inner] = _missing_codes(trees, unknown)
    return nodes


def _places(first: Array, counts: Array) -> Array:
    """Return for each tree so many neighbouring places, all in a row.

    Examples
    --------
    >>> _places(np.array([0, 5]), np.array([2, 3])).tolist()
    [0, 1, 5, 6, 7]
    """
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray(np.repeat(first, counts) + np.arange(counts.sum()) - before)


def _numbers(trees: Sequence[Mapping[str, str]], name: str) -> Array:
    """Return a list that each tree writes, one behind the other."""
    # A tree without a split still writes its empty lists.
    return np.array(" ".join(one.get(name, "") for one in trees).split(), dtype=np.float64)


def _thresholds(threshold: Array) -> Array:
    """Move thresholds that lie among the values read as zero to the edge of these values."""
    edge = np.where(threshold >= 0.0, _ZERO, np.nextafter(-_ZERO, -np.inf))
    return np.where(np.abs(threshold) <= _ZERO, edge, threshold)


def _missing_codes(trees: Sequence[Mapping[str, str]], unknown_left: Array) -> Array:
    """Return where gaps go; `unknown_left` says it for columns that had none."""
    decision = _numbers(trees, "decision_type").astype(np.int64)
    kind = (decision >> 2) & 3
    if np.any(decision & _CATEGORICAL) or np.any(kind == _MISSING_ZERO):
        _refuse("a booster that reads zeros as missing or splits categories")
    goes_left = np.where(kind == _MISSING_NONE, unknown_left, decision & _DEFAULT_LEFT)
    return np.where(goes_left, NAN_LEFT, NAN_RIGHT)


def _join(trees: Sequence[Mapping[str, Array]], tree_output: Array) -> NodeArrays:
    """Put trees behind each other; children are numbered from the first node of all."""
    sizes = np.array([len(tree["feature"]) for tree in trees])
    root = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    shift = np.repeat(root, sizes)

    def column(name: str, dtype: type) -> Array:
        return np.concatenate([tree[name] for tree in trees]).astype(dtype)

    def children(name: str) -> Array:
        index = column(name, np.int64)
        return np.where(index >= 0, index + shift, -1).astype(np.int32)

    return NodeArrays(
        root=root.astype(np.int32),
        feature=column("feature", np.int32),
        threshold=column("threshold", np.float64),
        left=children("left"),
        right=children("right"),
        missing=column("missing", np.uint8),
        value=column("value", np.float64),
        tree_output=tree_output,
    )
