"""Steps that repeat become one box, whatever they were unrolled from."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from rung.graph.fold import fold
from rung.graph.layers import topological
from rung.graph.loops import Loop, find_loops
from rung.graph.parts import Edge, Node
from rung.graph.values import graph_of
from tests.graph.shapes import acyclic
from tests.graph.test_fold import hidden


def shown(function, **given):
    """Return title and number of every box of a function's folded graph."""
    return [(node.title, node.members) for node in graph_of(function, **given).folded.nodes]


def fall(g, v0):
    h, v = 0.0 * v0 + 100.0, v0
    for _ in range(60):
        v = v - 0.05 * g
        h = h + 0.05 * v
    return h


def recur(n_turns):
    def function(x):
        y = x
        for _ in range(n_turns):
            y = y * 1.0001 + x
        return y

    return function


def test_sixty_steps_of_a_fall_are_one_box():
    boxes = shown(fall, g=9.81, v0=0.0)
    assert ("× − × +", 60) in boxes
    assert [title for title, _ in boxes[:4]] == ["0", "v0", "0 × v0", "100"]
    assert len(boxes) == 8


def test_fifty_steps_of_an_orbit_are_one_box():
    def orbit(x, y, vx, vy):
        for _ in range(50):
            cubed = (x * x + y * y) ** 1.5
            vx, vy = vx - 0.01 * x / cubed, vy - 0.01 * y / cubed
            x, y = x + 0.01 * vx, y + 0.01 * vy
        return x * x + y * y

    boxes = shown(orbit, x=1.0, y=0.0, vx=0.0, vy=1.0)
    assert [members for _, members in boxes] == [1, 50, *[1] * 6]


def test_the_result_of_a_loop_stands_beside_its_box():
    graph = graph_of(fall, g=9.81, v0=0.0)
    last = graph.folded.nodes[-1]
    assert (last.kind, last.facts["value"]) == ("output", graph.table()[-1]["value"])
    assert graph.folded.edges[-1].target == last.key
    assert hidden(graph.folded) == {node.key for node in graph.nodes}


def test_a_thousand_turns_are_drawn_in_a_second_or_two():
    graph = graph_of(recur(1_000), x=1.0)
    start = time.process_time()
    svg = graph.to_svg()
    assert time.process_time() - start < 3.0  # minutes, were they all laid out
    assert "×1000" in svg
    assert [node.members for node in graph.folded.nodes] == [1, 1_000, 1]


def test_a_loop_within_a_loop_opens_within_its_turn():
    def function(x):
        for _ in range(20):
            y = x
            for _ in range(10):
                y = y * 0.5 + x
            x = x + y.tanh()
        return x

    folded = graph_of(function, x=0.1).folded
    (block,) = (one for one in folded.blocks.values() if len(one.units) == 20)
    assert len(block.units[0]) == 32
    assert block.inside is not None
    assert [one.members for one in block.inside.nodes if one.members > 1] == [10]


def test_weights_and_inputs_of_a_recurrent_network_are_one_box_each():
    def function(**given):
        weights = [given[f"w{i}"] for i in range(12)]
        state = [0.0 * weights[0]] * 3
        for t in range(30):
            state = [
                sum((w * s for w, s in zip(weights[4 * i : 4 * i + 3], state, strict=True)), 0.0)
                + weights[4 * i + 3] * given[f"x{t}"]
                for i in range(3)
            ]
            state = [one.tanh() for one in state]
        return state[0] + state[1] + state[2]

    names = {f"w{i}": 0.1 * i for i in range(12)} | {f"x{t}": 0.01 * t for t in range(30)}
    boxes = shown(function, **names)
    assert len(boxes) < 26
    assert ("xₙ", 30) in boxes
    assert max(members for title, members in boxes if title.endswith("tanh")) == 30


@pytest.mark.parametrize("turns", [2, 3])
def test_steps_that_differ_are_no_loop(turns):
    nodes = [Node("x", "x", "input"), *(Node(f"n{i}", "f" if i % 2 else "g") for i in range(40))]
    pairs = [(i, i + 1) for i in range(40)]
    assert find_loops(nodes, pairs)[1] == [Loop(1, 2, 20)]
    # The same operations, each of which takes from another distance: no turn is like the one before.
    far = sorted({*pairs, *((max(i - i * i // 3 % 7 - turns, 0), i) for i in range(4, 41))})
    assert all(loop.turns < 5 for loop in find_loops(nodes, far)[1])


@settings(max_examples=60, deadline=None)
@given(acyclic(most=40))
def test_loops_make_no_circle_and_lose_no_node(drawn):
    n_nodes, pairs = drawn
    order = topological(n_nodes, pairs)
    place = {node: at for at, node in enumerate(order)}
    edges = [Edge(f"n{place[a]}", f"n{place[b]}") for a, b in pairs]
    nodes = [Node(f"n{i}", "f", "operation") for i in range(n_nodes)]
    # Repeated behind itself until it is large enough to be folded.
    copies = 70 // n_nodes + 2
    nodes = [Node(f"c{k} {one.key}", one.title, one.kind) for k in range(copies) for one in nodes]
    edges = [Edge(f"c{k} {e.source}", f"c{k} {e.target}") for k in range(copies) for e in edges]
    folded = fold(nodes, edges)
    seen = {node.key: at for at, node in enumerate(folded.nodes)}
    assert len(seen) == len(folded.nodes)
    flows = [(seen[e.source], seen[e.target]) for e in folded.edges]
    assert len(topological(len(seen), flows)) == len(seen)


def test_an_order_that_is_none_of_the_computation_has_no_loops():
    nodes = [Node(f"n{i}", "f") for i in range(9)]
    assert find_loops(nodes, [(i + 1, i) for i in range(8)]) == (list(range(9)), [])
