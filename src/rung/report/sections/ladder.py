"""Show the ladder: pictures of scores and differences, and the numbers behind them."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.drawing import difference_picture, score_picture
from rung.report.filling import fill
from rung.report.sections.section import Section
from rung.typing import JSON


def ladder_data(result: Result, summary: JSON) -> JSON:
    """Return the two pictures, None where no family was scored, and the summary."""
    has_ladder = any(rung["score"] for rung in summary["scored"])
    return {
        "scores": score_picture(summary) if has_ladder else None,
        "differences": difference_picture(summary) if has_ladder else None,
        "summary": summary,
    }


def render(data: JSON, result: Result) -> str:
    """Return the pictures and the tables."""
    return fill("ladder.html.j2", **data)


SECTION = Section(
    name="ladder",
    title="The ladder",
    position=100,
    data=ladder_data,
    render=render,
    terms=(
        "metric",
        "cross_validation",
        "interval",
        "margin",
        "choice",
        "leader",
        "verdicts",
        "nested",
    ),
)
