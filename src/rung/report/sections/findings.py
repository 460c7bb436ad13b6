"""Show what was found about the data."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.sections.section import Section
from rung.typing import JSON

MOST_FINDINGS = 60


def render(findings: list[JSON], result: Result) -> str:
    """Return the findings, the gravest first."""
    n_more = max(len(findings) - MOST_FINDINGS, 0)
    return fill("findings.html.j2", findings=findings[:MOST_FINDINGS], n_more=n_more)


SECTION = Section(
    name="findings",
    title="Findings about the data",
    position=600,
    data=lambda result, summary: summary["findings"],
    render=render,
    terms=("leakage",),
)
