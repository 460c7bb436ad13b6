from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from rung.errors import UsageError
from rung.graph.layers import assign_layers, topological
from tests.graph.shapes import acyclic, random_pairs


def shortest_sum(n_nodes, pairs):
    """Return the least sum of lengths: the program's matrix is totally unimodular."""
    cost = np.zeros(n_nodes)
    rows = np.zeros((len(pairs), n_nodes))
    for row, (a, b) in enumerate(pairs):
        cost[b] += 1
        cost[a] -= 1
        rows[row, [a, b]] = 1.0, -1.0
    found = linprog(cost, A_ub=rows, b_ub=-np.ones(len(pairs)), bounds=(0, n_nodes))
    return round(found.fun)


@settings(max_examples=25)
@given(acyclic())
def test_every_edge_points_down(drawn):
    n_nodes, pairs = drawn
    layer = assign_layers(n_nodes, pairs)
    assert all(layer[a] < layer[b] for a, b in pairs)
    assert min(layer) == 0


@pytest.mark.parametrize("seed", range(8))
def test_edges_are_as_short_as_can_be(seed):
    pairs = random_pairs(50, 75, seed)
    layer = assign_layers(50, pairs)
    assert sum(layer[b] - layer[a] for a, b in pairs) == shortest_sum(50, pairs)


def test_an_input_stands_right_above_its_use():
    chain = [(i, i + 1) for i in range(9)]
    layer = assign_layers(11, [*chain, (10, 9)])
    assert layer[10] == layer[9] - 1


def test_two_inputs_and_their_sum_move_down_together():
    chain = [(i, i + 1) for i in range(6)]
    layer = assign_layers(10, [*chain, (7, 9), (8, 9), (9, 6)])
    assert [layer[i] for i in (7, 8, 9)] == [4, 4, 5]


def test_a_circle_is_refused():
    with pytest.raises(UsageError, match="2 nodes of the graph feed into themselves in a circle"):
        assign_layers(3, [(0, 1), (1, 2), (2, 1)])


def test_a_chain_of_a_hundred_thousand_needs_no_recursion():
    assert topological(100_000, [(i, i + 1) for i in range(99_999)])[-1] == 99_999
