"""Draw how a result was computed: layered pictures of nodes and edges, whatever they stand for."""

from rung.graph.parts import BoxLine, Edge, Node
from rung.graph.picture import Graph
from rung.graph.values import graph_of

__all__ = ["BoxLine", "Edge", "Graph", "Node", "graph_of"]
