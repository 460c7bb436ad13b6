"""Shapley values of trees: against shap's own numbers, the definition, and the laws that define them."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from rung.trees import shapley
from rung.trees.convert import from_lightgbm
from rung.trees.nodes import NodeArrays, single_leaf
from rung.trees.shapley import node_cover, shapley_values
from rung.trees.walk import walk
from tests.trees.test_walk import boosted, table

# One tree that asks column 0 three times on one path; the same tree was given to shap 0.51.
TREE = NodeArrays(
    root=np.zeros(1, dtype=np.int32),
    feature=np.array([0, 1, 0, 0, 2, 0, 0, 0, 0], dtype=np.int32),
    threshold=np.array([0.5, -1.0, 0, 0, 2.0, 0, 1.5, 0, 0]),
    left=np.array([1, 2, -1, -1, 5, -1, 7, -1, -1], dtype=np.int32),
    right=np.array([4, 3, -1, -1, 6, -1, 8, -1, -1], dtype=np.int32),
    missing=np.zeros(9, dtype=np.uint8),
    value=np.array([0, 0, 1.0, -2.0, 0, 3.5, 0, 0.25, 8.0])[:, None],
    tree_output=np.zeros(1, dtype=np.int32),
)
COVER = np.array([100.0, 60, 15, 45, 40, 10, 30, 24, 6])
ROWS = np.array([[0.0, -2, 0], [0, 0, 3], [1, 0, 1], [1, -2, 3], [2, 0, 3]])
BY_SHAP = np.array(
    [
        [-1.195, 1.8, 0.255],
        [-1.455, -0.6, -0.085],
        [2.11125, -0.225, 1.47375],
        [-0.07375, 0.675, -0.49125],
        [7.6075, -0.225, 0.4775],
    ]
)


def by_definition(nodes: NodeArrays, x: np.ndarray, players: np.ndarray, cover: np.ndarray):
    """Average what a player adds over all orders in which players may come."""

    def worth(known: frozenset[int], node: int) -> float:
        left, right = int(nodes.left[node]), int(nodes.right[node])
        if left < 0:
            return float(nodes.value[node, 0])
        feature = nodes.feature[node]
        if players[feature] in known:
            cell = x[feature]
            goes_left = cell <= nodes.threshold[node] or (
                np.isnan(cell) and nodes.missing[node] == 1
            )
            return worth(known, left if goes_left else right)
        parts = cover[left] * worth(known, left) + cover[right] * worth(known, right)
        return parts / cover[node]

    n = int(players.max()) + 1
    found = np.zeros(n)
    for size, player in itertools.product(range(n), range(n)):
        weight = math.factorial(size) * math.factorial(n - 1 - size) / math.factorial(n)
        others = [one for one in range(n) if one != player]
        for known in map(frozenset, itertools.combinations(others, size)):
            added = (worth(known | {player}, r) - worth(known, r) for r in nodes.root.tolist())
            found[player] += weight * sum(added)
    return found


def test_values_are_those_of_the_shap_package() -> None:
    values, base = shapley_values(TREE, ROWS, players=np.arange(3), cover=COVER)
    np.testing.assert_allclose(values[:, :, 0], BY_SHAP, atol=1e-13)
    assert base == pytest.approx([0.14])


@pytest.mark.parametrize("players", [[0, 1, 2, 3, 4, 5, 6], [0, 0, 1, 2, 1, 3, 2]])
def test_values_are_those_of_the_definition_with_missing_cells_and_joined_columns(players) -> None:
    X, y = table(3, n_rows=300, missing=0.2)
    nodes = from_lightgbm(boosted(X, y, "regression", rounds=4, num_leaves=12))
    weight = np.random.default_rng(0).random(300)
    cover, numbers = node_cover(nodes, X, weight), np.array(players)
    values, _ = shapley_values(nodes, X[:6], players=numbers, cover=cover)
    for x, own in zip(X[:6], values, strict=True):
        np.testing.assert_allclose(own[:, 0], by_definition(nodes, x, numbers, cover), atol=1e-12)


@pytest.mark.parametrize(
    ("objective", "extra"), [("regression", {}), ("multiclass", {"num_class": 3})]
)
def test_values_and_base_add_up_to_the_prediction(objective, extra, monkeypatch) -> None:
    X, y = table(4, missing=0.1)
    y = np.digitize(y, [-1, 0.5]) if extra else y
    nodes = from_lightgbm(boosted(X, y, objective, **extra))
    weight = np.arange(1.0, len(X) + 1)
    cover = node_cover(nodes, X, weight)
    players = np.arange(X.shape[1])
    values, base = shapley_values(nodes, X[:40], players=players, cover=cover)
    np.testing.assert_allclose(values.sum(axis=1) + base, walk(nodes, X[:40]), atol=1e-11)
    np.testing.assert_allclose(base, np.average(walk(nodes, X), axis=0, weights=weight), atol=1e-11)
    # However trees and rows are dealt into blocks.
    monkeypatch.setattr(shapley, "_NODES_TOGETHER", 40)
    monkeypatch.setattr(shapley, "_BLOCK_NUMBERS", 500)
    again, _ = shapley_values(nodes, X[:40], players=players, cover=cover)
    np.testing.assert_allclose(again, values, atol=1e-12)


def test_a_column_that_no_question_asks_is_worth_nothing() -> None:
    wider = np.column_stack([ROWS, np.arange(5.0)])
    values, _ = shapley_values(TREE, wider, players=np.arange(4), cover=COVER)
    assert not values[:, 3].any()
    np.testing.assert_allclose(values[:, :3, 0], BY_SHAP, atol=1e-13)


def test_branches_that_no_background_row_saw_leave_values_finite_and_whole() -> None:
    cover = np.array([60.0, 60, 60, 0, 0, 0, 0, 0, 0])
    values, base = shapley_values(TREE, ROWS, players=np.arange(3), cover=cover)
    assert base == pytest.approx([1.0])
    np.testing.assert_allclose(values.sum(axis=1) + base, walk(TREE, ROWS), atol=1e-12)


def test_the_weight_of_rows_is_counted_at_every_node() -> None:
    cover = node_cover(TREE, ROWS, np.array([1.0, 2, 4, 8, 16]))
    assert cover.tolist() == [31, 3, 1, 2, 28, 4, 24, 8, 16]


def test_a_leaf_explains_nothing_and_several_outputs_stand_beside_each_other() -> None:
    leaf = single_leaf(np.array([0.25, 0.75]))
    values, base = shapley_values(leaf, ROWS, players=np.arange(3), cover=np.ones(1))
    assert not values.any()
    assert base.tolist() == [0.25, 0.75]
    shares = replace(TREE, value=np.hstack([TREE.value, 1.0 - TREE.value]))
    values, base = shapley_values(shares, ROWS, players=np.arange(3), cover=COVER)
    np.testing.assert_allclose(values[:, :, 0], BY_SHAP, atol=1e-13)
    np.testing.assert_allclose(values[:, :, 1], -BY_SHAP, atol=1e-13)
    assert base == pytest.approx([0.14, 0.86])
