"""Fill templates of the page; whatever is filled in is escaped."""

from __future__ import annotations

from functools import cache

from rung.report.aligning import aligned, aligned_table
from rung.report.capitals import capital
from rung.report.numbers import shorten
from rung.typing import Untyped

LONGEST_FACT = 60


def fill(template: str, **values: object) -> str:
    """Return a template of `rung.report` with these values in it.

    Examples
    --------
    >>> "<i>" in fill("findings.html.j2", findings=[], n_more="<i>")
    False
    """
    filled: str = _environment().get_template(template).render(**values)
    return filled


def style_sheet() -> str:
    """Return the style sheet, framed by line ends so that its digest is that of the element."""
    source: str = _environment().loader.get_source(_environment(), "report.css")[0]
    return f"\n{source.strip()}\n"


@cache
def _environment() -> Untyped:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("rung.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["short"] = lambda text: shorten(text, LONGEST_FACT)
    environment.filters["sentence"] = capital
    environment.filters["aligned"] = aligned
    environment.filters["aligned_table"] = aligned_table
    return environment
