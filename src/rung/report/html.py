"""Write the report page: one file, no scripts, nothing fetched from anywhere."""

from __future__ import annotations

import base64
import hashlib

from rung.core.history import History
from rung.core.result import Result
from rung.report.filling import fill, style_sheet
from rung.report.numbers import clean
from rung.report.sections import rendered
from rung.report.summary import summarise


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
    style = style_sheet()
    return fill(
        "report.html.j2",
        summary=summary,
        parts=rendered(result, summary),
        style=style,
        policy=policy(style),
        version=clean(result.versions.get("rung", "")),
    )


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
