"""Lay a graph out in layers: where every box stands, and the way of every edge.

It takes plain nodes and edges and knows nothing of what they stand for. The same nodes and edges
give the same numbers, in whichever order the edges come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rung.graph.layers import assign_layers
from rung.graph.measure import box_size
from rung.graph.order import Layered, arrange, stretch
from rung.graph.parts import Edge, Node, ends
from rung.graph.place import place

Direction: TypeAlias = Literal["down", "right"]
Point: TypeAlias = tuple[float, float]
GAPS = {"down": 22.0, "right": 12.0}
BETWEEN_LAYERS = {"down": 36.0, "right": 54.0}
MARGIN = 10.0
PORT = 13.0


@dataclass(frozen=True)
class Box:
    """Where a node stands: left, top, width and height, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Route:
    """The way of an edge: points in pairs, straight within a pair, curved between pairs."""

    edge: Edge
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Placement:
    """A picture without its ink.

    Attributes
    ----------
    boxes : mapping of str to Box
        By the key of the node.
    routes : tuple of Route
        In the order of their nodes.
    layers : mapping of str to int
        Layer of each node; every edge leads to a higher one.
    width, height : float
        Of the whole, in pixels.
    crossings : int
        Pairs of edges that cross.
    direction : str
        Where results stand, seen from the inputs.
    """

    boxes: Mapping[str, Box]
    routes: tuple[Route, ...]
    layers: Mapping[str, int]
    width: float
    height: float
    crossings: int
    direction: Direction


def lay_out(
    nodes: Sequence[Node], edges: Sequence[Edge], direction: Direction = "down"
) -> Placement:
    """Place nodes in layers and lead the edges around them.

    Parameters
    ----------
    nodes : sequence of Node
        Their order decides where nothing else does.
    edges : sequence of Edge
        In any order.
    direction : str
        `down`: inputs at the top; `right`: inputs at the left.

    Returns
    -------
    Placement

    Raises
    ------
    UsageError
        If edges go round in a circle, an edge ends at no node, or two nodes share a key.

    Examples
    --------
    >>> found = lay_out([Node("a", "a"), Node("b", "b")], [Edge("a", "b")])
    >>> found.boxes["a"].y < found.boxes["b"].y
    True
    """
    pairs = ends(nodes, edges)
    layer = assign_layers(len(nodes), pairs)
    graph = arrange(stretch(layer, pairs))
    sizes = [box_size(node) for node in nodes]
    if direction == "right":
        sizes = _columns(layer, sizes)
    across, along = (0, 1) if direction == "down" else (1, 0)
    breadth = [size[across] for size in sizes] + [0.0] * (len(graph.source) - len(nodes))
    middle = place(graph, breadth, GAPS[direction])
    bands = _bands(graph, [size[along] for size in sizes], BETWEEN_LAYERS[direction])
    frame = _Frame(nodes, graph, sizes, middle, bands, direction)
    boxes = {node.key: frame.box(i) for i, node in enumerate(nodes)}
    right = max((box.x + box.width for box in boxes.values()), default=0.0)
    bottom = max((box.y + box.height for box in boxes.values()), default=0.0)
    routes = frame.routes(edges)
    sideways = [point[0] for route in routes for point in route.points]
    downward = [point[1] for route in routes for point in route.points]
    return Placement(
        boxes,
        routes,
        {node.key: layer[i] for i, node in enumerate(nodes)},
        round(max([right, *sideways]) + MARGIN, 1),
        round(max([bottom, *downward]) + MARGIN, 1),
        graph.crossings(),
        direction,
    )


def _columns(layer: Sequence[int], sizes: Sequence[Point]) -> list[Point]:
    """Give all boxes of a layer the width of its widest, so that they stand as a column."""
    widest: dict[int, float] = {}
    for level, (width, _) in zip(layer, sizes, strict=True):
        widest[level] = max(widest.get(level, 0.0), width)
    return [(widest[level], height) for level, (_, height) in zip(layer, sizes, strict=True)]


