"""Show the images of a run: some of each class, and those that the choice is furthest from."""

from __future__ import annotations

from html import escape

from rung.core.result import Result
from rung.report.numbers import clean, count
from rung.report.sections.section import Section
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
        unit_note=", equal and nearly equal ones together",
    )


def render(images: JSON, result: Result) -> str:
    """Return some images of each class, and the worst losses with what was predicted."""
    parts = [
        f"<h3>{_text(one['label'])}</h3><p>{''.join(_picture(each) for each in one['images'])}</p>"
        for one in images["classes"]
    ]
    listed = "".join(
        f"<tr><td>{_picture(one)}</td><td>{_text(one['name'])}</td><td>{_text(one['truth'])}</td>"
        f"<td>{_text(one['predicted'])}</td></tr>"
        for one in images["worst"]
    )
    table = (
        "<h3>Furthest from the truth, out of fold</h3><table><thead><tr><th></th><th>image</th>"
        f"<th>label</th><th>predicted</th></tr></thead><tbody>{listed}</tbody></table>"
    )
    return "".join(parts) + table


def _picture(one: JSON) -> str:
    name = _text(one["name"])
    source = f"data:image/png;base64,{escape(one['png'], quote=True)}"
    return f'<img src="{source}" alt="{name}" title="{name}" width="48"> '


def _text(value: str) -> str:
    return escape(clean(value), quote=True)


SECTION = Section(name="image", title="The images", position=1640, render=render, words=wording)
