"""Pruning agrees with scikit-learn's, and with pruning by hand."""

import numpy as np
import pytest

from rung.trees.convert import from_sklearn_tree
from rung.trees.nodes import validate
from rung.trees.prune import mark_leaves, prune, stump, validation_path
from rung.trees.walk import walk
from tests.trees.risks import sklearn_node_risk


def squared(values, y):
    return (values[:, 0] - y) ** 2


def log_loss(values, y):
    return -np.log(np.clip(values[np.arange(len(y)), y], 1e-3, None))


def grow(seed, kind, n_rows=500, **settings):
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, 4))
    X[rng.random(X.shape) < 0.05] = np.nan
    y = np.nan_to_num(X[:, 0]) * 2 + np.sin(3 * np.nan_to_num(X[:, 1])) + rng.normal(size=n_rows)
    if kind == "regression":
        tree = DecisionTreeRegressor(random_state=0, **settings)
    else:
        tree = DecisionTreeClassifier(random_state=0, criterion=kind, **settings)
        y = np.digitize(y, [-1.0, 1.0])
    return tree.fit(X, y), X, y


def between(alphas, how_many):
    """Return penalties between the breakpoints, where no rounding can decide."""
    alphas = np.unique(alphas)
    alphas = alphas[np.append(True, np.diff(alphas) > 1e-9)]
    middle = (alphas[1:] + alphas[:-1]) / 2
    return middle[np.unique(np.linspace(0, len(middle) - 1, how_many).astype(int))]


@pytest.mark.parametrize("kind", ["regression", "gini", "entropy"])
@pytest.mark.parametrize("seed", [1, 2])
def test_pruned_trees_are_those_of_scikit_learn(kind, seed):
    from sklearn.base import clone

    tree, X, y = grow(seed, kind)
    nodes, risk = from_sklearn_tree(tree), sklearn_node_risk(tree)
    for alpha in between(tree.cost_complexity_pruning_path(X, y).ccp_alphas, 12):
        expected = from_sklearn_tree(clone(tree).set_params(ccp_alpha=alpha).fit(X, y))
        found = prune(nodes, risk, alpha)
        validate(found, 4)
        for name, array in expected.to_arrays().items():
            assert np.array_equal(found.to_arrays()[name], array), name


@pytest.mark.parametrize("kind", ["regression", "entropy"])
def test_the_validation_path_is_the_loss_of_every_pruned_tree(kind):
    tree, _, _ = grow(3, kind)
    _, other_X, other_y = grow(4, kind, n_rows=300)
    loss = squared if kind == "regression" else log_loss
    nodes, risk = from_sklearn_tree(tree), sklearn_node_risk(tree)
    alphas = np.concatenate([[0.0], np.geomspace(1e-4, 9.0, 25)])
    found = validation_path(nodes, risk, alphas=alphas, X=other_X, y=other_y, loss=loss)
    expected = [loss(walk(prune(nodes, risk, a), other_X), other_y).sum() for a in alphas]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert found[-1] == pytest.approx(loss(np.repeat(nodes.value[:1], 300, axis=0), other_y).sum())
    assert found.min() < 0.97 * min(found[0], found[-1])


def test_a_larger_penalty_never_gives_a_larger_tree():
    tree, _, _ = grow(5, "regression")
    alphas = np.geomspace(1e-6, 10.0, 40)
    marked = mark_leaves(from_sklearn_tree(tree), sklearn_node_risk(tree), alphas)
    sizes = marked.sum(axis=0)
    assert np.all(np.diff(sizes) <= 0)
    assert sizes[0] > 100
    assert sizes[-1] == 1


def test_every_penalty_gives_the_least_cost_of_all_subtrees():
    rng = np.random.default_rng(6)
    tree, _, _ = grow(6, "regression", max_leaf_nodes=8)
    nodes = from_sklearn_tree(tree)
    for _ in range(20):
        risk, alpha = rng.random(nodes.n_nodes), rng.random() / 2
        costs = all_costs(nodes, risk, alpha, 0)
        leaves = mark_leaves(nodes, risk, np.array([alpha]))[:, 0]
        assert (risk[leaves] + alpha).sum() == pytest.approx(min(costs), rel=1e-12)


def all_costs(nodes, risk, alpha, node):
    alone = [risk[node] + alpha]
    if nodes.left[node] < 0:
        return alone
    left, right = (all_costs(nodes, risk, alpha, side[node]) for side in (nodes.left, nodes.right))
    return alone + [a + b for a in left for b in right]


def test_a_split_that_gains_exactly_the_penalty_is_pruned():
    risk = np.array([1.0, 0.25, 0.25])
    assert prune(stump(), risk, 0.5).n_nodes == 1
    assert prune(stump(), risk, 0.5 - 1e-12).n_nodes == 3


def test_a_penalty_of_zero_keeps_every_split_that_gains_and_the_value_of_the_root_stays():
    tree, X, _ = grow(7, "regression", max_depth=3)
    nodes, risk = from_sklearn_tree(tree), sklearn_node_risk(tree)
    assert np.array_equal(walk(prune(nodes, risk, 0.0), X), walk(nodes, X))
    root = prune(nodes, risk, 1e9)
    assert root.value.tolist() == nodes.value[:1].tolist()
    assert (root.left.tolist(), root.right.tolist()) == ([-1], [-1])


def test_no_rows_lose_nothing():
    tree, _, _ = grow(8, "regression")
    found = validation_path(
        from_sklearn_tree(tree),
        sklearn_node_risk(tree),
        alphas=np.array([0.0, 1.0]),
        X=np.empty((0, 4)),
        y=np.empty(0),
        loss=squared,
    )
    assert found.tolist() == [0.0, 0.0]
