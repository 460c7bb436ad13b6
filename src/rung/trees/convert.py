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
    trees = [_lightgbm_tree(_read_fields(block), gaps_follow_most) for block in blocks]
    if not trees:
        _refuse("a booster without trees")
    n_outputs = int(fields["num_tree_per_iteration"])
    output = np.arange(len(trees), dtype=np.int32) % n_outputs
    return _join(trees, output.astype(np.int32))


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


def _lightgbm_tree(fields: Mapping[str, str], gaps_follow_most: bool) -> dict[str, Array]:
    """Return one tree with its leaves numbered after its inner nodes."""
    if int(fields["num_cat"]) or int(fields.get("is_linear", "0")):
        _refuse("a booster with categorical splits or linear leaves")
    leaf_value = _numbers(fields, "leaf_value")
    # A tree without a split still writes its empty lists.
    n_leaves, n_inner = len(leaf_value), int(fields["num_leaves"]) - 1
    padding = np.zeros(n_leaves)
    no_child = np.full(n_leaves, -1)

    def child(name: str) -> Array:
        index = _numbers(fields, name).astype(np.int64)
        return np.concatenate([np.where(index >= 0, index, n_inner + ~index), no_child])

    threshold, left, right = _thresholds(fields), child("left_child"), child("right_child")
    unknown = threshold >= 0.0
    if gaps_follow_most and n_inner:
        n_rows = np.concatenate(
            [_numbers(fields, "internal_count"), _numbers(fields, "leaf_count")]
        )
        unknown = n_rows[left[:n_inner]] > n_rows[right[:n_inner]]
    return {
        "feature": np.concatenate([_numbers(fields, "split_feature"), padding]),
        "threshold": np.concatenate([threshold, padding]),
        "left": left,
        "right": right,
        "missing": np.concatenate([_missing_codes(fields, unknown), padding]),
        "value": np.concatenate([np.zeros(n_inner), leaf_value])[:, None],
    }


def _numbers(fields: Mapping[str, str], name: str) -> Array:
    return np.array(fields.get(name, "").split(), dtype=np.float64)


def _thresholds(fields: Mapping[str, str]) -> Array:
    """Move thresholds that lie among the values read as zero to the edge of these values."""
    threshold = _numbers(fields, "threshold")
    edge = np.where(threshold >= 0.0, _ZERO, np.nextafter(-_ZERO, -np.inf))
    return np.where(np.abs(threshold) <= _ZERO, edge, threshold)


def _missing_codes(fields: Mapping[str, str], unknown_left: Array) -> Array:
    """Return where gaps go; `unknown_left` says it for columns that had none."""
    decision = _numbers(fields, "decision_type").astype(np.int64)
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
