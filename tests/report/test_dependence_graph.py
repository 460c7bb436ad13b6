"""A tree is drawn with a box a column; edges that all folds have are strong."""

from rung.report.dependence_graph import tree_graph

EDGES = [
    {"parent": "class", "child": "z", "information": 1.597, "rows": 90, "folds": 5},
    {"parent": "z", "child": "<b>", "information": 0.03, "rows": 80, "folds": 2},
]


def test_boxes_and_edges_are_those_of_the_tree():
    graph = tree_graph({"columns": ["z", "class", "<b>", "alone"], "n_folds": 5, "edges": EDGES})
    assert [(one.source, one.target, one.label, one.weight) for one in graph.edges] == [
        ("class", "z", "1.60", "strong"),
        ("z", "<b>", "0.03", "faint"),
    ]
    table = {row["node"]: row for row in graph.table()}
    assert table["<b>"]["folds"] == "2 of 5"
    assert table["alone"]["depends on"] == ""
    assert "<b>" not in graph.to_svg()
