"""Explain the words that the page uses."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.sections.section import Section
from rung.typing import JSON


def render(summary: JSON, result: Result) -> str:
    """Return the words with what they mean."""
    return fill("words.html.j2", summary=summary)


SECTION = Section(
    name="words",
    title="How to read this",
    position=1800,
    data=lambda result, summary: summary,
    render=render,
)
