"""Arrays that are not trees are refused; what is accepted can be walked safely."""

from dataclasses import replace

import numpy as np
import pytest

from rung.errors import BadModelFile
from rung.store.modelfile import pack, unpack
from rung.trees.nodes import from_arrays, single_leaf, validate
from rung.trees.prune import stump
from rung.trees.walk import walk


def chain(n_splits):
    """Return a tree whose every right child splits again."""
    n_nodes = 2 * n_splits + 1
    left = np.full(n_nodes, -1, dtype=np.int32)
    left[0:-1:2] = np.arange(1, n_nodes, 2)
    base = single_leaf(np.zeros(1))
    return replace(
        base,
        feature=np.zeros(n_nodes, dtype=np.int32),
        threshold=np.linspace(0.0, 1.0, n_nodes),
        left=left,
        right=np.where(left >= 0, left + 1, -1).astype(np.int32),
        missing=np.zeros(n_nodes, dtype=np.uint8),
        value=np.arange(n_nodes, dtype=float)[:, None],
    )


def forest():
    """Return two stumps that add to outputs 1 and 0."""
    one = stump()
    below = [np.where(side >= 0, side + 3, -1).astype(np.int32) for side in (one.left, one.right)]
    return replace(
        one,
        root=np.array([0, 3], dtype=np.int32),
        feature=np.tile(one.feature, 2),
        threshold=np.tile(one.threshold, 2),
        left=np.concatenate([one.left, below[0]]),
        right=np.concatenate([one.right, below[1]]),
        missing=np.tile(one.missing, 2),
        value=np.tile(one.value, (2, 1)),
        tree_output=np.array([1, 0], dtype=np.int32),
    )


def edited(nodes, name, place, value):
    array = getattr(nodes, name).copy()
    array[place] = value
    return replace(nodes, **{name: array})


@pytest.mark.parametrize("make", [stump, forest, lambda: chain(300)])
def test_trees_are_accepted_and_read_back_to_the_bit(make):
    nodes = make()
    arrays = nodes.to_arrays("state/")
    again = from_arrays(unpack(pack({}, arrays))[1], 1, "state/").to_arrays("state/")
    assert list(arrays) == list(again)
    for name, array in arrays.items():
        assert again[name].dtype == array.dtype
        assert again[name].tobytes() == array.tobytes()


def test_a_deep_chain_is_walked_to_its_end():
    found = walk(chain(3000), np.array([[-1.0], [2.0], [np.nan]]))
    assert found[:, 0].tolist() == [1.0, 6000.0, 6000.0]


def test_each_tree_adds_to_its_own_output():
    assert walk(forest(), np.array([[-1.0], [1.0]])).tolist() == [[-1.0, -1.0], [1.0, 1.0]]
    assert forest().n_outputs == 2


@pytest.mark.parametrize(
    ("name", "place", "value", "reason"),
    [
        ("left", 0, 0, "does not come after its parent"),
        ("left", 0, 2, "two parents or none"),
        ("left", 0, 4, "outside its parent's tree"),
        ("left", 0, 2**31 - 1, "outside its parent's tree"),
        ("left", 0, -1, "one child only"),
        ("left", 0, -2, "below -1"),
        ("right", 1, 2, "one child only"),
        ("right", 3, 1, "does not come after its parent"),
        ("root", 0, 1, "does not begin at node 0"),
        ("root", 1, 0, "not strictly increasing"),
        ("root", 1, -1, "not strictly increasing"),
        ("root", 1, 6, "after the last node"),
        ("root", 1, 2, "outside its parent's tree|two parents or none"),
        ("feature", 0, 1, "outside 0 to 0"),
        ("feature", 3, -1, "outside 0 to 0"),
        ("threshold", 0, np.nan, "threshold is neither"),
        ("threshold", 3, -np.inf, "threshold is neither"),
        ("missing", 0, 2, "code other than 0 and 1"),
        ("value", 5, np.inf, "not finite"),
        ("value", 0, np.nan, "not finite"),
        ("tree_output", 0, 2, "an output without a tree"),
        ("tree_output", 1, -1, "an output without a tree"),
    ],
)
def test_one_wrong_entry_is_refused_with_its_reason(name, place, value, reason):
    with pytest.raises(BadModelFile, match=reason):
        validate(edited(forest(), name, place, value), 1)


