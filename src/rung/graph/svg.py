"""Draw a layout as SVG: text that can be selected and read aloud, light and dark, nothing fetched."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from rung.graph.layout import Box, Placement, Point, Route
from rung.graph.measure import (
    BETWEEN,
    LINE_HEIGHT,
    LINE_SIZE,
    PAD_X,
    PAD_Y,
    PAGES,
    TITLE_HEIGHT,
    TITLE_SIZE,
    fit,
    text_width,
)
from rung.graph.parts import BoxLine, Node
from rung.graph.style import PICTURE, VARIABLES

TIP = 6.5
CORNER = 7
MOST_TOLD = 12
NOT_IN_XML = "\ufffe\uffff"


def standalone(picture: str) -> str:
    """Give a drawn picture the style that it needs as a file of its own."""
    head, tail = picture.split(">", 1)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head} xmlns="http://www.w3.org/2000/svg">'
        f"<style>{VARIABLES}{PICTURE}</style>{tail}\n"
    )


def draw(
    layout: Placement,
    nodes: Sequence[Node],
    *,
    title: str,
    description: str = "",
    name: str = "g",
    links: Mapping[str, str] | None = None,
) -> str:
    """Return an `<svg>` element without its style.

    Parameters
    ----------
    layout : Placement
        Of these nodes.
    nodes : sequence of Node
        In the order in which they shall be read aloud.
    title, description : str
        For those who cannot see it.
    name : str
        Begins the ids, so that one page may hold several pictures.
    links : mapping of str to str, optional
        Where a node's box leads to, by its key.

    Examples
    --------
    >>> from rung.graph.layout import lay_out
    >>> draw(lay_out([Node("a", "a")], []), [Node("a", "a")], title="one")[:18]
    '<svg class="graph"'
    """
    size = f"{layout.width:g} {layout.height:g}"
    width, height = size.split()
    head = (
        f'<svg class="graph" width="{width}" height="{height}" viewBox="0 0 {size}" '
        f'role="graphics-document document" aria-labelledby="{name}-t {name}-d">'
    )
    parts = [
        head,
        f'<title id="{name}-t">{text(title)}</title>',
        f'<desc id="{name}-d">{text(description or told(nodes))}</desc>',
        '<rect class="paper" width="100%" height="100%"/>',
        *_ways(layout),
    ]
    parts += [_node(one, layout.boxes[one.key], (links or {}).get(one.key, "")) for one in nodes]
    return "\n".join([*parts, *_labels(layout), "</svg>"])


def text(value: object) -> str:
    r"""Make any text safe inside markup; control characters become visible codes.

    Examples
    --------
    >>> text('a < "b"\x00')
    'a &lt; &quot;b&quot;\\x00'
    """
    return escape("".join(_visible(letter) for letter in str(value)))


def _visible(letter: str) -> str:
    hidden = unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    if not hidden and letter not in NOT_IN_XML:
        return letter
    return " " if letter in "\n\t" else letter.encode("unicode_escape").decode("ascii")


def told(nodes: Sequence[Node]) -> str:
    """Say in words what a picture shows."""
    said = "; ".join(_told(node) for node in nodes[:MOST_TOLD])
    rest = len(nodes) - MOST_TOLD
    return f"{said}; and {rest} more." if rest > 0 else f"{said}."


def _told(node: Node) -> str:
    facts = ", ".join(f"{line.name} {line.text}".strip() for line in node.lines)
    many = f" ×{node.members}" if node.members > 1 else ""
    return f"{node.title}{many} ({node.kind}){': ' + facts if facts else ''}"


def _ways(layout: Placement) -> list[str]:
    """Draw all edges of one weight as one path; what they share is drawn once."""
    drawn = []
    for weight in ("faint", "plain", "strong"):
        routes = [route for route in layout.routes if route.edge.weight == weight]
        if not routes:
            continue
        is_down = layout.direction == "down"
        parts = dict.fromkeys(part for route in routes for part in _parts(route, is_down))
        pieces = dict.fromkeys(
            _curve(start, stop, is_down) if is_curved else _straight(start, stop)
            for start, stop, is_curved in parts
        )
        tips = dict.fromkeys(_tip(route.points[-1], layout) for route in routes)
        drawn.append(f'<path class="flow {weight}" d="{"".join(pieces)}"/>')
        drawn.append(f'<path class="tip {weight}" d="{"".join(tips)}"/>')
    return drawn


def _parts(route: Route, is_down: bool) -> Iterator[tuple[Point, Point, bool]]:
    """Yield straight and curved parts; the last ends where its tip begins."""
    points = list(route.points)
    x, y = points[-1]
    points[-1] = (x, y - TIP + 1) if is_down else (x - TIP + 1, y)
    curved = itertools.cycle((False, True))
    for (start, stop), is_curved in zip(itertools.pairwise(points), curved, strict=False):
        if start != stop:
            yield start, stop, is_curved


def _straight(start: Point, stop: Point) -> str:
    return f"M{start[0]:g} {start[1]:g}L{stop[0]:g} {stop[1]:g}"


def _curve(start: Point, stop: Point, is_down: bool) -> str:
    (x0, y0), (x1, y1) = start, stop
    if (x0 == x1) if is_down else (y0 == y1):
        return _straight(start, stop)
    if is_down:
        half = (y0 + y1) / 2
        return f"M{x0:g} {y0:g}C{x0:g} {half:g} {x1:g} {half:g} {x1:g} {y1:g}"
    half = (x0 + x1) / 2
    return f"M{x0:g} {y0:g}C{half:g} {y0:g} {half:g} {y1:g} {x1:g} {y1:g}"


def _tip(point: Point, layout: Placement) -> str:
    x, y = point
    if layout.direction == "down":
        return f"M{x:g} {y:g}l-3.6 -{TIP:g}h7.2z"
    return f"M{x:g} {y:g}l-{TIP:g} -3.6v7.2z"


def _labels(layout: Placement) -> list[str]:
    """Write the labels of edges beside their beginning curve."""
    drawn = []
    for route in layout.routes:
        if route.edge.label:
            (x0, y0), (x1, y1) = route.points[1], route.points[2]
            x, y = (x0 + x1) / 2, (y0 + y1) / 2 + 4
            drawn.append(
                f'<text class="label" x="{x:g}" y="{y:g}" text-anchor="middle">'
                f"{text(route.edge.label)}</text>"
            )
    return drawn


def _node(node: Node, box: Box, link: str) -> str:
    """Draw a box with its lines; a block has pages behind it."""
    is_block = node.members > 1 or node.kind == "block"
    pages = PAGES if is_block else 0.0
    width, height = box.width - pages, box.height - pages
    parts = [f'<g class="{node.kind}" role="graphics-symbol img" aria-label="{text(_told(node))}">']
    shifts = (pages, pages / 2, 0.0) if is_block else (0.0,)
    parts += [_rect(box.x + shift, box.y + shift, width, height) for shift in shifts]
    parts += _title(node, box.x, box.y + PAD_Y + TITLE_HEIGHT - 6, width)
    for i, line in enumerate(node.lines):
        parts.append(_line(line, box, width, i))
    drawn = "".join([*parts, "</g>"])
    return f'<a href="{text(link)}">{drawn}</a>' if link else drawn


def _rect(x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect class="box" x="{x:g}" y="{y:g}" width="{round(width, 1):g}" '
        f'height="{round(height, 1):g}" rx="{CORNER}"/>'
    )


def _title(node: Node, x: float, y: float, width: float) -> list[str]:
    badge = f"×{node.members}" if node.members > 1 else ""
    taken = text_width(badge, LINE_SIZE) + BETWEEN if badge else 0.0
    shown = fit(node.title, TITLE_SIZE, width - 2 * PAD_X - taken + 0.5, bold=True)
    is_alone = not badge and not any(line.name for line in node.lines)
    at, anchor = (x + width / 2, "middle") if is_alone else (x + PAD_X, "start")
    drawn = [
        f'<text class="title" x="{at:g}" y="{y:g}" text-anchor="{anchor}">{text(shown)}</text>'
    ]
    if badge:
        right = round(x + width - PAD_X, 1)
        drawn.append(
            f'<text class="badge" x="{right:g}" y="{y:g}" text-anchor="end">{badge}</text>'
        )
    return drawn


def _line(line: BoxLine, box: Box, width: float, number: int) -> str:
    y = round(box.y + PAD_Y + TITLE_HEIGHT + LINE_HEIGHT * (number + 1) - 5, 1)
    left, right = round(box.x + PAD_X, 1), round(box.x + width - PAD_X, 1)
    room = width - 2 * PAD_X + 0.5
    tone = "" if line.tone == "plain" else f' class="{line.tone}"'
    if not line.name:
        middle = round(box.x + width / 2, 1)
        shown = text(fit(line.text, LINE_SIZE, room))
        return f'<text{tone} x="{middle:g}" y="{y:g}" text-anchor="middle">{shown}</text>'
    # Where both do not fit, the name is cut: half a number would be a lie.
    value = fit(line.text, LINE_SIZE, room)
    name = fit(line.name, LINE_SIZE, room - text_width(value, LINE_SIZE) - BETWEEN + 0.5)
    return (
        f'<text class="name" x="{left:g}" y="{y:g}">{text(name)}</text>'
        f'<text{tone} x="{right:g}" y="{y:g}" text-anchor="end">{text(value)}</text>'
    )
