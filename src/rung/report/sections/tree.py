"""Show a whole tree: drawn with the distribution of the target in every node, and as rules."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rung.core.result import Result
from rung.graph.layout import Box, Placement, lay_out
from rung.graph.parts import BoxLine, Edge, Node
from rung.report.filling import fill
from rung.report.numbers import clean, count, percent, shorten
from rung.report.panel import brief
from rung.report.plots_inside import plot_tree
from rung.report.sections.section import Drawing, Section, file_name
from rung.typing import JSON

WIDEST, PIXELS_AN_INCH = 900, 90
MOST_DRAWN, LONGEST_RULE, LONGEST_CLASS, BARS = 15, 26, 14, 22


def tree_pictures(result: Result) -> list[JSON] | None:
    """Return each tree as a drawing and as rules; None where no family is one."""
    found = result.sections.get("tree") or []
    return [_picture(one) for one in found] or None


def _picture(found: JSON) -> JSON:
    rules = tree_rules(found)
    drawn = _first(found["nodes"])
    return {
        "title": clean(found["title"]),
        "is_typical": found["n_trees"] > 1,
        "n_trees": count(found["n_trees"]),
        "n_leaves": count(found["n_leaves"]),
        "n_rows": count(found["n_rows"]),
        "is_cut": len(drawn) < len(found["nodes"]) or any(n["hidden"] for n in drawn),
        "has_classes": bool(found["classes"]),
        "svg": _drawing(found, drawn),
        "rules": rules,
        "alternative": f"Tree of {found['n_leaves']} leaves; first it parts rows by "
        + "; ".join(clean(node["rule"]) for node in found["nodes"] if node["parent"] == 0),
    }


def _first(nodes: Sequence[JSON]) -> list[JSON]:
    """Return the nodes to draw, level by level while whole levels fit, in the order of reading."""
    depth: dict[int, int] = {}
    for node in nodes:
        depth[node["node"]] = depth.get(node["parent"], -1) + 1
    deepest = max(
        d
        for d in {0, *depth.values()}
        if d == 0 or sum(x <= d for x in depth.values()) <= MOST_DRAWN
    )
    return [node for node in nodes if depth[node["node"]] <= deepest]


def _says(found: JSON, node: JSON) -> str:
    """Say what the target is in a node."""
    if not node["n"]:
        return "no rows"
    if not found["classes"]:
        return brief(node["mean"])
    top = max(range(len(node["counts"])), key=node["counts"].__getitem__)
    name = shorten(clean(found["classes"][top]), LONGEST_CLASS)
    return f"{name} {percent(node['counts'][top] / node['n'])}"


def tree_rules(found: JSON) -> list[str]:
    """Return the tree as indented lines, a node each."""
    depth: dict[int, int] = {}
    lines = []
    for node in found["nodes"]:
        level = depth.get(node["parent"], -1) + 1
        depth[node["node"]] = level
        rule = clean(node["rule"]) if node["parent"] >= 0 else "all rows"
        more = f" ({count(node['hidden'])} leaves below)" if node["hidden"] else ""
        lines.append(f"{'│  ' * level}{rule}: {_says(found, node)}, {count(node['n'])} rows{more}")
    return lines


def _drawing(found: JSON, drawn: Sequence[JSON]) -> str:
    nodes, placed = _placed(found, drawn)
    size = f'viewBox="0 0 {placed.width:g} {placed.height:g}" width="{placed.width:g}"'
    boxes = "".join(
        _box(found, node, shown, placed.boxes[shown.key])
        for node, shown in zip(drawn, nodes, strict=True)
    )
    return (
        f'<svg class="tree" {size} aria-hidden="true" focusable="false">'
        f"{_lines(placed)}{boxes}</svg>"
    )


def _placed(found: JSON, drawn: Sequence[JSON]) -> tuple[list[Node], Placement]:
    """Return the nodes to draw, and where they lie."""
    own = {node["node"] for node in drawn}
    nodes = [
        Node(
            str(node["node"]),
            _heading(node),
            "operation",
            (
                BoxLine(_says(found, node), f"{count(node['n'])} rows"),
                BoxLine("", ""),
                BoxLine("", ""),
            ),
        )
        for node in drawn
    ]
    edges = [
        Edge(str(node["parent"]), str(node["node"])) for node in drawn if node["parent"] in own
    ]
    placed = lay_out(nodes, edges)
    if placed.width > WIDEST:
        placed = lay_out(nodes, edges, "right")
    return nodes, placed


def _heading(node: JSON) -> str:
    return "all rows" if node["parent"] < 0 else shorten(clean(node["rule"]), LONGEST_RULE)


def _lines(placed: Placement) -> str:
    paths = []
    for route in placed.routes:
        (x, y), (u, v) = route.points[0], route.points[-1]
        if placed.direction == "right":
            curve = f"{(x + u) / 2:.1f} {y:.1f} {(x + u) / 2:.1f} {v:.1f}"
        else:
            curve = f"{x:.1f} {(y + v) / 2:.1f} {u:.1f} {(y + v) / 2:.1f}"
        paths.append(f"M{x:.1f} {y:.1f}C{curve} {u:.1f} {v:.1f}")
    return f'<path class="branch" d="{"".join(paths)}"/>'


def _is_leaf(found: JSON, node: JSON) -> bool:
    return not node["hidden"] and not any(one["parent"] == node["node"] for one in found["nodes"])


def _box(found: JSON, node: JSON, shown: Node, box: Box) -> str:
    """Return the box of a node: what leads to it, what the target is, its distribution."""
    counts, most = node["counts"], max([*node["counts"], 1])
    step = (box.width - 20) / len(counts)
    floor = box.y + box.height - 6
    bars = "".join(
        f"M{box.x + 10 + step * i:.1f} {floor:.1f}v-{max(BARS * each / most, 0.8):.1f}h{step * 0.85:.1f}V{floor:.1f}z"
        for i, each in enumerate(counts)
        if each
    )
    middle = box.x + box.width / 2
    line = shown.lines[0]
    return (
        f'<rect class="{"leaf" if _is_leaf(found, node) else "inner"}" x="{box.x:.1f}" y="{box.y:.1f}" '
        f'width="{box.width:.1f}" height="{box.height:.1f}" rx="5"/>'
        f'<text class="rule" x="{middle:.1f}" y="{box.y + 17:.1f}">{escape(shown.title)}</text>'
        f'<text x="{middle:.1f}" y="{box.y + 33:.1f}">{escape(f"{line.name} · {line.text}")}</text>'
        f'<path d="{bars}"/>'
    )


def render(pictures: list[JSON], result: Result) -> str:
    """Return each tree drawn, and its rules."""
    return fill("tree.html.j2", pictures=pictures)


def tree_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return each tree as a figure."""
    return [_tree_drawing(one) for one in result.sections.get("tree") or []]


def _tree_drawing(found: JSON) -> Drawing:
    drawn = _first(found["nodes"])
    nodes, placed = _placed(found, drawn)
    shown = [
        {
            "key": box.key,
            "rule": box.title,
            "says": f"{box.lines[0].name} · {box.lines[0].text}",
            "counts": node["counts"],
            "is_leaf": _is_leaf(found, node),
        }
        for node, box in zip(drawn, nodes, strict=True)
    ]
    return Drawing(
        name=file_name("tree", found["family"]),
        title=f"The tree of {clean(found['title'])}",
        says=" ".join(tree_rules(found)),
        draw=lambda axes: plot_tree(axes, placed, shown),
        width=placed.width / PIXELS_AN_INCH,
        height=placed.height / PIXELS_AN_INCH,
    )


SECTION = Section(
    name="tree",
    title="The tree",
    position=800,
    data=lambda result, summary: tree_pictures(result),
    render=render,
    terms=("tree",),
    drawings=tree_drawings,
)
