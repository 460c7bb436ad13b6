"""Show the first filters of a network of images, and its feature maps of one image."""

from __future__ import annotations

from functools import partial

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, count, percent
from rung.report.panel import brief
from rung.report.plot_images import plot_captioned
from rung.report.sections.section import Drawing, Section, file_name
from rung.typing import JSON


def network_picture(result: Result) -> JSON | None:
    """Return filters and maps of the best network; None where none was trained."""
    found = result.sections.get("image_network")
    return {**view_of_network(found), "family": found["family"]} if found else None


def view_of_network(found: JSON) -> JSON:
    """Return filters and maps in words and as tables."""
    own, name = found["filters"], clean(found["image"])
    channels = count(own["channels"])
    size = f"{own['side']} by {own['side']} pixels"
    shown = len(own["rows"])
    said = (
        f"{shown} of {count(own['n'])}, of {size} and {channels} "
        f"{'channel' if own['channels'] == 1 else 'channels'}, each stretched by itself"
        f"{'' if own['channels'] in (1, 3) else '; the mean of the channels is shown'}."
    )
    stages = [_stage(one) for one in found["stages"]]
    listed = "; ".join(f"{one['name']}: {one['size']}" for one in stages)
    return {
        "title": clean(found["title"]),
        "name": name,
        "png": found["png"],
        "filters": {
            "png": own["png"],
            "said": said,
            "alternative": f"First filters of {clean(found['title'])}: {said}",
            "table": {
                "head": ["Filter", "Root mean square", "Weights, channel by channel, row by row"],
                "rows": [
                    [
                        str(row["filter"]),
                        brief(row["size"]),
                        ", ".join(brief(value) for value in row["weights"]),
                    ]
                    for row in own["rows"]
                ],
            },
        },
        "maps": {
            "stages": stages,
            "size": "as it was read",
            "alternative": f"Feature maps of {name}. {listed}.",
            "table": {
                "head": ["Stage", "Maps", "Height", "Width", "Above zero", "Mean", "Largest"],
                "rows": [_numbers(one) for one in found["stages"]],
            },
        },
    }


def _stage(one: JSON) -> JSON:
    size = f"{count(one['channels'])} maps of {one['width']} x {one['height']}"
    return {
        "name": clean(one["title"]),
        "png": one["png"],
        "size": size,
        "says": f"{one['shown']} of {size} out of {clean(one['stage'])}",
    }


def _numbers(one: JSON) -> list[str]:
    facts = (str(one[key]) for key in ("channels", "height", "width"))
    return [
        clean(one["title"]),
        *facts,
        percent(one["active"]),
        brief(one["mean"]),
        brief(one["most"]),
    ]


def render(found: JSON, result: Result) -> str:
    """Return filters and maps, and the numbers behind them."""
    return fill("image_network.html.j2", **found)


def network_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the filters and the maps as figures."""
    found = network_picture(result)
    if found is None:
        return []
    filters, maps = found["filters"], found["maps"]
    shown = [(found["png"], "the image"), *((one["png"], one["name"]) for one in maps["stages"])]
    return [
        Drawing(
            name=file_name("filters", found["family"]),
            title=f"First filters of {found['title']}",
            says=filters["alternative"],
            draw=partial(plot_captioned, pictures=[(filters["png"], "")], columns=1),
            height=3.2,
        ),
        Drawing(
            name=file_name("feature_maps", found["family"]),
            title=f"Feature maps of {found['name']}, {found['title']}",
            says=maps["alternative"],
            draw=partial(plot_captioned, pictures=shown, columns=len(shown)),
            width=1.0 + 3.2 * len(shown),
            height=3.6,
        ),
    ]


SECTION = Section(
    name="image_network",
    title="What the network has learned to see",
    position=915,
    data=lambda result, summary: network_picture(result),
    render=render,
    drawings=network_drawings,
)
