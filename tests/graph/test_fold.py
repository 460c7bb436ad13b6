from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rung.graph.fold import MOST_SHOWN, fold
from rung.graph.layers import topological
from rung.graph.parts import Edge, Node
from tests.graph.shapes import acyclic

groups = st.lists(
    st.lists(st.sampled_from(["a", "b", "c"]), max_size=3).map(tuple), min_size=14, max_size=14
)


def chain(parts, **same):
    """Make a chain of nodes from (title, group) pairs."""
    nodes = [Node(f"n{i}", title, group=group, **same) for i, (title, group) in enumerate(parts)]
    return nodes, [Edge(f"n{i}", f"n{i + 1}") for i in range(len(nodes) - 1)]


def hidden(folded):
    """Return the keys of all nodes that a folded graph shows or holds."""
    keys = {node.key for node in folded.nodes if node.key not in folded.blocks}
    for block in folded.blocks.values():
        keys |= {node.key for unit in block.units for node in unit}
    return keys


@settings(max_examples=80)
@given(acyclic(), groups)
def test_folding_by_groups_makes_no_circle_and_loses_no_node(drawn, named):
    n_nodes, pairs = drawn
    nodes = [Node(f"n{i}", "f", group=named[i]) for i in range(n_nodes)]
    folded = fold(nodes, [Edge(f"n{a}", f"n{b}") for a, b in pairs])
    assert hidden(folded) == {node.key for node in nodes}
    place = {node.key: i for i, node in enumerate(folded.nodes)}
    flows = [(place[e.source], place[e.target]) for e in folded.edges]
    assert len(topological(len(place), flows)) == len(place)


def block(number, kind=("norm", "linear", "gelu", "add")):
    return [(title, (f"blocks.{number}",)) for title in kind]


def test_blocks_that_repeat_become_one_box_that_opens():
    parts = [("embed", ()), *(one for i in range(4) for one in block(i)), ("head", ())]
    folded = fold(*chain(parts))
    assert [(node.title, node.members) for node in folded.nodes] == [
        ("embed", 1),
        ("blocks.0 … blocks.3", 4),
        ("head", 1),
    ]
    found = next(iter(folded.blocks.values()))
    assert [len(unit) for unit in found.units] == [4] * 4
    titles = [node.title for node in found.inside.nodes]
    assert titles == ["from embed", "to norm", "norm", "linear", "gelu", "add"]


def test_blocks_that_differ_stay_apart():
    parts = [*block(0), *block(1, ("norm", "linear", "relu", "add")), *block(2)]
    assert all(node.members == 1 for node in fold(*chain(parts)).nodes)


def test_layers_in_a_row_fold_without_blocks_of_their_own():
    layers = [("linear", (str(2 * i),)) for i in range(1)]
    for i in range(20):
        layers += [("linear", (str(2 * i + 1),)), ("tanh", (str(2 * i + 2),))]
    folded = fold(*chain(layers))
    assert ("linear, tanh", 20) in [(node.title, node.members) for node in folded.nodes]


def test_a_group_within_a_group_opens_within_its_block():
    inner = [("q", ("attention",))] * 3 + [("k", ("attention",))] * 27
    parts = [
        (f"{title}{j}", (f"blocks.{i}", *group))
        for i in range(3)
        for j, (title, group) in enumerate([*inner, ("add", ())])
    ]
    folded = fold(*chain(parts))
    outer = next(iter(folded.blocks.values()))
    assert len(outer.units) == 3
    assert [one.title for one in outer.inside.blocks.values()] == ["attention"]


def test_few_boxes_are_seen_however_many_nodes_there_are():
    parts = [(f"f{i % 7}", (f"part.{i // 50}", f"step.{i // 10}")) for i in range(3_000)]
    assert len(fold(*chain(parts)).nodes) <= 3 * MOST_SHOWN


def test_sums_of_parameters_and_flops_stand_on_the_box():
    parts = [(title, (f"b.{i // 4}",)) for i, title in enumerate(["a", "b", "c", "d"] * 3)]
    nodes, edges = chain(parts, facts={"parameters": 10, "flops": 1_000})
    box = fold(nodes, edges).nodes[0]
    assert (box.facts["parameters"], box.facts["flops"]) == (120, 12_000)
    assert [line.text for line in box.lines] == ["4 each", "120", "12k"]


def test_small_graphs_without_groups_stay_as_they_are():
    nodes, edges = chain([("f", ())] * 5)
    assert fold(nodes, edges).nodes == tuple(nodes)


def test_a_group_left_and_entered_again_is_opened():
    parts = [("x", ("a",)), ("x", ("a",)), ("x", ("a",)), ("y", ()), ("x", ("a",))]
    folded = fold(*chain(parts))
    assert [node.title for node in folded.nodes] == ["x", "x", "x", "y", "x"]
