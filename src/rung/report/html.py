"""Write the report page: one file, no scripts, nothing fetched from anywhere."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from rung.core.history import History
from rung.core.result import Result
from rung.report.drawing import difference_picture, score_picture
from rung.report.numbers import shorten
from rung.report.sections.fold_map import fold_map_section
from rung.report.sections.inside import inside_pictures
from rung.report.sections.training import training_pictures
from rung.report.summary import summarise
from rung.typing import Untyped

MOST_CLASSES = 12
MOST_COLUMNS = 200
MOST_FINDINGS = 60
LONGEST_FACT = 60


def render(result: Result, history: History | None = None) -> str:
    """Return the page of a result; the same result and history give the same characters.

    Parameters
    ----------
    result : Result
        Outcome of a run.
    history : History, optional
        Earlier openings of its sealed rows.

    Returns
    -------
    str
        A whole HTML file. Its content security policy allows the one style that is in it, by its
        digest, and nothing else.

    Examples
    --------
    >>> run = rung.fit("galaxies.csv", target="lgGF")  # doctest: +SKIP
    >>> page = render(run.result, run.history)  # doctest: +SKIP
    """
    summary = summarise(result, history)
    style = _style()
    has_ladder = any(rung["score"] for rung in summary["scored"])
    page: str = _template().render(
        summary=summary,
        scores=score_picture(summary) if has_ladder else None,
        differences=difference_picture(summary) if has_ladder else None,
        trainings=training_pictures(result),
        inside=inside_pictures(result),
        fold_map=fold_map_section(result),
        style=style,
        policy=policy(style),
        limits={"classes": MOST_CLASSES, "columns": MOST_COLUMNS, "findings": MOST_FINDINGS},
    )
    return page


def policy(style: str) -> str:
    """Return the content security policy of a page that holds this style and no script.

    Examples
    --------
    >>> policy("").split("; ")[:2]
    ["default-src 'none'", 'img-src data:']
    """
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


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
    return environment


def _style() -> str:
    """Return the style sheet, framed by line ends so that its digest is that of the element."""
    source: str = _environment().loader.get_source(_environment(), "report.css")[0]
    return f"\n{source.strip()}\n"


def _template() -> Untyped:
    return _environment().get_template("report.html.j2")
