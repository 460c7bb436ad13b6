"""Hold a graph, and hand it out as picture, page, table, DOT text or plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rung.errors import UsageError
from rung.graph.dot import to_dot
from rung.graph.fold import Folded, fold, unfolded
from rung.graph.layout import Direction, Placement, lay_out
from rung.graph.page import page
from rung.graph.parts import Edge, Fact, Node
from rung.graph.svg import draw, standalone

SUFFIXES = (".svg", ".html", ".dot", ".json")


@dataclass(frozen=True)
class Graph:
    """Say how a result was computed.

    Attributes
    ----------
    nodes : tuple of Node
        In the order of the computation.
    edges : tuple of Edge
        From what is used to what it is used for.
    title : str
        One line that says what is shown.
    direction : str
        Where results are drawn, seen from the inputs: `down` or `right`.
    notes : tuple of str
        Sentences for the page.
    more : tuple of mapping
        Rows of the table that have no box of their own.

    Examples
    --------
    >>> graph = Graph((Node("a", "a"), Node("b", "b")), (Edge("a", "b"),), "two boxes")
    >>> graph.to_svg().startswith("<?xml")
    True
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    title: str = "computation graph"
    direction: Direction = "down"
    notes: tuple[str, ...] = ()
    more: tuple[Mapping[str, Fact], ...] = ()

    @cached_property
    def folded(self) -> Folded:
        """The graph with repeated parts folded; small graphs stay as they are."""
        return fold(self.nodes, self.edges, self.title)

    def layout(self, *, folded: bool = True) -> Placement:
        """Return where every box stands."""
        shown = self._shown(folded)
        return lay_out(shown.nodes, shown.edges, self.direction)

    def to_svg(self, *, folded: bool = True) -> str:
        """Return a picture as one SVG file, light or dark as its surroundings.

        Parameters
        ----------
        folded : bool, default True
            Draw repeated parts once.
        """
        shown = self._shown(folded)
        layout = lay_out(shown.nodes, shown.edges, self.direction)
        return standalone(draw(layout, shown.nodes, title=self.title))

    def to_html(self) -> str:
        """Return a page: the folded picture, every folded part to open, and a table.

        It has no scripts and fetches nothing.
        """
        return page(self.folded, self.table(), direction=self.direction, notes=self.notes)

    def to_dot(self, *, folded: bool = False) -> str:
        """Return DOT text; all nodes by default."""
        shown = self._shown(folded)
        return to_dot(shown.nodes, shown.edges, self.direction)

    def table(self) -> list[dict[str, Fact]]:
        """Return one row a node with all that is known of it."""
        return [*({"node": node.key, **node.facts} for node in self.nodes), *map(dict, self.more)]

    def to_dict(self) -> dict[str, Any]:
        """Return nodes and edges as plain data for JSON."""
        return {
            "title": self.title,
            "nodes": [
                {"key": node.key, "title": node.title, "kind": node.kind, **_facts(node)}
                for node in self.nodes
            ],
            "edges": [_edge(edge) for edge in self.edges],
        }

    def write(self, path: str | Path, *, force: bool = False) -> Path:
        """Write .svg, .html, .dot or .json, as the name ends.

        Raises
        ------
        UsageError
            If the name ends otherwise, or the file exists and `force` is False.
        """
        target = Path(path)
        if target.suffix not in SUFFIXES:
            raise UsageError(
                f"output {target.name!r} ends in {target.suffix!r}; {', '.join(SUFFIXES)} are known",
                "rename the output",
            )
        if target.exists() and not force:
            raise UsageError(f"output {str(target)!r} exists", "use --force to replace it")
        target.write_bytes(self._encoded(target.suffix).encode("utf-8"))
        return target

    def _encoded(self, suffix: str) -> str:
        if suffix == ".svg":
            return self.to_svg()
        if suffix == ".html":
            return self.to_html()
        return self.to_dot() if suffix == ".dot" else to_json(self)

    def _shown(self, folded: bool) -> Folded:
        return self.folded if folded else unfolded(self.nodes, self.edges, self.title)


def to_json(graph: Graph) -> str:
    """Return a graph as JSON text; what JSON has no number for stands as text."""
    import json
    import math

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [plain(item) for item in value]
        return str(value) if isinstance(value, float) and not math.isfinite(value) else value

    return json.dumps(plain(graph.to_dict()), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _facts(node: Node) -> dict[str, Any]:
    more = {"group": list(node.group)} if node.group else {}
    return {"facts": dict(node.facts), **more}


def _edge(edge: Edge) -> dict[str, str]:
    more = {"label": edge.label} if edge.label else {}
    return {"source": edge.source, "target": edge.target, **more}
