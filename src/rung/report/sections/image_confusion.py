"""Show the confusion matrix with the images of its cells."""

from __future__ import annotations

from functools import partial

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import ABSENT, clean, count, percent
from rung.report.plot_images import plot_matrix
from rung.report.sections.section import Drawing, Section
from rung.typing import JSON


def confused(result: Result) -> JSON | None:
    """Return rows of cells with their images; None where there are none.

    Cells are matched by the names of their classes, whatever order they come in.
    """
    found = (result.sections.get("image_losses") or {}).get("confused")
    if not found:
        return None
    cells = {(one["true"], one["predicted"]): one for one in found["cells"]}
    classes = found["classes"]
    return {
        "title": clean(found["title"]),
        "classes": [clean(name) for name in classes],
        "rows": [
            {
                "name": clean(true),
                "cells": _cells([cells[true, name] for name in classes], place),
            }
            for place, true in enumerate(classes)
        ],
    }


def _cells(line: list[JSON], diagonal: int) -> list[JSON]:
    total = sum(one["n"] for one in line)
    return [
        {
            "count": count(one["n"]),
            "share": percent(one["n"] / total) if total else ABSENT,
            "shade": round(4 * one["n"] / total) if total else 0,
            "right": place == diagonal,
            "images": [
                {
                    "png": each["png"],
                    "name": clean(each["image"]),
                    "chance": percent(each["chance"]),
                    "says": f"{clean(each['image'])}: true {clean(one['true'])}, "
                    f"predicted {clean(one['predicted'])}",
                }
                for each in one["images"]
            ],
        }
        for place, one in enumerate(line)
    ]


def render(matrix: JSON, result: Result) -> str:
    """Return the matrix as a table whose cells open."""
    return fill("image_confusion.html.j2", **matrix)


def confused_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the matrix with one image a cell as a figure."""
    matrix = confused(result)
    if matrix is None:
        return []
    rows = "; ".join(
        f"{row['name']}: {', '.join(cell['count'] for cell in row['cells'])}"
        for row in matrix["rows"]
    )
    size = 0.85 * len(matrix["classes"])
    return [
        Drawing(
            name="confusion-images",
            title=f"Images of the confusion matrix of {matrix['title']}, out of fold",
            says=f"Counts of the predicted classes {', '.join(matrix['classes'])} by true class, with "
            f"the surest image of each. {rows}.",
            draw=partial(plot_matrix, matrix=matrix),
            width=1.8 + size,
            height=1.2 + size,
        )
    ]


SECTION = Section(
    name="image_confusion",
    title="Which images are mistaken for which class",
    position=1411,
    data=lambda result, summary: confused(result),
    render=render,
    terms=("confusion",),
    drawings=confused_drawings,
)
