"""Show the images of a run: some of each class, and those that the choice is furthest from."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rung.core.result import Result
from rung.report.numbers import clean, count
from rung.report.plots_data import plot_images
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


def render(images: JSON, result: Result) -> str:
    """Return some images of each class, and the worst losses with what was predicted."""
    listed = "".join(
        f"<tr><td>{_picture(one)}</td><td>{_text(one['name'])}</td><td>{_text(one['truth'])}</td>"
        f"<td>{_text(one['predicted'])}</td></tr>"
        for one in images["worst"]
    )
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("Image", "File", "Truth", "Predicted")
    )
    worst = (
        '<h3>Furthest from the truth, out of fold</h3><figure><div class="scroll" tabindex="0" '
        f'role="region" aria-label="Furthest from the truth"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{listed}</tbody></table></div></figure>"
    )
    return _classes(images["classes"]) + (worst if images["worst"] else "")


def _classes(classes: Sequence[JSON]) -> str:
    """Return some images of each class, and how their files are called."""
    parts = [
        f"<div><h3>{_text(one['label'])}</h3>"
        f"<p>{''.join(_picture(each) for each in one['images'])}</p></div>"
        for one in classes
    ]
    rows = "".join(
        f'<tr><th scope="row">{_text(one["label"])}</th>'
        f"<td>{', '.join(_text(each['name']) for each in one['images'])}</td></tr>"
        for one in classes
    )
    table = (
        '<details class="behind"><summary>Table<span class="hidden">: files of these images</span>'
        '</summary><div class="scroll" tabindex="0" role="region" aria-label="Files"><table><thead>'
        f'<tr><th scope="col">Class</th><th scope="col">Files</th></tr></thead><tbody>{rows}</tbody>'
        "</table></div></details>"
    )
    return f'<figure class="images">{"".join(parts)}{table}</figure>' if classes else ""


def image_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the images of the page as two figures."""
    images = result.sections.get("image")
    if not images:
        return []
    classes = [(clean(one["label"]), one["images"]) for one in images["classes"]]
    worst = [
        (f"{clean(one['truth'])}, predicted\n{clean(one['predicted'])}", [one])
        for one in images["worst"]
    ]
    drawings = [
        _sheet("images", "Images of each class", classes),
        _sheet("images-worst", "Images furthest from the truth, out of fold", worst),
    ]
    return [one for one in drawings if one]


def _sheet(name: str, title: str, rows: Sequence[tuple[str, Sequence[JSON]]]) -> Drawing | None:
    """Return rows of images as a figure; None where there are none."""
    rows = [(words, images) for words, images in rows if images]
    if not rows:
        return None
    said = (
        f"{words}: {', '.join(clean(one['name']) for one in images)}".replace("\n", " ")
        for words, images in rows
    )
    longest = max(len(images) for _, images in rows)
    return Drawing(
        name=name,
        title=title,
        says=f"{title}. {'; '.join(said)}.",
        draw=lambda axes: plot_images(axes, rows),
        width=1.5 + 0.8 * longest,
        height=0.8 * len(rows),
    )


def _picture(one: JSON) -> str:
    name = _text(one["name"])
    source = f"data:image/png;base64,{escape(one['png'], quote=True)}"
    return f'<img src="{source}" alt="{name}" title="{name}" width="48"> '


def _text(value: str) -> str:
    return escape(clean(value), quote=True)


SECTION = Section(
    name="image",
    title="The images",
    position=1640,
    render=render,
    words=wording,
    drawings=image_drawings,
)
