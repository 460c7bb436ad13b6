"""Write the explanation of one image as a page of its own."""

from __future__ import annotations

from collections.abc import Sequence

from rung.report.filling import fill, style_sheet
from rung.report.html import policy
from rung.report.numbers import clean
from rung.typing import JSON


def image_page(title: str, models: Sequence[JSON], network: JSON | None) -> str:
    """Return a whole HTML file without scripts.

    Parameters
    ----------
    title : str
        What is shown.
    models : sequence of dict
        As `rung.report.sections.image_parts` shows them.
    network : dict or None
        As `rung.report.sections.image_network` shows it.

    Examples
    --------
    >>> "<h1><bdi>a &lt; b</bdi></h1>" in image_page("a < b", [], None)
    True
    """
    style = style_sheet()
    return fill(
        "image_page.html.j2",
        title=clean(title),
        parts_of=fill("image_parts.html.j2", models=models),
        network=fill("image_network.html.j2", **network) if network else "",
        style=style,
        policy=policy(style),
    )
