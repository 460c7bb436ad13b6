"""Show the sealed test: the scores of the choice, the leader and the constant guess on it."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.sections.section import Section
from rung.typing import JSON


def render(summary: JSON, result: Result) -> str:
    """Return the table of the sealed test."""
    return fill("sealed.html.j2", summary=summary)


SECTION = Section(
    name="sealed",
    title="The sealed test",
    position=500,
    data=lambda result, summary: summary,
    render=render,
    terms=("sealed", "interval"),
)
