"""Give every node a layer below the layers of all that it is computed from.

Sources: Sugiyama, Tagawa & Toda (1981), IEEE Transactions on Systems, Man and Cybernetics 11 (the
layered picture); Gansner, Koutsofios, North & Vo (1993), IEEE Transactions on Software
Engineering 19 (edges as short as can be, by network simplex). NOTE[DIFF]: what a tree edge is worth is
summed over its subtree anew at every step, which is short; very large graphs end after a bounded
number of steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rung.errors import UsageError

Pairs = Sequence[tuple[int, int]]
# Steps times edges, at most.
MOST_WORK = 1_200_000


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
    _sink(reversed(order), layer, parents, children)
    for component in _components(n_nodes, pairs):
        _shorten(component, layer)
    # Of layers that are equally good the lower one: an input stands near its use.
    _sink(reversed(order), layer, parents, children)
    top = min(layer, default=0)
    return [each - top for each in layer]


def _sink(
    order: Iterable[int],
    layer: list[int],
    parents: list[list[int]],
    children: list[list[int]],
) -> None:
    """Lower nodes that have at least as many edges below as above them."""
    for node in order:
        if children[node] and len(children[node]) >= len(parents[node]):
            layer[node] = min(layer[child] for child in children[node]) - 1


def _components(n_nodes: int, pairs: Pairs) -> list[list[tuple[int, int]]]:
    """Return the edges of each part of the graph that hangs together."""
    near: list[list[int]] = [[] for _ in range(n_nodes)]
    for number, (source, target) in enumerate(pairs):
        near[source].append(number)
        near[target].append(number)
    part = [-1] * n_nodes
    for start in range(n_nodes):
        pending = [start] if part[start] < 0 else []
        part[start] = start if pending else part[start]
        while pending:
            for number in near[pending.pop()]:
                for node in pairs[number]:
                    if part[node] < 0:
                        part[node] = start
                        pending.append(node)
    parts: dict[int, list[tuple[int, int]]] = {}
    for source, target in pairs:
        parts.setdefault(part[source], []).append((source, target))
    return list(parts.values())


def _shorten(pairs: Pairs, layer: list[int]) -> None:
    """Move the nodes of a connected graph until no move makes the sum of lengths smaller."""
    tree = _tight_tree(pairs, layer)
    balance: dict[int, int] = {}
    for source, target in pairs:
        balance[source] = balance.get(source, 0) + 1
        balance[target] = balance.get(target, 0) - 1
    for _ in range(MOST_WORK // len(pairs)):
        if not _improve(pairs, layer, tree, balance):
            return


def _tight_tree(pairs: Pairs, layer: list[int]) -> set[int]:
    """Return edges of length one that join all nodes, after moving what is joined already."""
    near: dict[int, list[int]] = {}
    for number, pair in enumerate(pairs):
        for node in pair:
            near.setdefault(node, []).append(number)
    joined, tree = {pairs[0][0]}, set[int]()
    pending = [pairs[0][0]]
    while len(joined) < len(near):
        while pending:
            node = pending.pop()
            for number in near[node]:
                source, target = pairs[number]
                other = target if source == node else source
                if other not in joined and layer[target] - layer[source] == 1:
                    joined.add(other)
                    tree.add(number)
                    pending.append(other)
        if len(joined) == len(near):
            break
        leading = [i for i, (a, b) in enumerate(pairs) if (a in joined) != (b in joined)]
        slack, number = min((layer[pairs[i][1]] - layer[pairs[i][0]] - 1, i) for i in leading)
        shift = slack if pairs[number][0] in joined else -slack
        for node in joined:
            layer[node] += shift
        pending = [node for node in pairs[number] if node in joined]
    return tree


def _improve(pairs: Pairs, layer: list[int], tree: set[int], balance: dict[int, int]) -> bool:
    """Exchange the tree edge that is worth least; return False where none is worth too little.

    What a tree edge is worth is how much longer all edges become if it becomes longer by one: edges
    that lead out of the part above it, less those that lead into it.
    """
    order, up = _walk(pairs, tree)
    net = dict(balance)
    worst, place = 0, -1
    for node in reversed(order[1:]):
        source, target = pairs[up[node]]
        net[target if source == node else source] += net[node]
        worth = net[node] if source == node else -net[node]
        if worth < worst:
            worst, place = worth, node
    if place < 0:
        return False
    leaving = up[place]
    part = _below(place, order, up, pairs)
    is_above = pairs[leaving][0] == place
    entering = [
        (layer[b] - layer[a] - 1, i)
        for i, (a, b) in enumerate(pairs)
        if (b in part and a not in part if is_above else a in part and b not in part)
    ]
    slack, number = min(entering)
    for node in part:
        layer[node] += -slack if is_above else slack
    tree.remove(leaving)
    tree.add(number)
    return True


def _walk(pairs: Pairs, tree: set[int]) -> tuple[list[int], dict[int, int]]:
    """Return the nodes from a root on, and the tree edge by which each was reached."""
    near: dict[int, list[int]] = {}
    for number in sorted(tree):
        for node in pairs[number]:
            near.setdefault(node, []).append(number)
    order, up = [pairs[0][0]], {pairs[0][0]: -1}
    for node in order:  # the list grows while it is read
        for number in near[node]:
            source, target = pairs[number]
            other = target if source == node else source
            if other not in up:
                up[other] = number
                order.append(other)
    return order, up


def _below(top: int, order: Sequence[int], up: dict[int, int], pairs: Pairs) -> set[int]:
    """Return a node and all that is reached through it."""
    part = {top}
    for node in order[order.index(top) + 1 :]:
        source, target = pairs[up[node]]
        if (target if source == node else source) in part:
            part.add(node)
    return part
