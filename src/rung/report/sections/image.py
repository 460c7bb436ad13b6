"""Show images of each class, as they are given to models."""

from __future__ import annotations

from functools import partial

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, count
from rung.report.plot_images import plot_rows
from rung.report.sections.section import Drawing, Section
from rung.report.wording import PageWords
from rung.typing import JSON


def wording(images: JSON) -> PageWords:
    """Return the words of the page of a run on images."""
    cut = f"{images['cut']} pixels around the centre, then " if images["cut"] else ""
    return PageWords(
        units="images",
        what="images",
        fitted="Every one was fitted on the same folds and scored on images that it had not seen.",
        facts=(
            ("Images", count(images["n_images"])),
            ("Size", f"{cut}{images['width']} x {images['height']} pixels"),
            ("Channels", clean(", ".join(images["channels"]))),
            ("Stretch", images["stretch"]),
            ("Symmetry declared", images["symmetry"]),
        ),
        curves={
            "inner_loss": "images learned from",
            "inner_held_loss": "images held back inside, which chose the pass that was kept",
        },
        unit_note=", equal and nearly equal ones together",
    )


def montage(result: Result) -> list[JSON] | None:
    """Return the images of each class with their names; None where none are shown."""
    return [_group(one) for one in result.sections.get("image_montage") or []] or None


def _group(found: JSON) -> JSON:
    names = [clean(one["image"]) for one in found["images"]]
    label = clean(found["label"])
    return {
        "label": label,
        "n": count(found["n"]),
        "images": [
            {"png": one["png"], "name": f"{name} ({label})"}
            for one, name in zip(found["images"], names, strict=True)
        ],
        "alternative": f"{len(names)} images of {label}: {', '.join(names)}.",
        "names": names,
    }


def render(groups: list[JSON], result: Result) -> str:
    """Return some images of each class, and their names behind them."""
    rows = [[group["label"], name] for group in groups for name in group["names"]]
    return fill(
        "image.html.j2",
        groups=groups,
        alternative=" ".join(one["alternative"] for one in groups),
        has_classes=bool(result.classes),
        table={"head": [clean(result.target), "Image"], "rows": rows},
    )


def montage_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the images of each class as a figure, a row a class."""
    groups = montage(result)
    if groups is None:
        return []
    shown = [(one["label"], [each["png"] for each in one["images"]]) for one in groups]
    return [
        Drawing(
            name="montage",
            title=f"Images by {clean(result.target)}",
            says=" ".join(one["alternative"] for one in groups),
            draw=partial(plot_rows, rows=shown),
            width=1.6 + 0.75 * max(len(own) for _, own in shown),
            height=0.4 + 0.8 * len(shown),
        )
    ]


SECTION = Section(
    name="image",
    title="The images",
    position=1640,
    data=lambda result, summary: montage(result),
    render=render,
    words=wording,
    drawings=montage_drawings,
)
