"""Show how families score on rows that they learned from beside rows that they did not."""

from __future__ import annotations

from rung.core.result import Result
from rung.report import words
from rung.report.drawing import scale_of, ticks_of
from rung.report.filling import fill
from rung.report.numbers import clean, decimals_for, number
from rung.report.plots import plot_gaps
from rung.report.sections.section import Drawing, Section
from rung.typing import JSON


def training_score_picture(result: Result) -> JSON | None:
    """Return a row a family with both scores; None where no family kept its models."""
    found = result.sections.get("training_score") or []
    if not found:
        return None
    kinds = ("training", "held_out")
    metric = words.metric_words(result.metric)
    rows = [_row(one, is_higher_better=metric.higher_is_better) for one in found]
    scale = scale_of(one[kind]["mean"] for one in found for kind in kinds)
    for row, one in zip(rows, found, strict=True):
        row["places"] = {kind: scale.place(one[kind]["mean"]) for kind in kinds}
    title = metric.title
    parts = [f"{row['title']} {row['training']} and {row['held_out']}" for row in rows]
    return {
        "rows": rows[::-1],
        "table": rows,
        "ticks": ticks_of(scale),
        "axis": f"{title}, {'higher' if metric.higher_is_better else 'lower'} is better",
        "metric": title,
        "alternative": f"{title} on training rows and on held-out rows: {'; '.join(parts)}.",
    }


def _row(one: JSON, *, is_higher_better: bool) -> JSON:
    training, held_out = one["training"]["mean"], one["held_out"]["mean"]
    gap = training - held_out if is_higher_better else held_out - training
    spread = (one["held_out"]["high"] - one["held_out"]["low"]) / 2
    decimals = decimals_for(spread or abs(held_out))
    return {
        "title": clean(one["title"]),
        "training": number(training, decimals),
        "held_out": number(held_out, decimals),
        "folds": f"{number(one['held_out']['low'], decimals)} to {number(one['held_out']['high'], decimals)}",
        "gap": number(gap, decimals),
    }


def render(picture: JSON, result: Result) -> str:
    """Return both scores of every family, and the table behind them."""
    return fill("training_score.html.j2", picture=picture)


def training_score_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the figure of both scores."""
    found, picture = result.sections.get("training_score") or [], training_score_picture(result)
    if picture is None:
        return []
    return [
        Drawing(
            name="training-score",
            title="Scores on training rows and on held-out rows",
            says=picture["alternative"],
            draw=lambda axes: plot_gaps(axes, found, picture["axis"]),
            height=1.3 + 0.3 * len(picture["rows"]),
        )
    ]


SECTION = Section(
    name="training_score",
    title="What families learned by heart",
    position=1500,
    data=lambda result, summary: training_score_picture(result),
    render=render,
    terms=("overfitting",),
    drawings=training_score_drawings,
)
