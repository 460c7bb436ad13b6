"""Trees on the page: drawn as XML, every node with a rule, wide ones lying down."""

from __future__ import annotations

from xml.dom import minidom

import pytest

from rung.report.sections.tree import tree_pictures
from tests.report.sections.explained import result_of


@pytest.mark.parametrize("task", ["regression", "binary"])
def test_every_listed_node_is_a_line_and_the_drawing_is_xml(task: str) -> None:
    result = result_of(task)
    for found, picture in zip(
        result.sections.get("tree", []), tree_pictures(result) or [], strict=True
    ):
        assert len(picture["rules"]) == len(found["nodes"])
        assert picture["rules"][0].startswith("all rows: ")
        drawn = minidom.parseString(picture["svg"])
        assert len(drawn.getElementsByTagName("rect")) <= 15
        assert picture["is_typical"]


def test_rules_are_indented_by_their_depth() -> None:
    nodes = [
        {
            "node": i,
            "parent": i - 1,
            "rule": f"x ≤ {i}",
            "n": 5,
            "mean": 1.0,
            "counts": [5],
            "hidden": 0,
        }
        for i in range(4)
    ]
    tree = {"title": "T", "n_trees": 1, "n_leaves": 1, "n_rows": 5, "classes": [], "nodes": nodes}
    from dataclasses import replace

    result = replace(result_of("regression"), sections={"tree": [tree]})
    (picture,) = tree_pictures(result)
    assert [line.count("│") for line in picture["rules"]] == [0, 1, 2, 3]
