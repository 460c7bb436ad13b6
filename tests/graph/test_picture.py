from __future__ import annotations

import json

import pytest

from rung.errors import UsageError
from rung.graph.parts import Edge, Node
from rung.graph.picture import Graph, to_json

GRAPH = Graph(
    (Node("a", "a", facts={"value": float("inf")}), Node("b", "b", group=("g",))),
    (Edge("a", "b", "yes"),),
    "two boxes",
    more=({"node": "c", "value": 1.0},),
)


@pytest.mark.parametrize(
    ("suffix", "beginning"),
    [(".svg", "<?xml"), (".html", "<!doctype html>"), (".dot", "digraph"), (".json", "{")],
)
def test_the_name_decides_what_is_written(suffix, beginning, tmp_path):
    target = GRAPH.write(tmp_path / f"g{suffix}")
    assert target.read_text("utf-8").startswith(beginning)


def test_an_existing_file_is_kept_unless_it_is_forced(tmp_path):
    target = tmp_path / "g.svg"
    target.write_text("mine")
    with pytest.raises(UsageError, match=r"g\.svg' exists"):
        GRAPH.write(target)
    assert target.read_text() == "mine"
    assert GRAPH.write(target, force=True).read_text("utf-8").startswith("<?xml")


def test_an_unknown_ending_is_refused(tmp_path):
    with pytest.raises(
        UsageError, match=r"ends in '\.png'; \.svg, \.html, \.dot, \.json are known"
    ):
        GRAPH.write(tmp_path / "g.png")


def test_json_holds_every_node_and_edge_and_no_bare_infinity():
    found = json.loads(to_json(GRAPH))
    assert [node["key"] for node in found["nodes"]] == ["a", "b"]
    assert found["nodes"][0]["facts"] == {"value": "inf"}
    assert found["nodes"][1]["group"] == ["g"]
    assert found["edges"] == [{"source": "a", "target": "b", "label": "yes"}]


def test_the_table_ends_with_what_has_no_box():
    assert [row["node"] for row in GRAPH.table()] == ["a", "b", "c"]


def test_every_form_is_the_same_each_time():
    again = Graph(GRAPH.nodes, GRAPH.edges, GRAPH.title, more=GRAPH.more)
    assert (again.to_svg(), again.to_html(), again.to_dot()) == (
        GRAPH.to_svg(),
        GRAPH.to_html(),
        GRAPH.to_dot(),
    )
    assert again.layout() == GRAPH.layout()
