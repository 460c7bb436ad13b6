"""Make graphs of many shapes, for the laws of layout and folding."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from rung.graph.parts import BoxLine, Edge, Node


def graph(pairs, n_nodes, **looks):
    """Turn numbered edges into nodes and edges; `looks` gives kinds by number."""
    kinds = looks.get("kinds", {})
    nodes = [
        Node(
            f"n{i}",
            f"node {i}",
            kinds.get(i, "operation"),
            tuple(BoxLine("value", "1.5") for _ in range(i % 4)),
        )
        for i in range(n_nodes)
    ]
    return nodes, [Edge(f"n{a}", f"n{b}") for a, b in pairs]


def random_pairs(n_nodes: int, n_pairs: int, seed: int) -> list[tuple[int, int]]:
    """Draw edges from lower to higher numbers, most of them short."""
    dice = random.Random(seed)
    pairs = set()
    while len(pairs) < n_pairs:
        b = dice.randrange(1, n_nodes)
        a = dice.randrange(max(0, b - 12), b) if dice.random() < 0.9 else dice.randrange(b)
        pairs.add((a, b))
    return sorted(pairs)


@st.composite
def acyclic(draw, most=14):
    """Draw a number of nodes and distinct edges without circles, in no order."""
    n_nodes = draw(st.integers(1, most))
    ends = st.tuples(st.integers(0, n_nodes - 1), st.integers(0, n_nodes - 1))
    drawn = draw(st.lists(ends, max_size=3 * most))
    names = draw(st.permutations(range(n_nodes)))
    pairs = {(min(a, b), max(a, b)) for a, b in drawn if a != b}
    return n_nodes, [(names[a], names[b]) for a, b in sorted(pairs)]
