"""Write a graph as one page: folded parts open in place, without scripts and nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence

from rung.graph.fold import Block, Folded
from rung.graph.layout import Direction, lay_out
from rung.graph.numbers import number
from rung.graph.parts import Fact, Node
from rung.graph.style import PAGE, PICTURE, VARIABLES
from rung.graph.svg import draw, text

MOST_ROWS, MOST_UNITS = 1_000, 100
UNIT_FACTS = ("value", "gradient", "mean", "std", "zeros", "gradient norm")


def page(
    folded: Folded,
    table: Sequence[Mapping[str, Fact]],
    *,
    direction: Direction = "down",
    notes: Sequence[str] = (),
) -> str:
    """Return a whole HTML file.

    Its content security policy allows the one style that is in it, by its digest, and nothing
    else. A click on a folded box opens the part of the page that shows what is inside.

    Parameters
    ----------
    folded : Folded
        What is drawn.
    table : sequence of mapping
        One row a node of the whole graph.
    direction : str
        Where results stand, seen from the inputs.
    notes : sequence of str
        Sentences below the heading.

    Examples
    --------
    >>> from rung.graph.parts import Node
    >>> page(Folded((Node("a", "a"),), (), "one"), [{"node": "a"}]).count("<svg")
    1
    """
    style = f"{VARIABLES}{PICTURE}{PAGE}"
    writer = _Writer(direction)
    body = [f"<h1>{text(folded.title)}</h1>", *(f"<p>{text(note)}</p>" for note in notes)]
    body += writer.part(folded)
    body += ["<h2>Every node</h2>", _table(table, MOST_ROWS)]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy(style)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{text(folded.title)}</title>",
            f"<style>{style}</style>\n</head>\n<body>\n<main>",
            *body,
            "</main>\n</body>\n</html>\n",
        ]
    )


def policy(style: str) -> str:
    """Return the content security policy of a page that holds this style and no script.

    Examples
    --------
    >>> policy("").split("; ")[0]
    "default-src 'none'"
    """
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


class _Writer:
    """Write pictures and what is folded in them; number them as they come."""

    def __init__(self, direction: Direction) -> None:
        self.direction = direction
        self.pictures = 0
        self.parts = 0

    def part(self, folded: Folded) -> list[str]:
        """Return a picture, and one element to open for each of its folded boxes."""
        self.pictures += 1
        name = f"g{self.pictures}"
        links = {}
        for key in folded.blocks:
            self.parts += 1
            links[key] = f"part-{self.parts}"
        layout = lay_out(folded.nodes, folded.edges, self.direction)
        hrefs = {key: f"#{link}" for key, link in links.items()}
        drawn = draw(layout, folded.nodes, title=folded.title, name=name, links=hrefs)
        titles = {node.key: node.title for node in folded.nodes}
        opened = [
            self._block(block, titles[key], links[key]) for key, block in folded.blocks.items()
        ]
        # A wide picture is moved sideways: it can be reached by keyboard.
        frame = f'<div class="picture" tabindex="0" role="group" aria-label="{text(folded.title)}">'
        return [f"{frame}{drawn}</div>", *opened]

    def _block(self, block: Block, title: str, link: str) -> str:
        many = f"×{len(block.units)}, " if len(block.units) > 1 else ""
        each = f"{len(block.units[0])} operations{' each' if many else ''}"
        about = f"{many}{each}" if block.inside else f"{len(block.units)} that play the same part"
        # A link to what lies inside a closed element opens it.
        inside = [
            f'<details><summary>{text(title)} <small>{about}</small></summary><div id="{link}">'
        ]
        if len(block.units) > 1:
            rows = [_unit_row(unit) for unit in block.units[:MOST_UNITS]]
            inside.append(_table(rows, MOST_UNITS))
            if len(block.units) > MOST_UNITS:
                inside.append(f"<p>The first {MOST_UNITS} of {len(block.units):,}.</p>")
        if block.inside is not None:
            if len(block.units) > 1:
                inside.append("<p>The first of them:</p>")
            inside += self.part(block.inside)
        return "\n".join([*inside, "</div></details>"])


def _unit_row(unit: Sequence[Node]) -> dict[str, Fact]:
    """Tell one of several alike blocks by its last node, where its result is."""
    first, last = unit[0], unit[-1]
    if len(unit) == 1:
        return {"node": last.key, **last.facts}
    shown = {name: last.facts[name] for name in UNIT_FACTS if name in last.facts}
    return {"from": first.key, "to": last.key, **shown}


def _table(rows: Sequence[Mapping[str, Fact]], most: int) -> str:
    """Return a table of the first rows, with a column for everything that a row names."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in names)
    body = "\n".join(f"<tr>{_cells(row, names)}</tr>" for row in rows[:most])
    rest = f"<p>The first {most:,} of {len(rows):,}.</p>" if len(rows) > most else ""
    return (
        '<div class="scroll" tabindex="0" role="group" aria-label="table"><table>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>{rest}"
    )


def _cells(row: Mapping[str, Fact], names: Sequence[str]) -> str:
    first, *others = names
    cells = [f'<th scope="row">{text(row.get(first, ""))}</th>']
    for name in others:
        value = row.get(name, "")
        if isinstance(value, str):
            cells.append(f'<td class="words">{text(value)}</td>')
        else:
            cells.append(f"<td>{number(float(value))}</td>")
    return "".join(cells)
