from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from rung.graph.dot import to_dot
from rung.graph.parts import BoxLine, Edge, Node
from tests.graph.shapes import acyclic, graph

QUOTED = r'"(?:[^"\\]|\\.)*"'
TOKEN = re.compile(rf"\s*({QUOTED}|->|[{{}}\[\];=,]|[\w.#]+)")


def read(text):
    """Read nodes with their labels, and edges with theirs, by DOT's grammar."""
    tokens, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        assert match, text[at : at + 40]
        tokens.append(match.group(1))
        at = match.end()
    assert tokens[:3] == ["digraph", "rung", "{"]
    assert tokens[-1] == "}"
    nodes, edges = {}, []
    for statement in " ".join(tokens[3:-1]).split(" ;")[:-1]:
        ends = re.match(rf"\s*({QUOTED}) -> ({QUOTED})(.*)", statement)
        own = re.match(rf"\s*({QUOTED}) \[ label = ({QUOTED})", statement)
        if ends:
            edges.append((plain(ends.group(1)), plain(ends.group(2))))
        elif own:
            nodes[plain(own.group(1))] = plain(own.group(2))
    return nodes, edges


def plain(quoted):
    return re.sub(r"\\(.)", r"\1", quoted[1:-1].replace("\\n", "\n"))


@settings(max_examples=25)
@given(acyclic())
def test_dot_reads_back_as_the_same_graph(drawn):
    n_nodes, pairs = drawn
    nodes, edges = graph(pairs, n_nodes)
    found, flows = read(to_dot(nodes, edges))
    assert list(found) == [node.key for node in nodes]
    assert sorted(flows) == sorted({(edge.source, edge.target) for edge in edges})


@settings(max_examples=25)
@given(st.text(st.characters(exclude_characters="\n\r\t;", exclude_categories=["C", "Z"])))
def test_any_title_reads_back(title):
    text = to_dot([Node("a", title, lines=(BoxLine("value", "3"),))], [])
    if "\\" not in title:
        assert read(text)[0] == {"a": f"{title}\nvalue 3"}


def test_labels_of_edges_and_members_are_written():
    nodes = [Node("a", "a", members=3), Node("b", "b")]
    text = to_dot(nodes, [Edge("a", "b", "yes", "strong")], "right")
    assert 'label="a ×3"' in text
    assert '"a" -> "b" [label="yes", penwidth=2.6];' in text
    assert "rankdir=LR" in text
