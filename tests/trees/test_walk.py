"""The walker agrees to the bit with the libraries that grew the trees."""

from dataclasses import replace

import numpy as np
import pytest

from rung.trees.convert import from_lightgbm, from_sklearn_tree
from rung.trees.nodes import NodeArrays, single_leaf, validate
from rung.trees.prune import stump
from rung.trees.walk import find_leaves, walk

N_FEATURES = 7


def table(seed, n_rows=900, missing=0.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, N_FEATURES))
    X[:, 3] = np.round(X[:, 3])
    X[:, 6] = X[:, 6] > 0
    # scikit-learn compares in single precision, which these numbers hold.
    X = X.astype(np.float32).astype(float)
    X[rng.random(X.shape) < missing] = np.nan
    y = np.nan_to_num(X[:, 0] * X[:, 1], nan=1.5) + np.nan_to_num(X[:, 3], nan=-2.0)
    return X, y + rng.normal(scale=0.2, size=n_rows)


def boosted(X, y, objective, rounds=25, **extra):
    import lightgbm

    settings = dict(objective=objective, num_threads=1, verbose=-1, deterministic=True, seed=1)
    return lightgbm.train(settings | extra, lightgbm.Dataset(X, y), rounds)


def raw_scores(booster, X):
    return booster.predict(X, raw_score=True, num_threads=1).reshape(len(X), -1)


def assert_equals_lightgbm(booster, X):
    nodes = from_lightgbm(booster)
    validate(nodes, N_FEATURES)
    assert np.array_equal(walk(nodes, X), raw_scores(booster, X))


@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("objective", ["regression", "binary", "multiclass"])
def test_walk_equals_lightgbm_raw_scores_to_the_bit(objective, missing):
    X, y = table(1, missing=missing)
    if objective == "binary":
        y = y > 0
    extra = {}
    if objective == "multiclass":
        y, extra = np.digitize(y, [-1, 0.5]), {"num_class": 3}
    booster = boosted(X, y, objective, **extra)
    assert_equals_lightgbm(booster, X)
    assert_equals_lightgbm(booster, X[:1])
    assert from_lightgbm(booster).n_outputs == max(extra.get("num_class", 1), 1)


def test_missing_and_infinite_values_unseen_in_training_go_where_lightgbm_sends_them():
    X, y = table(2)
    booster = boosted(X, y, "regression")
    hostile = table(3, missing=0.3)[0]
    hostile[:5] = [[np.inf], [-np.inf], [np.nan], [0.0], [-0.0]]
    assert_equals_lightgbm(booster, hostile)


def test_values_at_and_beside_every_threshold_go_where_lightgbm_sends_them():
    X, y = table(4, missing=0.1)
    booster = boosted(X, y, "regression", rounds=5)
    nodes = from_lightgbm(booster)
    inner = np.flatnonzero(~nodes.is_leaf)
    at = np.repeat(X[:1], 3 * len(inner), axis=0)
    for number, node in enumerate(inner):
        threshold = nodes.threshold[node]
        near = [threshold, np.nextafter(threshold, -np.inf), np.nextafter(threshold, np.inf)]
        at[3 * number : 3 * number + 3, nodes.feature[node]] = near
    assert_equals_lightgbm(booster, at)


def test_a_column_split_by_missingness_alone_is_read_as_lightgbm_reads_it():
    X = np.full((400, N_FEATURES), 1.0)
    X[::2, 2] = np.nan
    y = np.isnan(X[:, 2]).astype(float)
    booster = boosted(X, y, "regression")
    assert_equals_lightgbm(booster, X)


@pytest.mark.parametrize("together", [1, 7, 10**9])
def test_dividing_and_descending_reach_the_same_leaves(together, monkeypatch):
    X, y = table(5, missing=0.1)
    nodes = from_lightgbm(boosted(X, y, "regression"))
    expected = find_leaves(nodes, X)
    monkeypatch.setattr("rung.trees.walk._TOGETHER", together)
    assert np.array_equal(find_leaves(nodes, X), expected)


@pytest.mark.parametrize(("n_rows", "n_leaves"), [(97, 300), (900, 1), (450, 2_000), (1, 25)])
def test_blocks_of_rows_and_trees_do_not_change_the_bits(n_rows, n_leaves, monkeypatch):
    X, y = table(6, missing=0.1)
    nodes = from_lightgbm(boosted(X, y, "regression"))
    whole, leaves = walk(nodes, X), find_leaves(nodes, X)
    monkeypatch.setattr("rung.trees.walk._BLOCK_ROWS", n_rows)
    monkeypatch.setattr("rung.trees.walk._BLOCK_LEAVES", n_leaves)
    assert np.array_equal(walk(nodes, X), whole)
    assert np.array_equal(find_leaves(nodes, X), leaves)


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_walk_equals_a_scikit_learn_regressor_to_the_bit(missing):
    from sklearn.tree import DecisionTreeRegressor

    X, y = table(7, missing=missing)
    tree = DecisionTreeRegressor(random_state=0).fit(X, y)
    nodes = from_sklearn_tree(tree)
    validate(nodes, N_FEATURES)
    other = table(8, missing=missing)[0]
    assert np.array_equal(walk(nodes, other)[:, 0], tree.predict(other))
    assert np.array_equal(find_leaves(nodes, other)[:, 0], tree.apply(other))


