"""Draw the tree of columns with what its edges hold, and the numbers behind it."""

from __future__ import annotations

import base64
from html import escape

from rung.core.result import Result
from rung.report.numbers import clean, count
from rung.report.sections.section import Section
from rung.typing import JSON

LEAD = (
    "Each column depends on the one above it alone: the tree that holds most mutual information. "
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
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Columns", "Mutual information [nats/row]", "Folds", "Rows")
    )
    lonely = len(tree["columns"]) - len({name for one in edges for name in _ends(one)})
    named = "1 column hangs" if lonely == 1 else f"{lonely} columns hang"
    alone = f"<p>{named} together with no other.</p>" if lonely else ""
    table = (
        '<div class="scroll" tabindex="0" role="region" aria-label="Edges of the tree"><table>'
        f"<caption>Edges, the strongest first; rows know both cells.</caption><thead><tr>{head}"
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    picture = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Tree">{_picture(tree)}</div>'
        if edges
        else ""
    )
    return f"<p>{LEAD}</p>{picture}{alone}{table if edges else ''}"


def _ends(edge: JSON) -> tuple[str, str]:
    return edge["parent"], edge["child"]


def _picture(tree: JSON) -> str:
    """Return the tree as an image that the page holds; columns without an edge are left out."""
    from rung.report.dependence_graph import tree_graph

    drawn = {name for one in tree["edges"] for name in _ends(one)}
    shown = tree_graph({**tree, "columns": [name for name in tree["columns"] if name in drawn]})
    data = base64.b64encode(shown.to_svg().encode("utf-8")).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{data}" alt="The tree of columns.">'


def _text(value: str) -> str:
    return f"<bdi>{escape(clean(value), quote=True)}</bdi>"


SECTION = Section(
    name="dependence", title="Which columns hang together", position=1320, render=render
)
