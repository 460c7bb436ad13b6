"""Show a run and its progress in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib import import_module
from typing import Any

from rung.core.events import Event, Listener
from rung.core.result import Result
from rung.report.filling import style_sheet
from rung.report.headline import headline
from rung.report.kernel import is_in_notebook
from rung.report.numbers import clean
from rung.report.standing import heading, score_line
from rung.report.summary import summarise

MOST_NAMES = 12
# How JupyterLab, Visual Studio Code and pages of Sphinx or Colab say that they are dark or light. A page
# in a frame takes the colours of whatever scheme the frame itself has.
DARK = '[data-jp-theme-light="false"], .vscode-dark, .vscode-high-contrast, [data-theme="dark"], [theme="dark"]'
LIGHT = '[data-jp-theme-light="true"], .vscode-light, [data-theme="light"], [theme="light"]'
FRAME_STYLE = (
    "iframe.rung-view { width: 100%; height: 34rem; border: 0 } "
    f":is({DARK}) iframe.rung-view {{ color-scheme: dark }} "
    f":is({LIGHT}) iframe.rung-view {{ color-scheme: light }}"
)


def framed(body: str, title: str) -> str:
    """Return a part of the page in a frame of its own, light or dark as the notebook around it.

    Parameters
    ----------
    body : str
        HTML, everything in it escaped.
    title : str
        What it is, for who cannot see it.

    Examples
    --------
    >>> framed("<p>one</p>", "One")[:36]
    '<iframe class="rung-view" title="One'
    """
    page = f"<!DOCTYPE html><meta charset='utf-8'><style>{style_sheet()}</style>{body}"
    frame = f'<iframe class="rung-view" title="{escape(title)}" srcdoc="{escape(page)}"></iframe>'
    return f"{frame}<style>{FRAME_STYLE}</style>"


def notebook_listener() -> Listener | None:
    """Return what shows scores as they come, where the code runs in a notebook; else None."""
    if not is_in_notebook():
        return None
    shown: Any = import_module("IPython.display")
    handle = shown.display(shown.HTML(""), display_id=True)
    return NotebookProgress(lambda page: handle.update(shown.HTML(page)))


class NotebookProgress:
    """Listen to a run and draw its scores anew after each family.

    Parameters
    ----------
    draw : callable
        Takes HTML that stands in place of what it was given before.

    Examples
    --------
    >>> pages = []
    >>> NotebookProgress(pages.append)(Event("skipped", "svm", "too many rows"))
    >>> "too many rows" in pages[-1]
    True
    """

    def __init__(self, draw: Any) -> None:
        self._draw = draw
        self._lines: list[str] = []
        self._so_far = ""

    def __call__(self, event: Event) -> None:
        """Draw the scores that are there, and what goes on."""
        now = ""
        if event.kind in ("scored", "skipped"):
            standing = event.standing
            if standing is not None and not self._lines:
                self._lines.append(heading(standing))
            self._lines.append(score_line(event))
            self._so_far = standing.so_far if standing is not None else self._so_far
        elif event.kind in ("family", "stage"):
            now = f"{clean(event.text)} ..."
        else:
            return
        said = [f"so far: {clean(self._so_far)}"] if self._so_far else []
        self._draw(
            f"<pre>{escape(chr(10).join([*self._lines, *said, *([now] if now else [])]))}</pre>"
        )


def run_html(result: Result) -> str:
    """Return the answer and the ladder as a small piece of HTML; everything in it is escaped."""
    found, summary = headline(result), summarise(result)
    rows = "".join(
        f"<tr><th style='text-align: left'>{escape(rung['title'])}</th><td>{_score(rung)}</td>"
        f"<td style='text-align: left'>{escape(rung['verdict'])}{_role(rung)}</td></tr>"
        for rung in summary["scored"]
    )
    title = escape(summary["metric"]["with_unit"])
    return (
        f"<p><strong>{escape(found.use)}</strong><br>{escape(found.sure)}<br>"
        f"What would change it: {escape(found.change)}</p>"
        f"<table><thead><tr><th>family</th><th>{title}</th><th>verdict</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def model_html(title: str, what: str, names: Sequence[str] = ()) -> str:
    """Return what a model is as a small piece of HTML; everything in it is escaped.

    Examples
    --------
    >>> model_html("Linear", "predicts y from 1 column", ["<x>"])
    '<p><strong>Linear</strong> predicts y from 1 column: <code>&lt;x&gt;</code></p>'
    """
    shown = ", ".join(f"<code>{escape(clean(name))}</code>" for name in names[:MOST_NAMES])
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    listed = f": {shown}{more}" if names else ""
    return f"<p><strong>{escape(clean(title))}</strong> {escape(clean(what))}{listed}</p>"


def _score(rung: dict[str, Any]) -> str:
    score = rung["score"]
    return escape(f"{score['value']} \N{PLUS-MINUS SIGN} {score['half']}") if score else ""


def _role(rung: dict[str, Any]) -> str:
    roles = [name for name in ("choice", "leader") if rung[f"is_{name}"]]
    return f" <strong>({', '.join(roles)})</strong>" if roles else ""
