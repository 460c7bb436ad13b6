"""Place the vertices of each layer beside each other, near to what they are joined to.

The sum over edges of the squared distance across is made small, layer after layer; within a layer
the best places that keep order and gaps are an isotonic regression. A trunk that can stand straight
is made straight.

Sources: Gansner et al. (1993) (weights of edges by their ends); Barlow, Bartholomew, Bremner & Brunk
(1972), Statistical Inference under Order Restrictions (pooling adjacent violators).
"""

from __future__ import annotations

from collections.abc import Sequence

from rung.graph.order import Layered

# How much an edge pulls: between two nodes, a node and a bend, two bends; and from an input that
# has one use alone, which shall stand beside the line of the computation and not bend it.
PULLS, LEAF_PULL = (1.0, 2.0, 8.0), 0.1
# How much more a vertex of a straight line weighs than one beside it.
STIFF = 1e6
# A large graph is gone through less often: so many vertices are moved in all.
WARM_ROUNDS, MOST_ROUNDS, LEAST_ROUNDS, MOST_MOVES = 4, 150, 2, 200_000


def place(graph: Layered, breadth: Sequence[float], gap: float) -> list[float]:
    """Return the middle of each vertex across the layers.

    Parameters
    ----------
    graph : Layered
        With its layers in order.
    breadth : sequence of float, one a vertex
        Room that a vertex needs; 0 for bends.
    gap : float
        Least distance between two boxes; bends stand half as close.

    Returns
    -------
    list of float
        From 0 on; vertices of a layer keep their order and never overlap.
    """
    gaps = [_gaps(layer, breadth, gap, graph.n_nodes) for layer in graph.layers]
    middle = [0.0] * len(graph.source)
    for layer, steps in zip(graph.layers, gaps, strict=True):
        at = 0.0
        for vertex, step in zip(layer, steps, strict=True):
            at += step
            middle[vertex] = at
    pulls = _pulls(graph)
    levels = range(len(graph.layers))
    rounds = max(min(MOST_ROUNDS, MOST_MOVES // max(len(middle), 1)), LEAST_ROUNDS)
    for number in range(WARM_ROUNDS + rounds):
        is_down = number % 2 == 0
        sides = (is_down, not is_down) if number < WARM_ROUNDS else (True, True)
        for level in levels if is_down else reversed(levels):
            _settle(graph.layers[level], gaps[level], middle, pulls, sides)
    _straighten(graph, gaps, middle)
    least = min((middle[v] - breadth[v] / 2 for v in range(len(middle))), default=0.0)
    return [at - least for at in middle]


def _gaps(layer: Sequence[int], breadth: Sequence[float], gap: float, n_nodes: int) -> list[float]:
    """Return the distance that each vertex must keep from the one to its left; 0 for the first."""
    steps = [0.0] * len(layer)
    for i in range(1, len(layer)):
        left, right = layer[i - 1], layer[i]
        n_bends = (left >= n_nodes) + (right >= n_nodes)
        room = (1.0, 0.75, 0.5)[n_bends] * gap
        steps[i] = (breadth[left] + breadth[right]) / 2 + room
    return steps


Pulls = list[tuple[list[tuple[int, float]], list[tuple[int, float]]]]


def _pulls(graph: Layered) -> Pulls:
    """Return for each vertex its neighbours above and below, with how much each pulls."""
    leaves = _leaves(graph)

    def pull(one: int, other: int) -> float:
        if one in leaves or other in leaves:
            return LEAF_PULL
        return PULLS[(one >= graph.n_nodes) + (other >= graph.n_nodes)]

    return [
        (
            [(other, pull(vertex, other)) for other in graph.up[vertex]],
            [(other, pull(vertex, other)) for other in graph.down[vertex]],
        )
        for vertex in range(len(graph.source))
    ]


def _settle(
    layer: Sequence[int],
    steps: Sequence[float],
    middle: list[float],
    pulls: Pulls,
    sides: tuple[bool, bool],
) -> None:
    """Move a layer to the best places, with all others held."""
    wanted, weights = [], []
    for vertex in layer:
        near = [one for side, own in zip(sides, pulls[vertex], strict=True) if side for one in own]
        weight = sum(pull for _, pull in near)
        total = sum(pull * middle[other] for other, pull in near)
        wanted.append(total / weight if weight else middle[vertex])
        weights.append(weight or 0.01)
    for vertex, at in zip(layer, spread(wanted, weights, steps), strict=True):
        middle[vertex] = at


def spread(
    wanted: Sequence[float], weights: Sequence[float], steps: Sequence[float]
) -> list[float]:
    """Return the places nearest to the wanted ones that keep order and distances.

    Parameters
    ----------
    wanted, weights : sequence of float
        Where each would stand alone, and how much that matters.
    steps : sequence of float
        Least distance of each to the one before it.

    Examples
    --------
    >>> spread([0.0, 0.0], [1.0, 1.0], [0.0, 10.0])
    [-5.0, 5.0]
    """
    offsets, at = [], 0.0
    for step in steps:
        at += step
        offsets.append(at)
    pools: list[tuple[float, float, int]] = []  # mean, weight, members
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, total, members = want - offset, weight, 1
        while pools and pools[-1][0] >= mean:
            other, other_weight, other_members = pools.pop()
            mean = (mean * total + other * other_weight) / (total + other_weight)
            total += other_weight
            members += other_members
        pools.append((mean, total, members))
    flat = [mean for mean, _, members in pools for _ in range(members)]
    return [mean + offset for mean, offset in zip(flat, offsets, strict=True)]


def _straighten(graph: Layered, gaps: Sequence[Sequence[float]], middle: list[float]) -> None:
    """Give as many vertices of a chain or trunk as can be one place, from its beginning down."""
    spot = {
        vertex: (level, i)
        for level, layer in enumerate(graph.layers)
        for i, vertex in enumerate(layer)
    }
    lines = [*_chains(graph), *_trunks(graph)]
    _make_way(graph, gaps, middle, lines)
    for line in lines:
        run: list[int] = []
        low, high = float("-inf"), float("inf")
        for vertex in line:
            own_low, own_high = _room(graph, gaps, middle, spot[vertex])
            if max(low, own_low) > min(high, own_high):
                _align(graph, middle, run, (low, high))
                run, low, high = [], float("-inf"), float("inf")
            run.append(vertex)
            low, high = max(low, own_low), min(high, own_high)
        _align(graph, middle, run, (low, high))
    held = {vertex for line in lines for vertex in line}
    for layer in graph.layers:
        for vertex in layer:
            near = [middle[other] for other in (*graph.up[vertex], *graph.down[vertex])]
            if vertex not in held and near:
                low, high = _room(graph, gaps, middle, spot[vertex])
                middle[vertex] = min(max(sum(near) / len(near), low), high)


def _make_way(
    graph: Layered, gaps: Sequence[Sequence[float]], middle: list[float], lines: list[list[int]]
) -> None:
    """Move each line to its mean; what stands in its way, inputs above all, moves aside."""
    weight = [1.0] * len(middle)
    for line in lines:
        mean = sum(middle[vertex] for vertex in line) / len(line)
        for vertex in line:
            middle[vertex], weight[vertex] = mean, STIFF
    for layer, steps in zip(graph.layers, gaps, strict=True):
        found = spread([middle[v] for v in layer], [weight[v] for v in layer], steps)
        for vertex, at in zip(layer, found, strict=True):
            middle[vertex] = at


def _chains(graph: Layered) -> list[list[int]]:
    """Return series of vertices, each the only child of the one before and that its only parent.

    Inputs of one use do not count as parents.
    """
    leaves = _leaves(graph)
    above = [[v for v in parents if v not in leaves] for parents in graph.up]
    chains = []
    for first in (vertex for layer in graph.layers for vertex in layer):
        before = above[first]
        if len(before) == 1 and len(graph.down[before[0]]) == 1:
            continue  # it lies within a series
        chain = [first]
        while len(graph.down[chain[-1]]) == 1 and above[graph.down[chain[-1]][0]] == chain[-1:]:
            chain.append(graph.down[chain[-1]][0])
        if len(chain) > 1:
            chains.append(chain)
    return chains


def _leaves(graph: Layered) -> set[int]:
    """Return inputs of one use, beside which something else is used."""
    beside = [any(graph.up[other] for other in above) for above in graph.up]
    return {
        vertex
        for vertex in range(graph.n_nodes)
        if not graph.up[vertex] and len(graph.down[vertex]) == 1 and beside[graph.down[vertex][0]]
    }


def _trunks(graph: Layered) -> list[list[int]]:
    """Return the bends of each trunk, from its beginning down."""
    trunks: dict[int, list[int]] = {}
    for vertex in range(graph.n_nodes, len(graph.source)):
        trunks.setdefault(graph.source[vertex], []).append(vertex)
    return [trunks[source] for source in sorted(trunks)]


def _room(
    graph: Layered, gaps: Sequence[Sequence[float]], middle: Sequence[float], spot: tuple[int, int]
) -> tuple[float, float]:
    """Return how far left and right a vertex may stand among its neighbours."""
    level, i = spot
    layer, steps = graph.layers[level], gaps[level]
    low = middle[layer[i - 1]] + steps[i] if i else float("-inf")
    is_last = i + 1 == len(layer)
    return low, float("inf") if is_last else middle[layer[i + 1]] - steps[i + 1]


def _align(
    graph: Layered, middle: list[float], run: Sequence[int], room: tuple[float, float]
) -> None:
    """Stand a run in one line: below what it comes from, else above where it goes."""
    low, high = room
    if not run or low > high:
        return
    mean = sum(middle[vertex] for vertex in run) / len(run)
    before = [v for v in graph.up[run[0]] if graph.up[v] or len(graph.up[run[0]]) == 1]
    after = [vertex for vertex in graph.down[run[-1]] if vertex < graph.n_nodes]
    tries = [middle[vertex] for vertex in (*before, *after[:1])]
    fitting = [at for at in tries if low <= at <= high]
    near = min(fitting, key=lambda at: abs(at - mean), default=min(max(mean, low), high))
    for vertex in run:
        middle[vertex] = near