def _bands(graph: Layered, depth: Sequence[float], between: float) -> list[tuple[float, float]]:
    """Return where each layer begins and ends along the way."""
    bands, at = [], MARGIN
    for layer in graph.layers:
        size = max((depth[vertex] for vertex in layer if vertex < graph.n_nodes), default=0.0)
        bands.append((at, at + size))
        at += size + between
    return bands


class _Frame:
    """Turn places across and along the layers into points."""

    def __init__(
        self,
        nodes: Sequence[Node],
        graph: Layered,
        sizes: Sequence[tuple[float, float]],
        middle: Sequence[float],
        bands: Sequence[tuple[float, float]],
        direction: Direction,
    ) -> None:
        self.nodes, self.graph, self.sizes, self.middle = nodes, graph, sizes, middle
        self.bands, self.direction = bands, direction
        self.place = {node.key: i for i, node in enumerate(nodes)}
        self.level = {v: number for number, layer in enumerate(graph.layers) for v in layer}
        self.trunk = {
            (graph.source[v], self.level[v]): v for v in range(graph.n_nodes, len(graph.source))
        }
        self.walks: dict[int, tuple[list[int], list[Point]]] = {}

    def box(self, node: int) -> Box:
        """Return a node's box, in the middle of its layer."""
        width, height = self.sizes[node]
        start, stop = self.bands[self.level[node]]
        x, y = self._point(self.middle[node], (start + stop) / 2)
        return Box(round(x - width / 2, 1), round(y - height / 2, 1), width, height)

    def _point(self, across: float, along: float) -> Point:
        across += MARGIN
        pair = (across, along) if self.direction == "down" else (along, across)
        return round(pair[0], 1), round(pair[1], 1)

    def routes(self, edges: Sequence[Edge]) -> tuple[Route, ...]:
        """Return the ways of all edges, in the order of their nodes."""
        ordered = sorted(
            edges, key=lambda edge: (self.place[edge.source], self.place[edge.target], edge.label)
        )
        ports = self._ports()
        return tuple(self._route(edge, ports) for edge in ordered)

    def _route(self, edge: Edge, ports: Mapping[tuple[int, int], float]) -> Route:
        source, target = self.place[edge.source], self.place[edge.target]
        n_passed = max(self.level[target] - self.level[source] - 1, 0)
        if source not in self.walks:
            self.walks[source] = self._walk(source)
        passed, points = self.walks[source]
        last, way = passed[n_passed], points[: 2 + 2 * n_passed]
        own = self.sizes[target][1 if self.direction == "down" else 0]
        start, stop = self.bands[self.level[target]]
        across = self.middle[target] + ports[last, target]
        ends = [self._point(across, at) for at in (start, (start + stop - own) / 2)]
        return Route(edge, (*way, *ends))

    def _walk(self, source: int) -> tuple[list[int], list[Point]]:
        """Return a node and its trunk, and the points of both, which its edges share."""
        own = self.sizes[source][1 if self.direction == "down" else 0]
        level = self.level[source]
        start, stop = self.bands[level]
        passed = [source]
        points = [self._point(self.middle[source], at) for at in ((start + stop + own) / 2, stop)]
        while (bend := self.trunk.get((source, level := level + 1))) is not None:
            passed.append(bend)
            points += [self._point(self.middle[bend], at) for at in self.bands[level]]
        return passed, points

    def _ports(self) -> dict[tuple[int, int], float]:
        """Spread the edges that arrive at a node over its side, in the order they come from."""
        ports = {}
        side = 0 if self.direction == "down" else 1
        for node in range(len(self.nodes)):
            arriving = sorted(self.graph.up[node], key=lambda v: (self.middle[v], v))
            room = self.sizes[node][side] - 20.0
            step = min(PORT, room / max(len(arriving) - 1, 1))
            for i, vertex in enumerate(arriving):
                ports[vertex, node] = (i - (len(arriving) - 1) / 2) * step
        return ports
