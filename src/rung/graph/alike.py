"""Fold nodes that play the same part into one box: the many units of a layer become `×16`.

Two nodes are alike if they are of one kind and have alike parents and alike children, each as often.
Sums of sums are first joined to one sum, so that a weighted sum of 16 terms is one product (×16) and
one sum.

Source: Paige & Tarjan (1987), SIAM Journal on Computing 16 (the coarsest stable partition). NOTE[DIFF]:
found by passes down and up the graph, which has no circles, until nothing splits any more.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence

from rung.graph.layers import Pairs, neighbours, topological
from rung.graph.numbers import number
from rung.graph.parts import BoxLine, Edge, Kind, Node

# What is joined, and what others are joined to: a sum with a name of its own ends a series.
SUMS, NAMED_SUMS = ("+",), ("+=",)


def fold_alike(
    nodes: Sequence[Node], edges: Sequence[Edge]
) -> tuple[tuple[Node, ...], tuple[Edge, ...], Mapping[str, tuple[Node, ...]]]:
    """Return one node for each class of nodes that are alike.

    Returns
    -------
    nodes, edges : tuple of Node, tuple of Edge
        Of the folded graph; it has no circles if the graph has none.
    members : mapping of str to tuple of Node
        Who stands behind each node of several members, by its key.

    Examples
    --------
    >>> leaves = [Node(key, key, "parameter") for key in "abcd"]
    >>> edges = [Edge(key, "s") for key in "abcd"]
    >>> folded, _, members = fold_alike([*leaves, Node("s", "s", "output")], edges)
    >>> [(node.key, node.members) for node in folded]
    [('a', 4), ('s', 1)]
    """
    pairs = _pairs(nodes, edges)
    stands = _join_sums(nodes, pairs)
    joined = sorted({(stands[a], stands[b]) for a, b in pairs if stands[a] != stands[b]})
    kept = [i for i in range(len(nodes)) if stands[i] == i]
    order = [i for i in topological(len(nodes), joined) if stands[i] == i]
    colour = _refine(nodes, order, *neighbours(len(nodes), joined))
    classes: dict[int, list[int]] = {}
    for i in kept:
        classes.setdefault(colour[i], []).append(i)
    heads = {colour[i]: members[0] for members in classes.values() for i in members[:1]}
    inner: dict[int, int] = {}
    for i in range(len(nodes)):
        inner[stands[i]] = inner.get(stands[i], 0) + 1
    found = tuple(
        stand_in([nodes[i] for i in members], terms=inner[members[0]])
        for members in classes.values()
    )
    flows = {(heads[colour[a]], heads[colour[b]]) for a, b in joined}
    folded = tuple(Edge(nodes[a].key, nodes[b].key) for a, b in sorted(flows))
    behind = {
        nodes[members[0]].key: tuple(nodes[i] for i in members)
        for members in classes.values()
        if len(members) > 1
    }
    return found, folded, behind


def _pairs(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[tuple[int, int]]:
    place = {node.key: i for i, node in enumerate(nodes)}
    return sorted({(place[edge.source], place[edge.target]) for edge in edges})


def _join_sums(nodes: Sequence[Node], pairs: Pairs) -> list[int]:
    """Return for each node the node that it is part of: a sum used in one other sum alone."""
    _, children = neighbours(len(nodes), pairs)
    stands = list(range(len(nodes)))
    for i in reversed(topological(len(nodes), pairs)):
        only = children[i][0] if len(children[i]) == 1 else i
        if only != i and nodes[i].likeness in SUMS and nodes[only].likeness in (*SUMS, *NAMED_SUMS):
            stands[i] = stands[only]
    return stands


def _refine(
    nodes: Sequence[Node],
    order: Sequence[int],
    parents: Sequence[Sequence[int]],
    children: Sequence[Sequence[int]],
) -> list[int]:
    """Return a class for each node, split until members have alike parents and children."""
    colour = _numbered([(node.kind, node.likeness) for node in nodes])
    n_classes = 0
    while len(set(colour)) > n_classes:
        n_classes = len(set(colour))
        for sequence, sides in ((order, parents), (order[::-1], children)):
            seen: dict[Hashable, int] = {}
            fresh = list(colour)
            for i in sequence:
                near = tuple(sorted(fresh[j] for j in sides[i]))
                fresh[i] = -1 - seen.setdefault((colour[i], near), len(seen))
            colour = _numbered([(own, part) for own, part in zip(colour, fresh, strict=True)])
    return colour


def _numbered(keys: Sequence[Hashable]) -> list[int]:
    seen: dict[Hashable, int] = {}
    return [seen.setdefault(key, len(seen)) for key in keys]


def stand_in(members: Sequence[Node], terms: int = 1) -> Node:
    """Return the node that is drawn for a class; its lines give the range of each number.

    Parameters
    ----------
    members : sequence of Node
        Who it stands for.
    terms : int
        How many nodes were joined to each of them, itself included.

    Examples
    --------
    >>> stand_in([Node("a", "1", "constant", facts={"value": 1.0})] * 2).members
    2
    """
    first = members[0]
    title = f"sum of {terms + 1}" if terms > 1 else _shared_title(members)
    if len(members) == 1:
        return first if terms == 1 else _renamed(first, title, first.kind)
    lines = tuple(
        BoxLine(line.name, _range(members, i, line), line.tone)
        for i, line in enumerate(first.lines)
    )
    facts = {"members": len(members)} | {
        f"{name} {word}": value for name in first.facts for word, value in _ends(members, name)
    }
    return Node(first.key, title, first.kind, lines, facts, (), first.likeness, len(members))


def _renamed(node: Node, title: str, kind: Kind) -> Node:
    shown = node.title if kind == "output" else title
    return Node(node.key, shown, kind, node.lines, node.facts, node.group, node.likeness, 1)


def _shared_title(members: Sequence[Node]) -> str:
    """Name what the members share: the operation, the range of constants, `xₙ` for x1, x2, ..."""
    first = members[0]
    if len(members) == 1 or (len({node.title for node in members}) == 1 and not _is_made(first)):
        return first.title
    if first.kind == "constant":
        ends = dict(_ends(members, "value"))
        return f"{number(ends['least'], 3)} … {number(ends['greatest'], 3)}" if ends else "constant"
    if first.kind == "input":
        return first.likeness.replace("#", "ₙ") or first.kind
    return str(first.facts.get("operation") or first.likeness or first.kind)


def _is_made(node: Node) -> bool:
    return node.kind in ("operation", "output", "block")


def _ends(members: Sequence[Node], name: str) -> list[tuple[str, float]]:
    values = [node.facts.get(name) for node in members]
    numbers = [float(v) for v in values if isinstance(v, int | float) and math.isfinite(v)]
    return [("least", min(numbers)), ("greatest", max(numbers))] if numbers else []


def _range(members: Sequence[Node], line: int, shown: BoxLine) -> str:
    """Write the least and the greatest of what the members show in one line."""
    ends = dict(_ends(members, shown.name))
    if not ends:
        texts = {node.lines[line].text for node in members if line < len(node.lines)}
        return shown.text if len(texts) == 1 else "differs"
    low, high = number(ends["least"], 3), number(ends["greatest"], 3)
    return low if low == high else f"{low} … {high}"
