"""Draw how a result was computed: layered pictures of nodes and edges, whatever they stand for."""

from rung.graph.parts import Edge, Line, Node
from rung.graph.picture import Graph
from rung.graph.values import graph_of

__all__ = ["Edge", "Graph", "Line", "Node", "graph_of"]
