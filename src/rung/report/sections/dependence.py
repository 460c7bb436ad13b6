"""Draw the tree of columns with what its edges hold, and the numbers behind it."""

from __future__ import annotations

import base64
from html import escape

from rung.core.result import Result
from rung.graph.picture import Graph
from rung.report.dependence_graph import tree_graph
from rung.report.numbers import clean, count
from rung.report.plots_data import plot_graph
from rung.report.sections.section import Drawing, Section
from rung.typing import JSON

# Of a picture of boxes to an inch.
PIXELS = 80
# A picture up to this wide, in pixels, can be read where it shrinks to the page; others are scrolled.
WIDEST_SHRUNK = 1_250
LEAD = (
    "Each column depends on the one above it alone: the tree that holds most mutual information. "
    "The number on an edge is what one column tells of the other, in nats a row: 0 is nothing. "
    "An edge in few folds is one that other rows might not show; none says what causes what."
)


def render(tree: JSON, result: Result) -> str:
    """Return the picture of the tree, and a table of its edges."""
    edges = sorted(tree["edges"], key=lambda one: -one["information"])
    rows = "".join(
        f'<tr><th scope="row">{_text(one["parent"])} – {_text(one["child"])}</th>'
        f'<td class="number">{one["information"]:.3f}</td>'
        f'<td class="number">{one["folds"]} of {tree["n_folds"]}</td>'
        f'<td class="number">{count(one["rows"])}</td></tr>'
        for one in edges
    )
    head = '<th scope="col">Columns</th>' + "".join(
        f'<th scope="col" class="number">{name}</th>'
        for name in ("Mutual information [nats/row]", "Folds", "Rows")
    )
    lonely = len(tree["columns"]) - len({name for one in edges for name in _ends(one)})
    named = "1 column hangs" if lonely == 1 else f"{lonely} columns hang"
    alone = f"{named} together with no other." if lonely else "No column hangs with no other."
    table = (
        '<div class="scroll" tabindex="0" role="region" aria-label="Edges of the tree"><table>'
        f"<caption>Edges, the strongest first; rows know both cells.</caption><thead><tr>{head}"
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    figure = f"<figure>{_picture(tree)}<figcaption>{alone}</figcaption>{table}</figure>"
    return f"<p>{LEAD}</p>{figure if edges else f'<p>{alone}</p>'}"


def _ends(edge: JSON) -> tuple[str, str]:
    return edge["parent"], edge["child"]


def _picture(tree: JSON) -> str:
    """Return the tree as an image that the page holds."""
    graph = _graph(tree)
    data = base64.b64encode(graph.to_svg().encode("utf-8")).decode("ascii")
    own = ' class="shrinks"' if graph.layout().width <= WIDEST_SHRUNK else ""
    image = f'<img{own} src="data:image/svg+xml;base64,{data}" alt="">'
    label = escape(_in_words(tree), quote=True)
    return f'<div class="scroll" tabindex="0" role="img" aria-label="{label}">{image}</div>'


def _graph(tree: JSON) -> Graph:
    """Return the tree as a graph; columns without an edge are left out."""
    drawn = {name for one in tree["edges"] for name in _ends(one)}
    return tree_graph({**tree, "columns": [name for name in tree["columns"] if name in drawn]})


def _in_words(tree: JSON) -> str:
    edges = (
        f"{clean(one['parent'])} – {clean(one['child'])} {one['information']:.2f} nats, in "
        f"{one['folds']} of {tree['n_folds']} folds"
        for one in tree["edges"]
    )
    return f"The tree of columns: {'; '.join(edges)}."


def dependence_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the tree as a figure."""
    tree = result.sections.get("dependence")
    if not tree or not tree["edges"]:
        return []
    graph = _graph(tree)
    placed = graph.layout()
    return [
        Drawing(
            name="dependence",
            title="The tree of columns",
            says=_in_words(tree),
            draw=lambda axes: plot_graph(axes, graph),
            width=max(placed.width / PIXELS, 3.0),
            height=max(placed.height / PIXELS, 2.0),
        )
    ]


def _text(value: str) -> str:
    return f"<bdi>{escape(clean(value), quote=True)}</bdi>"


SECTION = Section(
    name="dependence",
    title="Which columns hang together",
    position=1320,
    render=render,
    drawings=dependence_drawings,
)
