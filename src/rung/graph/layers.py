"""Give every node a layer below the layers of all that it is computed from.

Sources: Sugiyama, Tagawa & Toda (1981), IEEE Transactions on Systems, Man and Cybernetics 11 (the
layered picture); Gansner, Koutsofios, North & Vo (1993), IEEE Transactions on Software
Engineering 19 (edges as short as can be). NOTE[DIFF]: nodes and groups of nodes that hang together
are moved one after the other instead of by network simplex; tests compare the sum of lengths with
the optimum of a linear program.
"""

from __future__ import annotations

from collections.abc import Sequence

from rung.errors import UsageError

Pairs = Sequence[tuple[int, int]]
MOST_ROUNDS = 60


def neighbours(n_nodes: int, pairs: Pairs) -> tuple[list[list[int]], list[list[int]]]:
    """Return the parents and the children of every node."""
    parents: list[list[int]] = [[] for _ in range(n_nodes)]
    children: list[list[int]] = [[] for _ in range(n_nodes)]
    for source, target in pairs:
        children[source].append(target)
        parents[target].append(source)
    return parents, children


def topological(n_nodes: int, pairs: Pairs) -> list[int]:
    """Return the nodes in an order in which edges point onward.

    Raises
    ------
    UsageError
        If the edges go round in a circle.

    Examples
    --------
    >>> topological(3, [(2, 0), (0, 1)])
    [2, 0, 1]
    """
    parents, children = neighbours(n_nodes, pairs)
    waiting = [len(own) for own in parents]
    order = [node for node in range(n_nodes) if not waiting[node]]
    for node in order:  # the list grows while it is read
        for child in children[node]:
            waiting[child] -= 1
            if not waiting[child]:
                order.append(child)
    if len(order) < n_nodes:
        raise UsageError(
            f"{n_nodes - len(order)} nodes of the graph feed into themselves in a circle; a graph "
            "of a computation has none",
            "leave out the edges that lead back",
        )
    return order


def assign_layers(n_nodes: int, pairs: Pairs) -> list[int]:
    """Return a layer for each node, from 0 at the top, such that every edge points down.

    Parameters
    ----------
    n_nodes : int
        Nodes are numbered from 0.
    pairs : sequence of (int, int)
        Source and target of each edge.

    Returns
    -------
    list of int, one a node
        The sum of the edges' lengths is kept small, so that an input stands near its use.

    Examples
    --------
    >>> assign_layers(4, [(0, 1), (1, 2), (3, 2)])
    [0, 1, 2, 1]
    """
    order = topological(n_nodes, pairs)
    parents, children = neighbours(n_nodes, pairs)
    layer = [0] * n_nodes
    for node in order:
        layer[node] = max((layer[parent] + 1 for parent in parents[node]), default=0)
    for _ in range(MOST_ROUNDS):
        before = list(layer)
        _sink(reversed(order), layer, parents, children)
        _rise(order, layer, parents, children)
        _move_together(order, layer, parents, children)
        if layer == before:
            break
    top = min(layer, default=0)
    return [each - top for each in layer]


def _sink(
    order: Sequence[int] | reversed[int],
    layer: list[int],
    parents: list[list[int]],
    children: list[list[int]],
) -> None:
    """Lower nodes that have at least as many edges below as above them."""
    for node in order:
        if children[node] and len(children[node]) >= len(parents[node]):
            layer[node] = min(layer[child] for child in children[node]) - 1


def _rise(
    order: Sequence[int],
    layer: list[int],
    parents: list[list[int]],
    children: list[list[int]],
) -> None:
    """Raise nodes that have more edges above than below them."""
    for node in order:
        if parents[node] and len(parents[node]) > len(children[node]):
            layer[node] = max(layer[parent] for parent in parents[node]) + 1


def _move_together(
    order: Sequence[int],
    layer: list[int],
    parents: list[list[int]],
    children: list[list[int]],
) -> None:
    """Lower a node with all that stands directly upon it, where that shortens edges.

    A node alone may be held by a parent one layer above it; the two together are free.
    """
    for node in order:
        if not children[node]:
            continue
        group = _held_above(node, layer, parents)
        above = [1 for member in group for parent in parents[member] if parent not in group]
        rooms = [
            layer[child] - layer[member] - 1
            for member in group
            for child in children[member]
            if child not in group
        ]
        if len(rooms) > len(above):
            for member in group:
                layer[member] += min(rooms)


def _held_above(node: int, layer: list[int], parents: list[list[int]]) -> set[int]:
    """Return the node and the ancestors that are tied to it by edges of length one."""
    group, pending = {node}, [node]
    while pending and len(group) <= MOST_ROUNDS:
        member = pending.pop()
        for parent in parents[member]:
            if parent not in group and layer[member] - layer[parent] == 1:
                group.add(parent)
                pending.append(parent)
    return group
