"""Show which scales, angles, places and statistics of images matter to the models."""

from __future__ import annotations

from functools import partial

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean
from rung.report.plots import plot_importance
from rung.report.sections.importance import importance_picture
from rung.report.sections.section import Drawing, Section, file_name
from rung.typing import JSON

HEADINGS = {
    "scale": "By scale",
    "angle": "By angle",
    "cell": "By place in the image",
    "channel": "By channel",
    "measure": "By what is measured",
}
MEANS = {
    "scale": "A wave of scale 1 is about 3 pixels long, and one of each next scale twice as long. "
    "Scale 1 then 3 is how structure of scale 1 is arranged at scale 3.",
    "angle": "An angle is that of a wave, anticlockwise from the horizontal. A turn is the angle "
    "between the waves of two scales; numbers with neither are means over all angles.",
    "cell": "Cell 1,1 is the upper left of 4 by 4 cells of the image, cell 1,4 the upper right.",
    "channel": "Channels have numbers of their own where there are others than red, green and blue.",
    "measure": "Numbers of one meaning together; columns beside the image stand alone.",
}


def column_pictures(result: Result) -> list[JSON] | None:
    """Return a picture for each way to put columns together; None where there is none."""
    found = result.sections.get("image_columns") or []
    return [_of_way(one) for one in found if one["columns"]] or None


def _of_way(found: JSON) -> JSON:
    picture = importance_picture(found)
    heading = f"{HEADINGS[found['way']]}, to the {clean(found['title'])} family"
    rows = [
        [
            row["title"],
            str(one["n_columns"]),
            row["value"],
            row["range"],
            row["share"],
            row["verdict"],
        ]
        for row, one in zip(picture["table"], found["columns"], strict=True)
    ]
    head = ["Group", "Numbers", f"{picture['metric']}, shuffled", "95% interval"]
    return {
        **picture,
        "axis": f"{picture['metric']} when the group is shuffled",
        "heading": heading,
        "hidden": "One group that matters less stands in the table."
        if picture["n_hidden"] == 1
        else f"{picture['n_hidden']} groups that matter less stand in the table.",
        "means": MEANS[found["way"]],
        "behind": {"head": [*head, "Loss changes by", "Judgement"], "rows": rows},
    }


def render(pictures: list[JSON], result: Result) -> str:
    """Return dots with intervals, and the table behind them."""
    return fill("image_columns.html.j2", pictures=pictures)


def column_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return a figure for each way."""
    found = [one for one in result.sections.get("image_columns") or [] if one["columns"]]
    return [
        Drawing(
            name=file_name(f"importance_by_{one['way']}", one["family"]),
            title=picture["heading"],
            says=picture["alternative"],
            draw=partial(plot_importance, found=one),
            height=1.0 + 0.32 * len(picture["rows"]),
        )
        for one, picture in zip(found, column_pictures(result) or [], strict=True)
    ]


SECTION = Section(
    name="image_columns",
    title="Which scales, angles and statistics matter",
    position=905,
    data=lambda result, summary: column_pictures(result),
    render=render,
    terms=("permutation",),
    drawings=column_drawings,
)
