"""Put the nodes of each layer in an order in which few edges cross.

Sources: Sugiyama, Tagawa & Toda (1981) (means of neighbours); Eades & Wormald (1994), Algorithmica
11 (medians); Gansner et al. (1993) (swapping adjacent nodes); Barth, Mutzel & Jünger (2004),
Journal of Graph Algorithms and Applications 8 (counting crossings). NOTE[DIFF]: all edges that leave
one node share a trunk through the layers that they pass, so a value used often draws one line.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from rung.graph.layers import Pairs

# So many vertices are moved in all, in 2 sweeps at least; above LARGE none are swapped.
MOST_SWEEPS, LEAST_SWEEPS, MOST_MOVES = 24, 2, 300_000
MOST_SWAPS, LARGE = 20_000, 3_000
# Sweeps without gain after which the search ends.
PATIENCE = 5
# Where edges cross, small graphs are begun anew so often.
RESTARTS, MOST_TRIED = 40, 1_500


@dataclass(frozen=True)
class Layered:
    """Nodes and bends in their layers, where every edge joins two layers that meet.

    Attributes
    ----------
    n_nodes : int
        Vertices from this number on are bends of trunks, not nodes.
    layers : list of list of int
        Vertices of each layer, from left to right.
    up, down : list of list of int
        Neighbours of each vertex in the layers above and below.
    source : list of int
        Of each vertex: the node whose trunk it bends, or itself.
    """

    n_nodes: int
    layers: list[list[int]]
    up: list[list[int]]
    down: list[list[int]]
    source: list[int]

    def crossings(self) -> int:
        """Count pairs of edges that cross."""
        return count_crossings(self.layers, self.down)


def stretch(layer: Sequence[int], pairs: Pairs) -> Layered:
    """Add a bend in every layer that an edge passes; edges from one node share their bends.

    Examples
    --------
    >>> stretch([0, 1, 2], [(0, 1), (0, 2), (1, 2)]).layers
    [[0], [1, 3], [2]]
    """
    n_nodes, n_layers = len(layer), max(layer, default=-1) + 1
    layers: list[list[int]] = [[] for _ in range(n_layers)]
    for node in range(n_nodes):
        layers[layer[node]].append(node)
    source = list(range(n_nodes))
    links: list[tuple[int, int]] = []
    trunk: dict[tuple[int, int], int] = {}
    for start, end in pairs:
        last = start
        for level in range(layer[start] + 1, layer[end]):
            if (start, level) not in trunk:
                bend = trunk[start, level] = len(source)
                source.append(start)
                layers[level].append(bend)
                links.append((last, bend))
            last = trunk[start, level]
        links.append((last, end))
    up: list[list[int]] = [[] for _ in source]
    down: list[list[int]] = [[] for _ in source]
    for above, below in links:
        down[above].append(below)
        up[below].append(above)
    return Layered(n_nodes, layers, up, down, source)


def arrange(graph: Layered) -> Layered:
    """Return the graph with its layers in an order of few crossings.

    Two beginnings are tried, from the results up and from the inputs down, and in small graphs
    some shuffled ones; the best end is kept.
    """
    best = _fewest(graph)
    mirrored = [layer[::-1] for layer in best.layers]
    is_turned = _turned(best.layers, best.source) > _turned(mirrored, best.source)
    return replace(best, layers=mirrored) if is_turned else best


def _turned(layers: Sequence[Sequence[int]], source: Sequence[int]) -> int:
    """Count pairs of a layer that do not stand in the order of their nodes."""
    return sum(_inversions([source[vertex] for vertex in layer], len(source)) for layer in layers)


def _fewest(graph: Layered) -> Layered:
    begun = [replace(graph, layers=begin) for begin in _beginnings(graph)]
    if len(graph.source) > LARGE:
        return _improve(min(begun, key=Layered.crossings))
    best = min(
        map(_improve, begun), key=lambda one: (one.crossings(), _turned(one.layers, one.source))
    )
    dice = Random(0)  # noqa: S311 -- other beginnings, the same each time; nothing secret
    for _ in range(min(RESTARTS, MOST_TRIED // (len(graph.source) + 1))):
        if best.crossings() == 0:
            break
        other = replace(graph, layers=[dice.sample(one, len(one)) for one in graph.layers])
        best = min(best, _improve(other), key=Layered.crossings)
    return best


def count_crossings(layers: Sequence[Sequence[int]], down: Sequence[Sequence[int]]) -> int:
    """Count pairs of edges that cross between layers that meet.

    Examples
    --------
    >>> count_crossings([[0, 1], [2, 3]], [[3], [2], [], []])
    1
    """
    total = 0
    for upper, lower in pairwise(layers):
        place = {vertex: i for i, vertex in enumerate(lower)}
        ends = [end for vertex in upper for end in sorted(place[below] for below in down[vertex])]
        total += _inversions(ends, len(lower))
    return total


def _inversions(ends: Sequence[int], size: int) -> int:
    """Count pairs in the wrong order, with a tree of partial sums."""
    tree = [0] * (size + 1)
    total = 0
    for seen, end in enumerate(ends):
        position, not_after = end + 1, 0
        while position:
            not_after += tree[position]
            position &= position - 1
        total += seen - not_after
        position = end + 1
        while position <= size:
            tree[position] += 1
            position += position & -position
    return total


def _beginnings(graph: Layered) -> list[list[list[int]]]:
    """Return first orders: as a walk along the edges meets the vertices, from either side."""
    found = []
    for layers, onward in ((graph.layers[::-1], graph.up), (graph.layers, graph.down)):
        place: dict[int, int] = {}
        for layer in layers:
            for vertex in layer:
                _walk(vertex, onward, place)
        found.append([sorted(layer, key=place.__getitem__) for layer in graph.layers])
    return found


def _walk(vertex: int, onward: Sequence[Sequence[int]], place: dict[int, int]) -> None:
    pending = [vertex]
    while pending:
        current = pending.pop()
        if current in place:
            continue
        place[current] = len(place)
        pending.extend(reversed(onward[current]))


def _improve(graph: Layered) -> Layered:
    """Sweep down and up, by means and by medians, and keep the best order seen."""
    layers = [list(layer) for layer in graph.layers]
    if len(graph.source) <= LARGE:
        _swap(graph, layers, ties=False)
    best, fewest = [list(layer) for layer in layers], count_crossings(layers, graph.down)
    since = 0
    sweeps = min(MOST_SWEEPS, MOST_MOVES // max(len(graph.source), 1))
    for sweep in range(max(sweeps, LEAST_SWEEPS)):
        if fewest == 0 or since > PATIENCE:
            break
        _sweep(graph, layers, downward=sweep % 2 == 0, by_median=sweep % 4 > 1)
        if len(graph.source) <= LARGE:
            _swap(graph, layers, ties=sweep % 2 == 1)
        crossings = count_crossings(layers, graph.down)
        since += 1
        if crossings < fewest:
            best, fewest, since = [list(layer) for layer in layers], crossings, 0
    return replace(graph, layers=best)


def _sweep(graph: Layered, layers: list[list[int]], *, downward: bool, by_median: bool) -> None:
    """Sort each layer by where its neighbours in the layer before it stand."""
    order = range(1, len(layers)) if downward else range(len(layers) - 2, -1, -1)
    for level in order:
        fixed = layers[level - 1 if downward else level + 1]
        place = {vertex: i for i, vertex in enumerate(fixed)}
        sides = graph.up if downward else graph.down
        wanted = {}
        for vertex in layers[level]:
            spots = sorted(place[other] for other in sides[vertex])
            if spots:
                wanted[vertex] = _median(spots) if by_median else sum(spots) / len(spots)
        moving = iter(sorted((v for v in layers[level] if v in wanted), key=wanted.__getitem__))
        layers[level] = [next(moving) if v in wanted else v for v in layers[level]]


def _median(spots: Sequence[int]) -> float:
    middle = len(spots) // 2
    return spots[middle] if len(spots) % 2 else (spots[middle - 1] + spots[middle]) / 2


def _swap(graph: Layered, layers: list[list[int]], *, ties: bool) -> None:
    """Swap vertices that stand side by side wherever fewer edges cross then.

    With `ties` vertices are swapped first where as many edges cross, to leave a dead end.
    """
    rounds = max(min(10, MOST_SWAPS // max(len(graph.source), 1)), 2)
    place = {vertex: i for layer in layers for i, vertex in enumerate(layer)}
    spots = [
        (sorted(place[v] for v in graph.up[i]), sorted(place[v] for v in graph.down[i]))
        for i in range(len(graph.source))
    ]
    dirty = set(range(len(layers)))
    for number in range(rounds):
        least = 0 if ties and number == 0 else 1
        changed = {level for level in sorted(dirty) if _swap_layer(layers[level], spots, least)}
        for level in sorted(changed):
            _renumber(graph, layers[level], place, spots)
        dirty = {near for level in changed for near in (level - 1, level, level + 1)}
        dirty &= set(range(len(layers)))
        if not dirty:
            return


def _swap_layer(layer: list[int], spots: list[tuple[list[int], list[int]]], least: int) -> bool:
    changed = False
    for i in range(len(layer) - 1):
        left, right = spots[layer[i]], spots[layer[i + 1]]
        as_is = _crossed(left[0], right[0]) + _crossed(left[1], right[1])
        if not as_is:
            continue
        if as_is >= _crossed(right[0], left[0]) + _crossed(right[1], left[1]) + least:
            layer[i], layer[i + 1] = layer[i + 1], layer[i]
            changed = True
    return changed


def _renumber(
    graph: Layered,
    layer: list[int],
    place: dict[int, int],
    spots: list[tuple[list[int], list[int]]],
) -> None:
    """Tell the neighbours of a layer where its vertices stand now."""
    place.update({vertex: i for i, vertex in enumerate(layer)})
    for vertex in sorted({v for own in layer for v in graph.up[own]}):
        spots[vertex][1][:] = sorted(place[v] for v in graph.down[vertex])
    for vertex in sorted({v for own in layer for v in graph.down[own]}):
        spots[vertex][0][:] = sorted(place[v] for v in graph.up[vertex])


def _crossed(left: Sequence[int], right: Sequence[int]) -> int:
    """Count edges that cross between two vertices side by side, given where their ends stand."""
    if not left or not right or left[-1] <= right[0]:
        return 0
    return sum(bisect_left(right, end) for end in left)
