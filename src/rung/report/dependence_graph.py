"""Draw the tree of columns as a graph."""

from __future__ import annotations

from rung.graph.parts import BoxLine, Edge, Node
from rung.graph.picture import Graph
from rung.typing import JSON


def tree_graph(facts: JSON) -> Graph:
    """Draw the tree: a box a column, on every edge nats and folds; strong where all folds agree.

    Examples
    --------
    >>> edge = {"parent": "a", "child": "b", "information": 0.5, "rows": 9, "folds": 4}
    >>> graph = tree_graph({"columns": ["a", "b", "c"], "n_folds": 4, "edges": [edge]})
    >>> [one.label for one in graph.edges], len(graph.nodes)
    (['0.50'], 3)
    """
    n_folds = facts["n_folds"]
    above = {one["child"]: one for one in facts["edges"]}
    nodes = tuple(_node(name, above.get(name), n_folds) for name in facts["columns"])
    edges = tuple(
        Edge(
            one["parent"],
            one["child"],
            f"{one['information']:.2f}",
            "strong" if one["folds"] == n_folds else "faint",
        )
        for one in facts["edges"]
    )
    note = (
        "Each column depends on the one above it alone. Numbers are the mutual information in nats a row; an "
        "edge may point either way, as a tree says nothing of causes."
    )
    return Graph(nodes, edges, "tree of columns", notes=(note,))


def _node(name: str, edge: JSON | None, n_folds: int) -> Node:
    if edge is None:
        return Node(name, name, "input", facts={"depends on": ""})
    text = f"{edge['folds']} of {n_folds}"
    return Node(
        name,
        name,
        "operation",
        lines=(BoxLine("folds", text),) if n_folds else (),
        facts={
            "depends on": edge["parent"],
            "nats": edge["information"],
            "rows": edge["rows"],
            "folds": text,
        },
        likeness=name,
    )