@pytest.mark.parametrize("max_leaf_nodes", [None, 9])
def test_walk_equals_a_scikit_learn_classifier_to_the_bit(max_leaf_nodes):
    from sklearn.tree import DecisionTreeClassifier

    X, y = table(9, missing=0.1)
    tree = DecisionTreeClassifier(max_leaf_nodes=max_leaf_nodes, random_state=0)
    tree.fit(X, np.digitize(y, [-1, 0.5]))
    nodes = from_sklearn_tree(tree)
    validate(nodes, N_FEATURES)
    assert np.array_equal(walk(nodes, X), tree.predict_proba(X))


def by_hand(nodes, row):
    """Return the leaf of a row in each tree, one comparison after the other."""
    leaves = []
    for root in nodes.root:
        node = int(root)
        while nodes.left[node] >= 0:
            x = row[nodes.feature[node]]
            goes_left = nodes.missing[node] == 1 if np.isnan(x) else x <= nodes.threshold[node]
            node = int(nodes.left[node] if goes_left else nodes.right[node])
        leaves.append(node)
    return leaves


@pytest.mark.parametrize("n_rows", [1, 40, 255, 256, 700])
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_a_row_goes_left_up_to_the_threshold_and_where_the_code_says_if_missing(n_rows, missing):
    X, y = table(13, missing=missing)
    nodes = from_lightgbm(boosted(X, y, "regression", rounds=4))
    inner = ~nodes.is_leaf
    codes = np.random.default_rng(0).integers(2, size=nodes.n_nodes)
    nodes = replace(nodes, missing=np.where(inner, codes, 0).astype(np.uint8))
    rows = table(14, n_rows=n_rows, missing=missing)[0]
    # Every other row lies on a threshold, where "up to" and "below" differ.
    edges = np.flatnonzero(inner)
    for i in range(0, n_rows, 2):
        node = edges[i % len(edges)]
        rows[i, nodes.feature[node]] = nodes.threshold[node]
    expected = np.array([by_hand(nodes, row) for row in rows])
    assert np.array_equal(find_leaves(nodes, rows), expected)
    sums = np.zeros(n_rows)
    for leaf in expected.T:
        sums += nodes.value[leaf, 0]
    assert np.array_equal(walk(nodes, rows)[:, 0], sums)


def test_thresholds_are_met_in_double_precision():
    threshold = 2_460_000.51
    below, above = np.nextafter(threshold, -np.inf), np.nextafter(threshold, np.inf)
    rows = np.array([[below], [threshold], [above]])
    for many in (rows, np.repeat(rows, 300, axis=0)):
        found = walk(stump(threshold), many)[:, 0]
        assert np.array_equal(found, np.repeat([-1.0, -1.0, 1.0], len(many) // 3))


def test_cells_of_other_types_are_read_as_numbers():
    whole = np.array([[-1], [0], [1]])
    assert walk(stump(), whole)[:, 0].tolist() == [-1.0, -1.0, 1.0]
    assert walk(stump(0.1), np.array([[0.1]], dtype=np.float32))[:, 0].tolist() == [1.0]


def test_infinity_parts_known_from_missing():
    rows = np.array([[np.nan], [1e308], [-np.inf], [np.inf]])
    for many in (rows, np.repeat(rows, 100, axis=0)):
        found = walk(stump(np.inf), many)[:, 0]
        assert np.array_equal(found, np.repeat([1.0, -1.0, -1.0, -1.0], len(many) // 4))


def test_no_rows_give_no_predictions():
    assert walk(single_leaf(np.array([1.0, 2.0])), np.empty((0, 3))).shape == (0, 2)
    assert find_leaves(single_leaf(np.array([1.0])), np.empty((0, 3))).shape == (0, 1)


def test_trees_are_added_in_their_order():
    values = np.array([0.1, 0.2, 0.3, 1e16, -1e16, 0.7])
    one = np.arange(6, dtype=np.int32)
    nothing = np.zeros(6, dtype=np.int32)
    nodes = NodeArrays(
        root=one,
        feature=nothing,
        threshold=np.zeros(6),
        left=nothing - 1,
        right=nothing - 1,
        missing=np.zeros(6, dtype=np.uint8),
        value=values[:, None],
        tree_output=nothing,
    )
    expected = 0.0
    for value in values:
        expected += value
    assert walk(nodes, np.zeros((3, 1))).tolist() == [[expected]] * 3


@pytest.mark.parametrize("objective", ["regression", "multiclass"])
@pytest.mark.parametrize("n_rows", [0, 1, 2, 255, 256, 257])
def test_few_rows_are_predicted_to_the_bit_as_among_many(objective, n_rows):
    X, y = table(11, n_rows=600, missing=0.1)
    if objective == "multiclass":
        y = np.digitize(y, [-1.0, 1.0])
    extra = {"num_class": 3} if objective == "multiclass" else {}
    nodes = from_lightgbm(boosted(X, y, objective, **extra))
    assert np.array_equal(walk(nodes, X[:n_rows]), walk(nodes, X)[:n_rows])
    assert np.array_equal(find_leaves(nodes, X[:n_rows]), find_leaves(nodes, X)[:n_rows])


def test_few_rows_of_a_tree_with_shares_are_predicted_as_among_many():
    from sklearn.tree import DecisionTreeClassifier

    X, y = table(12, n_rows=600)
    tree = DecisionTreeClassifier(random_state=0).fit(X, np.digitize(y, [-1.0, 1.0]))
    nodes = from_sklearn_tree(tree)
    assert np.array_equal(walk(nodes, X[:3]), walk(nodes, X)[:3])
