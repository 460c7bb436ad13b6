from __future__ import annotations

from itertools import pairwise, permutations, product
from math import factorial, prod

import pytest
from hypothesis import given, settings

from rung.graph.layers import assign_layers
from rung.graph.order import arrange, count_crossings, stretch
from tests.graph.shapes import acyclic, random_pairs


def plain_count(layers, down):
    """Count crossings pair by pair."""
    total = 0
    for upper, lower in pairwise(layers):
        above = {v: i for i, v in enumerate(upper)}
        below = {v: i for i, v in enumerate(lower)}
        edges = [(above[u], below[v]) for u in upper for v in down[u]]
        total += sum((a - c) * (b - d) < 0 for i, (a, b) in enumerate(edges) for c, d in edges[:i])
    return total


def fewest(graph):
    """Try every order of every layer."""
    orders = [list(permutations(layer)) for layer in graph.layers]
    return min(plain_count(layers, graph.down) for layers in product(*orders))


@settings(max_examples=25)
@given(acyclic())
def test_crossings_are_counted_as_pair_by_pair(drawn):
    n_nodes, pairs = drawn
    graph = stretch(assign_layers(n_nodes, pairs), pairs)
    assert count_crossings(graph.layers, graph.down) == plain_count(graph.layers, graph.down)


@settings(max_examples=25)
@given(acyclic())
def test_arranging_keeps_vertices_in_their_layers_and_adds_no_crossing(drawn):
    n_nodes, pairs = drawn
    graph = stretch(assign_layers(n_nodes, pairs), pairs)
    found = arrange(graph)
    assert [sorted(layer) for layer in found.layers] == [sorted(layer) for layer in graph.layers]
    assert found.crossings() <= graph.crossings()


@pytest.mark.parametrize("seed", range(30))
def test_small_graphs_reach_the_known_optimum(seed):
    pairs = random_pairs(8, 10, seed)
    graph = stretch(assign_layers(8, pairs), pairs)
    if prod(factorial(len(layer)) for layer in graph.layers) > 20_000:
        pytest.skip("too many orders to try them all")
    assert arrange(graph).crossings() == fewest(graph)


def test_complete_two_by_three_has_three_crossings():
    pairs = [(a, b) for a in (0, 1) for b in (2, 3, 4)]
    assert arrange(stretch([0, 0, 1, 1, 1], pairs)).crossings() == 3


def test_a_binary_tree_is_drawn_without_crossings():
    pairs = [((i - 1) // 2, i) for i in range(1, 31)]
    assert arrange(stretch(assign_layers(31, pairs), pairs)).crossings() == 0


def test_edges_from_one_node_share_their_bends():
    graph = stretch([0, 1, 2, 3, 3], [(0, 1), (1, 2), (2, 3), (2, 4), (0, 3), (0, 4)])
    assert len(graph.source) - graph.n_nodes == 2


def test_operands_stand_in_the_order_they_are_given():
    graph = arrange(stretch([0, 0, 1], [(0, 2), (1, 2)]))
    assert graph.layers[0] == [0, 1]
