from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.graph.alike import fold_alike
from rung.graph.layers import topological
from rung.graph.parts import BoxLine, Edge, Node
from tests.graph.shapes import acyclic

signs = st.lists(st.sampled_from(["*", "+", "relu"]), min_size=14, max_size=14)


def made(n_nodes, pairs, likeness):
    nodes = [Node(f"n{i}", likeness[i], likeness=likeness[i]) for i in range(n_nodes)]
    return nodes, [Edge(f"n{a}", f"n{b}") for a, b in pairs]


@settings(max_examples=60)
@given(acyclic(), signs)
def test_folding_makes_no_circle_and_loses_no_node(drawn, likeness):
    n_nodes, pairs = drawn
    nodes, edges = made(n_nodes, pairs, likeness)
    folded, flows, members = fold_alike(nodes, edges)
    place = {node.key: i for i, node in enumerate(folded)}
    topological(len(folded), [(place[e.source], place[e.target]) for e in flows])
    assert sum(node.members for node in folded) <= n_nodes
    assert all(len(behind) == folded[place[key]].members for key, behind in members.items())


@settings(max_examples=60)
@given(acyclic())
def test_members_have_as_many_parents_of_each_class(drawn):
    n_nodes, pairs = drawn
    nodes, edges = made(n_nodes, pairs, ["*"] * n_nodes)
    folded, _, members = fold_alike(nodes, edges)
    head = {node.key: node.key for node in folded}
    head |= {node.key: key for key, behind in members.items() for node in behind}
    for behind in members.values():
        above = [sorted(head[e.source] for e in edges if e.target == n.key) for n in behind]
        below = [sorted(head[e.target] for e in edges if e.source == n.key) for n in behind]
        assert all(one == above[0] for one in above)
        assert all(one == below[0] for one in below)


def test_folding_twice_changes_nothing():
    nodes = [Node(key, key, "parameter") for key in "abcd"]
    edges = [Edge(key, "s") for key in "abcd"]
    once, flows, _ = fold_alike([*nodes, Node("s", "s", "output")], edges)
    twice, _, members = fold_alike(once, flows)
    assert [node.key for node in twice] == [node.key for node in once]
    assert members == {}


def test_nodes_of_other_likeness_stay_apart():
    nodes = [Node("a", "a", likeness="x"), Node("b", "b", likeness="y"), Node("s", "s")]
    assert len(fold_alike(nodes, [Edge("a", "s"), Edge("b", "s")])[0]) == 3


def test_a_sum_of_sums_becomes_one_sum():
    nodes = [Node(key, key, "input", likeness=key) for key in "abc"]
    sums = [Node("s", "+", likeness="+"), Node("t", "+", likeness="+"), Node("z", "z", "output")]
    edges = [("a", "s"), ("b", "s"), ("s", "t"), ("c", "t"), ("t", "z")]
    folded, flows, _ = fold_alike([*nodes, *sums], [Edge(*pair) for pair in edges])
    assert [node.title for node in folded] == ["a", "b", "c", "sum of 3", "z"]
    assert len(flows) == 4


@pytest.mark.parametrize(("values", "text"), [((1.0, 3.0), "1 … 3"), ((2.0, 2.0), "2")])
def test_a_folded_line_gives_the_range_of_its_members(values, text):
    nodes = [
        Node(key, key, "parameter", (BoxLine("value", f"{x}"),), {"value": x})
        for key, x in zip("ab", values, strict=True)
    ]
    folded, _, _ = fold_alike([*nodes, Node("s", "s")], [Edge("a", "s"), Edge("b", "s")])
    assert folded[0].lines[0].text == text
