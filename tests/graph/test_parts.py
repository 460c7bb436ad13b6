from __future__ import annotations

import pytest

from rung.errors import UsageError
from rung.graph.parts import Edge, Node, ends


def test_two_nodes_of_one_key_are_refused():
    with pytest.raises(UsageError, match="1 nodes of the graph share a key"):
        ends([Node("a", "a"), Node("a", "b")], [])


def test_an_edge_to_nowhere_is_refused_by_its_name():
    with pytest.raises(UsageError, match="ends at 'b'"):
        ends([Node("a", "a")], [Edge("a", "b")])


def test_edges_come_in_the_order_of_their_nodes():
    nodes = [Node(key, key) for key in "abc"]
    edges = [Edge("b", "c"), Edge("a", "c"), Edge("a", "b"), Edge("b", "c")]
    assert ends(nodes, edges) == [(0, 1), (0, 2), (1, 2)]