def test_values_whose_sum_would_overflow_are_refused():
    with pytest.raises(BadModelFile, match="sum of the trees' values, is not finite"):
        validate(replace(forest(), value=np.full((6, 1), 1e308)), 1)


@pytest.mark.parametrize(
    ("name", "array", "reason"),
    [
        ("threshold", np.zeros(3, dtype=np.float32), "'threshold' is float32"),
        ("left", np.array([1.0, -1.0, -1.0]), "'left' is float64"),
        ("left", np.array([[1, -1, -1]], dtype=np.int32), "'left' is int32 with shape"),
        ("value", np.zeros(3), "'value' is float64 with shape"),
        ("value", np.zeros((3, 0)), "'value' has no columns"),
        ("value", np.zeros((2, 1)), "'value' has 2 entries, not 3"),
        ("missing", np.zeros(2, dtype=np.uint8), "'missing' has 2 entries"),
        ("tree_output", np.zeros(2, dtype=np.int32), "'tree_output' has 2 entries"),
        ("root", np.zeros(0, dtype=np.int32), "'tree_output' has 1 entries, not 0"),
    ],
)
def test_an_array_of_another_type_or_size_is_refused(name, array, reason):
    with pytest.raises(BadModelFile, match=reason):
        validate(replace(stump(), **{name: array}), 1)


def test_no_trees_and_outputs_on_top_of_values_are_refused():
    none = np.zeros(0, dtype=np.int32)
    with pytest.raises(BadModelFile, match="does not begin at node 0"):
        validate(replace(stump(), root=none, tree_output=none), 1)
    with pytest.raises(BadModelFile, match="cannot also have outputs"):
        validate(replace(forest(), value=np.zeros((6, 3))), 1)


def test_an_absent_array_is_refused():
    arrays = stump().to_arrays()
    with pytest.raises(BadModelFile, match=r"\['left'\] are absent"):
        from_arrays({name: arrays[name] for name in arrays if name != "left"}, 1)


def grown():
    import lightgbm

    from rung.trees.convert import from_lightgbm

    rng = np.random.default_rng(1)
    X = rng.normal(size=(300, 4))
    settings = dict(num_leaves=7, num_threads=1, verbose=-1, objective="multiclass", num_class=3)
    booster = lightgbm.train(settings, lightgbm.Dataset(X, rng.integers(3, size=300)), 3)
    return from_lightgbm(booster).to_arrays("t/")


def hostile_edit(rng, arrays):
    """Return a copy with one array damaged on purpose, though its digest will be right."""
    arrays = {name: array.copy() for name, array in arrays.items()}
    name = rng.choice(sorted(arrays))
    array, kind = arrays[name], rng.integers(8)
    flat = array.reshape(-1)
    here, there = rng.integers(len(flat), size=2)
    if kind < 4:
        numbers = [-(2**31), -2, -1, 0, 1, here, there, flat[there], 2**31 - 1]
        extreme = [*numbers, np.nan, np.inf, -np.inf, 1e308, 5e-324]
        choices = extreme if array.dtype.kind == "f" else numbers
        flat[here] = np.array(choices[rng.integers(len(choices))]).astype(array.dtype)
    elif kind == 4:
        flat[here], flat[there] = flat[there], flat[here]
    elif kind == 5:
        arrays[name] = array[:-1]
    elif kind == 6:
        arrays[name] = array.astype(rng.choice(["int64", "float32", "bool"]))
    else:
        rng.shuffle(flat)
    return arrays


def test_hostile_edits_are_refused_or_predict_finite_numbers():
    rng = np.random.default_rng(2)
    original = grown()
    X = rng.normal(size=(20, 4))
    X[:4] = [[np.nan], [np.inf], [-np.inf], [1e308]]
    n_refused = n_walked = 0
    for _ in range(1500):
        with np.errstate(invalid="ignore"):
            arrays = unpack(pack({}, hostile_edit(rng, original)))[1]
        try:
            nodes = from_arrays(arrays, 4, "t/")
        except BadModelFile:
            n_refused += 1
            continue
        assert np.isfinite(walk(nodes, X)).all()
        n_walked += 1
    assert min(n_refused, n_walked) > 100
