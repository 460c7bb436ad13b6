"""Packed forests give back the same bits, and damaged ones are refused."""

import numpy as np
import pytest

from rung.errors import BadModelFile
from rung.trees.convert import from_sklearn_tree
from rung.trees.join import join
from rung.trees.nodes import validate
from rung.trees.pack import pack, to_single, unpack
from rung.trees.prune import stump
from rung.trees.walk import find_leaves, walk

RNG = np.random.default_rng(0)
X = (RNG.normal(size=(300, 4)) * [1.0, 1e-6, 1e6, 1.0]).astype(np.float32).astype(float)
X[RNG.random(X.shape) < 0.1] = np.nan


def grown(n_classes=0):
    from sklearn import ensemble

    kind = ensemble.RandomForestClassifier if n_classes else ensemble.RandomForestRegressor
    y = RNG.integers(n_classes, size=300) if n_classes else RNG.normal(size=300)
    forest = kind(5, random_state=0, max_features=2).fit(X, y)
    return join([from_sklearn_tree(tree) for tree in forest.estimators_]), forest


def test_packing_moves_no_row():
    nodes, _ = grown()
    # Cells at the thresholds themselves, and their neighbours.
    edges = np.unique(nodes.threshold)
    rows = np.concatenate([edges, np.nextafter(edges, 9.0), -edges])
    cells = np.repeat(rows[:, None], 4, axis=1)
    for given in (X, cells):
        again = unpack(pack(to_single(nodes)), 4)
        assert np.array_equal(find_leaves(nodes, given), find_leaves(again, given))


@pytest.mark.parametrize("n_classes", [0, 2, 5])
def test_packed_trees_come_back_to_the_bit_in_less_room(n_classes):
    nodes, _ = grown(n_classes)
    single = to_single(nodes)
    arrays = pack(single)
    again = unpack(arrays, 4)
    for name, array in single.to_arrays().items():
        if name in ("threshold", "feature", "missing"):
            array = np.where(single.is_leaf, 0, array)
        assert np.array_equal(array, again.to_arrays()[name]), name
    assert walk(again, X).tobytes() == walk(single, X).tobytes()
    np.testing.assert_allclose(walk(single, X), walk(nodes, X), rtol=2e-6, atol=1e-6)
    size = sum(array.nbytes for array in arrays.values())
    assert size < sum(array.nbytes for array in nodes.to_arrays().values()) / 2.5


def test_the_walk_over_the_trees_is_the_mean_of_scikit_learn():
    nodes, forest = grown(3)
    ours = walk(to_single(nodes), X) / 5
    np.testing.assert_allclose(ours, forest.predict_proba(X.astype(np.float32)), atol=1e-7)


@pytest.mark.parametrize("name", ["root", "feature", "cut", "cuts", "right", "missing", "value"])
def test_an_absent_bent_or_longer_array_is_refused(name):
    arrays = pack(to_single(grown()[0]))
    others = {key: array for key, array in arrays.items() if key != name}
    longer = np.concatenate([arrays[name], arrays[name][:1]])
    other = np.float32 if name == "cuts" else np.float64
    for bent in (None, longer, arrays[name][..., None], arrays[name].astype(other)):
        given = others if bent is None else {**others, name: bent}
        with pytest.raises(BadModelFile, match="of the model cannot be used"):
            unpack(given, 4)


def test_hostile_edits_are_refused_or_predict_finite_numbers():
    original = pack(to_single(grown()[0]))
    rng = np.random.default_rng(1)
    n_refused = n_walked = 0
    for _ in range(600):
        arrays = {name: array.copy() for name, array in original.items()}
        array = arrays[rng.choice(sorted(arrays))].reshape(-1)
        extreme = [-(2**31), -2, -1, 0, 1, 7, 2**15 - 1, 2**31 - 1]
        if array.dtype.kind == "f":
            extreme = [np.nan, np.inf, -np.inf, 1e38, 0.0]
        with np.errstate(over="ignore", invalid="ignore"):
            array[rng.integers(len(array))] = np.array(rng.choice(extreme)).astype(array.dtype)
        try:
            nodes = unpack(arrays, 4)
        except BadModelFile:
            n_refused += 1
            continue
        validate(nodes, 4)
        assert np.isfinite(walk(nodes, X)).all()
        n_walked += 1
    assert min(n_refused, n_walked) > 50


def test_a_threshold_that_many_nodes_share_is_stored_once():
    arrays = pack(to_single(join([stump(0.1)] * 9 + [stump(np.pi)])))
    assert arrays["cuts"].tolist() == [0.1, np.pi]
    assert arrays["cut"].tolist() == [0] * 9 + [1]
    assert arrays["cut"].dtype == np.uint16


def test_many_different_thresholds_get_wider_places():
    many = join([stump(float(number)) for number in range(2**16 + 1)])
    arrays = pack(to_single(many))
    assert arrays["cut"].dtype == np.int32
    assert np.array_equal(unpack(arrays, 1).threshold, many.threshold)


@pytest.mark.parametrize("place", [2, 3, 65_535])
def test_a_place_outside_the_thresholds_is_refused(place):
    arrays = pack(to_single(join([stump(1.0), stump(2.0)])))
    with pytest.raises(BadModelFile, match="'cut' does not name each of 2 'cuts'"):
        unpack({**arrays, "cut": np.array([0, place], dtype=np.uint16)}, 1)
