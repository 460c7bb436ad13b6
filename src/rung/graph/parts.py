"""Name what a graph is made of: nodes and edges, as plain records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from rung.errors import UsageError

Kind: TypeAlias = Literal["input", "constant", "parameter", "operation", "output", "block", "note"]
Tone: TypeAlias = Literal["plain", "gradient", "good", "warn"]
Weight: TypeAlias = Literal["plain", "strong", "faint"]
Fact: TypeAlias = float | int | str
MOST_NAMED = 4


@dataclass(frozen=True)
class BoxLine:
    """One line in a box: what is told, and its text.

    Attributes
    ----------
    name : str
        Such as `value`; may be empty.
    text : str
        As it is shown.
    tone : str
        What kind of news it is; it has a colour of its own, and never the colour alone.
    """

    name: str
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Node:
    """One box of a graph.

    Attributes
    ----------
    key : str
        Its name among the nodes; two nodes never share one.
    title : str
        First line of the box.
    kind : str
        What it is; the box's look follows it.
    lines : tuple of BoxLine
        Further lines of the box.
    facts : mapping of str to number or str
        All that is known of it, for tables and JSON.
    group : tuple of str
        Where it belongs, from the outside in, as `("blocks.0", "attention")`.
    likeness : str
        What a repeated block is known by; nodes of other likeness are never alike.
    members : int
        How many nodes it stands for.
    """

    key: str
    title: str
    kind: Kind = "operation"
    lines: tuple[BoxLine, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    group: tuple[str, ...] = ()
    likeness: str = ""
    members: int = 1


@dataclass(frozen=True)
class Edge:
    """What flows from one node into another.

    Attributes
    ----------
    source, target : str
        Keys of nodes; the target is computed from the source.
    label : str
        Written beside the edge.
    weight : str
        How it is drawn.
    """

    source: str
    target: str
    label: str = ""
    weight: Weight = "plain"


def ends(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[tuple[int, int]]:
    """Return the distinct edges as pairs of positions, in the order of their nodes.

    Raises
    ------
    UsageError
        If two nodes share a key, or an edge ends at no node.

    Examples
    --------
    >>> ends([Node("a", "a"), Node("b", "b")], [Edge("a", "b"), Edge("a", "b")])
    [(0, 1)]
    """
    place = {node.key: position for position, node in enumerate(nodes)}
    if len(place) != len(nodes):
        raise UsageError(
            f"{len(nodes) - len(place)} nodes of the graph share a key with another node",
            "give every node a key of its own",
        )
    lost = sorted({key for edge in edges for key in (edge.source, edge.target)} - place.keys())
    if lost:
        named = ", ".join(map(repr, lost[:MOST_NAMED]))
        raise UsageError(
            f"an edge of the graph ends at {named}; every end must be the key of a node",
            "add the node or leave the edge out",
        )
    return sorted({(place[edge.source], place[edge.target]) for edge in edges})
