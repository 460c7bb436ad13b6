"""Show the ladder: pictures of scores and differences, and the numbers behind them."""

from __future__ import annotations

from rung.core.result import Result
from rung.report.drawing import difference_picture, score_picture
from rung.report.filling import fill
from rung.report.plots import plot_differences
from rung.report.plots_ladder import FRAME_INCHES, ROW_INCHES, draw_ladder
from rung.report.sections.section import Drawing, Section
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


def ladder_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the scores, and how much worse than the leader each family is."""
    data = ladder_data(result, summary)
    scores, differences = data["scores"], data["differences"]
    if scores is None:
        return []
    height = FRAME_INCHES + ROW_INCHES * len(scores["numbers"])
    size = {"height": height}
    drawn = [
        Drawing(
            name="ladder",
            title="The ladder: score of every family",
            says=scores["alternative"],
            draw=lambda axes: draw_ladder(axes, scores),
            **size,
        )
    ]
    if differences is not None:
        drawn.append(
            Drawing(
                name="differences",
                title="How much worse than the leader each family is",
                says=differences["alternative"],
                draw=lambda axes: plot_differences(axes, differences),
                **size,
            )
        )
    return drawn


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
    drawings=ladder_drawings,
)
