"""Boosters and trees become node arrays, or are refused where they could not agree."""

import numpy as np
import pytest

from rung.errors import NotSavable
from rung.trees.convert import from_lightgbm, from_sklearn_tree
from rung.trees.nodes import validate
from rung.trees.walk import find_leaves, walk
from tests.trees.risks import sklearn_node_risk


def boosted(X, y, rounds=5, categorical="auto", valid=None, **settings):
    import lightgbm

    quiet = dict(num_threads=1, verbose=-1, seed=1, deterministic=True, min_data_in_leaf=5)
    data = lightgbm.Dataset(X, y, categorical_feature=categorical)
    if valid is None:
        return lightgbm.train(quiet | settings, data, rounds)
    stop = lightgbm.early_stopping(3, verbose=False)
    checks = [lightgbm.Dataset(*valid, reference=data)]
    return lightgbm.train(quiet | settings, data, rounds, valid_sets=checks, callbacks=[stop])


def table(seed=1, n_rows=300):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, 3))
    X[:, 2] = rng.integers(6, size=n_rows)
    return X, X[:, 0] + (X[:, 2] % 2) + rng.normal(size=n_rows)


def raw(booster, X, **options):
    return booster.predict(X, raw_score=True, num_threads=1, **options).reshape(len(X), -1)


def test_a_booster_of_single_leaves_predicts_its_constant():
    X, _ = table()
    booster = boosted(X, np.full(len(X), 4.25))
    nodes = from_lightgbm(booster)
    validate(nodes, 3)
    assert np.array_equal(walk(nodes, X), raw(booster, X))
    assert walk(nodes, X)[0, 0] == 4.25


def test_a_class_that_is_absent_keeps_its_output():
    X, y = table()
    labels = np.where(y > 0, 2, 0)
    booster = boosted(X, labels, objective="multiclass", num_class=3)
    nodes = from_lightgbm(booster)
    validate(nodes, 3)
    assert np.array_equal(walk(nodes, X), raw(booster, X))
    assert walk(nodes, X).shape == (300, 3)


def test_early_stopping_keeps_the_best_round_and_a_number_of_rounds_can_be_asked_for():
    X, y = table()
    booster = boosted(X, y, rounds=200, valid=table(2), learning_rate=0.5)
    assert 2 < booster.best_iteration < 190
    assert from_lightgbm(booster).n_trees == booster.best_iteration
    assert np.array_equal(walk(from_lightgbm(booster), X), raw(booster, X))
    two = from_lightgbm(booster, n_iterations=2)
    assert np.array_equal(walk(two, X), raw(booster, X, num_iteration=2))


def test_a_column_named_like_a_field_of_the_text_does_not_confuse_the_reader():
    X, y = table()
    booster = boosted(X, y, rounds=5)
    import lightgbm

    named = lightgbm.train(
        dict(num_threads=1, verbose=-1, seed=1, deterministic=True, min_data_in_leaf=5),
        lightgbm.Dataset(X, y, feature_name=["threshold", "leaf_value", "Tree"]),
        5,
    )
    for name, array in from_lightgbm(booster).to_arrays().items():
        assert np.array_equal(from_lightgbm(named).to_arrays()[name], array)


@pytest.mark.parametrize("offset", [0.0, 1e-36, -1e-36, 1e-35, 1e-34])
def test_values_next_to_zero_go_where_lightgbm_sends_them(offset):
    X, y = table()
    X[:, 0] = np.where(X[:, 0] > 0.5, 1.0, np.where(X[:, 0] < -0.5, -1.0, 0.0))
    y = y + 5 * (X[:, 0] == 0)
    booster = boosted(X, y)
    X[:, 0] = offset
    assert np.array_equal(walk(from_lightgbm(booster), X), raw(booster, X))
    X[:, 0] = -offset
    assert np.array_equal(walk(from_lightgbm(booster), X), raw(booster, X))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (dict(categorical=[2], min_data_per_group=1, cat_smooth=0.0), "categorical splits"),
        (dict(linear_tree=True), "linear leaves"),
        (dict(zero_as_missing=True), "reads zeros as missing"),
        (dict(boosting="rf", bagging_fraction=0.5, bagging_freq=1), "averages its trees"),
    ],
)
def test_boosters_that_could_not_agree_are_refused(settings, reason):
    X, y = table()
    booster = boosted(X, y, **settings)
    with pytest.raises(NotSavable, match=reason):
        from_lightgbm(booster)


def test_a_tree_with_several_targets_is_refused():
    from sklearn.tree import DecisionTreeRegressor

    X, y = table()
    tree = DecisionTreeRegressor().fit(X, np.column_stack([y, y]))
    with pytest.raises(NotSavable, match="several targets"):
        from_sklearn_tree(tree)


def test_a_scikit_learn_split_of_missing_from_known_values_is_kept():
    from sklearn.tree import DecisionTreeRegressor

    X = np.ones((100, 2))
    X[::2, 1] = np.nan
    tree = DecisionTreeRegressor().fit(X, np.isnan(X[:, 1]).astype(float))
    nodes = from_sklearn_tree(tree)
    validate(nodes, 2)
    assert np.array_equal(walk(nodes, X)[:, 0], tree.predict(X))
    assert walk(nodes, X)[:2, 0].tolist() == [1.0, 0.0]


def test_the_risk_of_a_node_is_its_share_of_the_training_loss():
    from sklearn.tree import DecisionTreeRegressor

    X, y = table()
    weight = np.random.default_rng(3).uniform(0.5, 2.0, size=len(y))
    tree = DecisionTreeRegressor(max_depth=3, random_state=0).fit(X, y, weight)
    risk = sklearn_node_risk(tree)
    leaves = tree.tree_.children_left < 0
    loss = np.average((tree.predict(X) - y) ** 2, weights=weight)
    assert risk[leaves].sum() == pytest.approx(loss, rel=1e-9)
    assert risk[0] == pytest.approx(np.cov(y, aweights=weight, ddof=0), rel=1e-9)


def test_gaps_that_training_lacked_go_where_most_rows_went():
    X, y = table()
    booster = boosted(X, y)
    nodes = from_lightgbm(booster, gaps_follow_most=True)
    leaves = find_leaves(nodes, X)
    n_rows = np.bincount(leaves.reshape(-1), minlength=nodes.n_nodes)
    for node in np.flatnonzero(~nodes.is_leaf)[::-1]:
        n_rows[node] = n_rows[nodes.left[node]] + n_rows[nodes.right[node]]
        assert nodes.missing[node] == (n_rows[nodes.left[node]] > n_rows[nodes.right[node]])
    assert np.array_equal(walk(nodes, X), raw(booster, X))
    # Where training had gaps, they go where LightGBM has learned to send them.
    X[::5, 0] = np.nan
    booster = boosted(X, np.where(np.isnan(X[:, 0]), 9.0, X[:, 0]))
    both = (from_lightgbm(booster, gaps_follow_most=follow) for follow in (False, True))
    own = [nodes.missing[(nodes.feature == 0) & ~nodes.is_leaf] for nodes in both]
    assert np.array_equal(*own)
    assert 0 in own[0]


def test_a_gap_is_read_as_zero_where_lightgbm_knew_none():
    X, y = table()
    nodes = from_lightgbm(boosted(X, y))
    inner = ~nodes.is_leaf
    assert np.array_equal(nodes.missing[inner], nodes.threshold[inner] >= 0.0)
