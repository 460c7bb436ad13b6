"""Show which parts of an image models answer to, and how far gradient maps can be believed."""

from __future__ import annotations

from functools import partial

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, percent
from rung.report.panel import brief
from rung.report.plot_images import plot_captioned
from rung.report.sections.section import Drawing, Section, file_name
from rung.typing import JSON


def part_pictures(result: Result) -> list[JSON] | None:
    """Return the maps of each model that is shown; None where there are none."""
    found = result.sections.get("image_parts") or []
    return [
        {
            "family": one["family"],
            "title": clean(one["title"]),
            "images": [view_of(image) for image in one["images"]],
        }
        for one in found
    ] or None


def view_of(one: JSON) -> JSON:
    """Return one image with its maps, in words, and as a table."""
    hidden, gradient, name = one["occlusion"], one["gradient"], clean(one["image"])
    lost = [value for row in hidden["lost"] for value in row]
    predicted = _shown(one["predicted"])
    chance = f" with a chance of {percent(hidden['whole'])}" if one["chances"] else ""
    true = f", true {_shown(one['true'])}" if one.get("true") is not None else ""
    panels = [
        ("the image", one["png"], name),
        ("hiding a part", hidden["png"], f"what hiding each part of {name} changes"),
    ]
    if gradient:
        panels += [
            ("gradient map", gradient["png"], f"gradient map of {name}"),
            (
                "the same, random weights",
                gradient["random_png"],
                f"gradient map of {name} of a network with random weights",
            ),
        ]
    said = f"predicted {predicted}{chance}{true}."
    return {
        "name": name,
        "why": clean(one.get("why") or ""),
        "said": said,
        "of": f"the chance of {predicted}" if one["chances"] else "the prediction",
        "most": _short(max(*lost, 0.0)),
        "least": _short(-min(*lost, 0.0)),
        "gradient": gradient_words(gradient) if gradient else "",
        "panels": [{"title": t, "png": png, "says": says} for t, png, says in panels],
        "alternative": f"{name}: {said} {_strongest(hidden['lost'])}"
        + (f" {gradient_words(gradient)}" if gradient else ""),
        "table": {
            "head": ["Part, from above", *(f"{j + 1}" for j in range(len(hidden["lost"][0])))],
            "rows": [
                [f"{i + 1}", *(_short(value) for value in row)]
                for i, row in enumerate(hidden["lost"])
            ],
        },
    }


def gradient_words(found: JSON) -> str:
    """Say what the randomisation test found.

    Examples
    --------
    >>> gradient_words(
    ...     {"random": 0.1, "low": 0, "high": 0.2, "n_draws": 9, "others": None, "verdict": "yes"}
    ... )
    'the rank correlation with the map of random weights is 0.1 (0 to 0.2 in 9 draws): yes.'
    """
    others = found["others"]
    beside = f"; with those of the other folds it is {_short(others)}" if others is not None else ""
    return (
        f"the rank correlation with the map of random weights is {_short(found['random'])} "
        f"({_short(found['low'])} to {_short(found['high'])} in {found['n_draws']} draws){beside}: "
        f"{clean(found['verdict'])}."
    )


def _strongest(lost: list[list[float]]) -> str:
    """Say where hiding lowers the prediction most."""
    value, i, j = max((v, -i, -j) for i, row in enumerate(lost) for j, v in enumerate(row))
    down, across = percent((0.5 - i) / len(lost)), percent((0.5 - j) / len(lost[0]))
    return (
        f"Hiding lowers the prediction most, by {_short(value)}, {down} from above and {across} "
        "from the left."
    )


def _shown(value: object) -> str:
    return _short(value) if isinstance(value, float) else clean(value)


def _short(value: float) -> str:
    return brief(float(f"{value:.2g}"))


def render(models: list[JSON], result: Result) -> str:
    """Return the maps side by side, and the numbers behind them."""
    return fill("image_parts.html.j2", models=models)


def part_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the maps of each image as a figure."""
    return [
        Drawing(
            name=file_name("parts", model["family"], str(i + 1)),
            title=f"Which parts of {one['name']} {model['title']} answers to",
            says=one["alternative"],
            draw=partial(
                plot_captioned,
                pictures=[(panel["png"], panel["title"]) for panel in one["panels"]],
                columns=len(one["panels"]),
            ),
            width=1.0 + 1.9 * len(one["panels"]),
            height=2.6,
        )
        for model in part_pictures(result) or []
        for i, one in enumerate(model["images"])
    ]


SECTION = Section(
    name="image_parts",
    title="Which parts of an image models answer to",
    position=910,
    data=lambda result, summary: part_pictures(result),
    render=render,
    drawings=part_drawings,
)
