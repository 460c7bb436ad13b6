"""Show how the data were divided, and the roles of columns."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.sections.section import Section
from rung.typing import JSON

MOST_COLUMNS = 200


def render(summary: JSON, result: Result) -> str:
    """Return folds or parts, and the columns of a table."""
    return fill("division.html.j2", summary=summary, most_columns=MOST_COLUMNS)


SECTION = Section(
    name="division",
    title="How the {units} were divided",
    position=1600,
    data=lambda result, summary: summary,
    render=render,
    phase="data preparation",
    terms=("cross_validation", "sealed"),
)
