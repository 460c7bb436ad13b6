"""Show the images that were predicted worst."""

from __future__ import annotations

from functools import partial

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean, count, percent
from rung.report.plot_images import plot_captioned
from rung.report.sections.section import Drawing, Section
from rung.typing import JSON

OF_CLASSES = ("True", "Predicted", "Loss", "Fold")
OF_VALUES = ("True", "Predicted", "Off by", "Fold")
SMALLEST = 0.001


def losses(result: Result) -> JSON | None:
    """Return the worst images with what was said of each; None where none are shown."""
    found = (result.sections.get("image_losses") or {}).get("lost")
    return losses_of(found, result) if found else None


def losses_of(found: JSON, result: Result) -> JSON:
    """Return the worst images of one family with what was predicted of each."""
    return {
        "title": clean(found["title"]),
        "n_rows": count(found["n_rows"]),
        "median": f"{found['median']:.2g}",
        "loss": "in brackets stand chances, and the loss is minus the logarithm of that of the true class, in nats"
        if result.classes
        else "the loss is the absolute error",
        "head": OF_CLASSES if result.classes else OF_VALUES,
        "rows": [_row(one, bool(result.classes)) for one in found["largest"]],
    }


def _row(one: JSON, is_class: bool) -> JSON:
    name, loss, fold = clean(one["image"]), f"{one['loss']:.3g}", str(one["fold"])
    if is_class:
        true = f"{clean(one['true'])} ({_chance(one['chance_of_true'])})"
        predicted = f"{clean(one['predicted'])} ({_chance(one['chance'])})"
    else:
        true, predicted = f"{one['true']:.4g}", f"{one['predicted']:.4g}"
    return {
        "name": name,
        "png": one["png"],
        "cells": [true, predicted, loss, fold],
        "says": f"{name}: true {true}, predicted {predicted}",
    }


def _chance(value: float) -> str:
    return percent(value) if value >= SMALLEST else f"under {percent(SMALLEST)}"


def caption(row: JSON) -> str:
    """Return three lines below a picture: its name, what is true, what was predicted."""
    return f"{row['name']}\ntrue {row['cells'][0]}\npredicted {row['cells'][1]}"


def render(found: JSON, result: Result) -> str:
    """Return a table with a picture in each row."""
    return fill("image_losses.html.j2", **found)


def losses_drawings(result: Result, summary: JSON) -> list[Drawing]:
    """Return the worst images as a figure."""
    found = losses(result)
    if found is None:
        return []
    shown = [(row["png"], caption(row)) for row in found["rows"]]
    return [
        Drawing(
            name="largest-losses",
            title=f"Images with the largest loss of {found['title']}",
            says="; ".join(row["says"] for row in found["rows"]) + ".",
            draw=partial(plot_captioned, pictures=shown, columns=4),
            width=8.0,
            height=0.5 + 2.2 * -(-len(shown) // 4),
        )
    ]


SECTION = Section(
    name="image_losses",
    title="The images with the largest loss",
    position=1405,
    data=lambda result, summary: losses(result),
    render=render,
    drawings=losses_drawings,
)
