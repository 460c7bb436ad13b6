"""Show the confusion matrix: which classes the choice takes for which."""

from __future__ import annotations

from collections.abc import Sequence

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import ABSENT, clean, count, percent
from rung.report.plots import plot_confusion
from rung.report.sections.section import Drawing, Section
from rung.typing import JSON

MOST_CLASSES = 12


def confusion(result: Result) -> JSON | None:
    """Return the confusion matrix of the choice, on the sealed rows if they were opened.

    Returns
    -------
    dict or None
        `where` it was taken, `classes`, `rows` with `cells`, and the `positive` class.
    """
    chosen = [entry for entry in result.ladder if entry.family == result.choice.family]
    sealed = result.test.confusion
    matrix = sealed or (chosen[0].confusion if chosen else None)
    if matrix is None or not result.classes:
        return None
    rows = [
        {"name": clean(name), "cells": _cells(line, position)}
        for position, (name, line) in enumerate(zip(result.classes, matrix, strict=True))
    ]
    return {
        "where": "sealed test rows" if sealed else "out-of-fold predictions",
        "classes": [clean(name) for name in result.classes],
        "rows": rows,
        "positive": clean(result.positive) if result.positive is not None else "",
    }


def _cells(line: Sequence[float], diagonal: int) -> list[JSON]:
    total = sum(line)
    return [
        {
            "count": count(value),
            "part": value / total if total else 0.0,
            "share": percent(value / total) if total else ABSENT,
            "shade": round(4 * value / total) if total else 0,
            "right": position == diagonal,
        }
        for position, value in enumerate(line)
    ]


def render(matrix: JSON, result: Result) -> str:
    """Return the matrix as a table."""
    return fill("confusion.html.j2", confusion=matrix, most_classes=MOST_CLASSES)


def confusion_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the matrix as a figure, of as many classes as the page shows."""
    matrix = confusion(result)
    if matrix is None or len(matrix["classes"]) > MOST_CLASSES:
        return []
    rows = "; ".join(
        f"{row['name']}: {', '.join(cell['count'] for cell in row['cells'])}"
        for row in matrix["rows"]
    )
    return [
        Drawing(
            name="confusion",
            title=f"Confusion matrix of {summary['choice']['title']}, {matrix['where']}",
            says=f"Counts of the predicted classes {', '.join(matrix['classes'])} by true class. {rows}.",
            draw=lambda axes: plot_confusion(axes, matrix),
            width=2.2 + 0.8 * len(matrix["classes"]),
            height=1.6 + 0.7 * len(matrix["classes"]),
        )
    ]


SECTION = Section(
    name="confusion",
    title="Confusion matrix: which classes are mistaken for which",
    position=1410,
    data=lambda result, summary: confusion(result),
    render=render,
    terms=("confusion",),
    drawings=confusion_drawings,
)
