"""Write a graph as DOT text, for programs that lay graphs out by themselves.

Source: Gansner, Koutsofios & North, Drawing graphs with dot (the grammar of quoted strings).
"""

from __future__ import annotations

from collections.abc import Sequence

from rung.graph.layout import Direction
from rung.graph.parts import Edge, Node

LOOKS = {
    "input": 'style="rounded,filled", fillcolor="#e6eff9"',
    "constant": 'style="rounded,dashed"',
    "parameter": 'style="rounded,filled", fillcolor="#e4f2eb"',
    "operation": 'style="rounded"',
    "output": 'style="rounded,filled,bold", fillcolor="#e3eefa"',
    "block": 'style="rounded,filled", fillcolor="#f4efe3"',
    "note": 'style="rounded,dotted"',
}
STROKES = {"plain": "", "strong": "penwidth=2.6", "faint": 'style="dashed"'}


def to_dot(nodes: Sequence[Node], edges: Sequence[Edge], direction: Direction = "down") -> str:
    """Return a digraph with the same boxes and edges.

    Examples
    --------
    >>> print(to_dot([Node("a", "a"), Node("b", "b")], [Edge("a", "b")]).splitlines()[-2].strip())
    "a" -> "b";
    """
    lines = [
        "digraph rung {",
        f"  rankdir={'TB' if direction == 'down' else 'LR'};",
        '  node [shape=box, fontname="sans-serif"];',
    ]
    for node in nodes:
        many = f" ×{node.members}" if node.members > 1 else ""
        rows = [f"{node.title}{many}", *(f"{one.name} {one.text}".strip() for one in node.lines)]
        label = "\\n".join(_escaped(row) for row in rows)
        lines.append(f'  "{_escaped(node.key)}" [label="{label}", {LOOKS[node.kind]}];')
    place = {node.key: i for i, node in enumerate(nodes)}
    for edge in sorted(edges, key=lambda e: (place[e.source], place[e.target], e.label)):
        said = [f'label="{_escaped(edge.label)}"'] if edge.label else []
        said += [STROKES[edge.weight]] if STROKES[edge.weight] else []
        attributes = f" [{', '.join(said)}]" if said else ""
        lines.append(f'  "{_escaped(edge.source)}" -> "{_escaped(edge.target)}"{attributes};')
    return "\n".join([*lines, "}", ""])


def _escaped(text: str) -> str:
    flat = " ".join(text.split()) if any(sign in text for sign in "\n\r\t") else text
    return flat.replace("\\", "\\\\").replace('"', '\\"')
