from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from rung.graph.layers import assign_layers
from rung.graph.order import arrange, stretch
from rung.graph.place import place, spread
from tests.graph.shapes import acyclic

wants = st.lists(
    st.tuples(st.floats(-100, 100), st.floats(0.5, 5), st.floats(0, 30)), min_size=1, max_size=8
)


@settings(max_examples=25)
@given(wants)
def test_spread_keeps_order_and_distances(drawn):
    wanted, weights, steps = map(list, zip(*drawn, strict=True))
    found = spread(wanted, weights, steps)
    assert all(b - a >= s - 1e-9 for a, b, s in zip(found, found[1:], steps[1:], strict=False))


@pytest.mark.parametrize("seed", range(6))
def test_spread_is_the_least_squares_answer(seed):
    rng = np.random.default_rng(seed)
    wanted, weights = rng.normal(0, 20, 6), rng.uniform(0.5, 3, 6)
    steps = np.append(0.0, rng.uniform(1, 20, 5))
    bounds = [
        {"type": "ineq", "fun": lambda x, i=i: x[i] - x[i - 1] - steps[i]} for i in range(1, 6)
    ]
    best = minimize(
        lambda x: np.sum(weights * (x - wanted) ** 2), np.cumsum(steps), constraints=bounds
    )
    assert spread(list(wanted), list(weights), list(steps)) == pytest.approx(best.x, abs=1e-3)


@settings(max_examples=25)
@given(acyclic())
def test_boxes_of_a_layer_keep_their_gap(drawn):
    n_nodes, pairs = drawn
    graph = arrange(stretch(assign_layers(n_nodes, pairs), pairs))
    breadth = [40.0 + 10 * (i % 5) for i in range(n_nodes)]
    breadth += [0.0] * (len(graph.source) - n_nodes)
    middle = place(graph, breadth, 20.0)
    for layer in graph.layers:
        for a, b in itertools.pairwise(layer):
            assert middle[b] - middle[a] >= (breadth[a] + breadth[b]) / 2 + 10.0 - 1e-6


def test_a_chain_stands_in_one_line():
    pairs = [(0, 1), (1, 2), (2, 3), (4, 3)]
    graph = arrange(stretch(assign_layers(5, pairs), pairs))
    middle = place(graph, [60.0, 80.0, 60.0, 80.0, 60.0], 20.0)
    assert len({middle[i] for i in (0, 1, 2)}) == 1


def test_a_parent_stands_over_the_middle_of_its_children():
    pairs = [(0, 1), (0, 2)]
    middle = place(arrange(stretch([0, 1, 1], pairs)), [50.0] * 3, 20.0)
    assert middle[0] == pytest.approx((middle[1] + middle[2]) / 2)
