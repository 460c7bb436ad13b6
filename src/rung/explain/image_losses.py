"""Show the images that were predicted worst, and the images behind each cell of the confusion matrix.

All are predicted by models that have not seen them; sealed images are never shown.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rung.core.family import Family
from rung.explain.explanation import Explained, Explanation
from rung.explain.truth import predictions
from rung.images.pictures import thumbnail
from rung.typing import JSON, Array

MOST_LARGEST, LARGE_SIDE = 12, 64
# Pictures of a confusion matrix, of all its cells together, and of one.
MOST_PICTURES, MOST_BEHIND, SMALL_SIDE, MOST_CLASSES = 160, 4, 32, 12
SMALLEST = 1e-15


def lost_images(found: Explained, family: Family, most: int = MOST_LARGEST) -> JSON:
    """Return the held-out images with the largest loss, the worst first.

    Returns
    -------
    dict
        `largest`, each with its `image`, `png`, `fold`, `true`, `predicted` and `loss`: of classes
        the log loss, with the `chance` of the predicted and `chance_of_true` of the true one; of
        values the absolute error.
    """
    rows, fold, outputs = predictions(found, family)
    classes, y = found.prepared.problem.classes, found.prepared.problem.y[rows]
    if classes:
        of_true = outputs[np.arange(len(y)), y]
        loss: Array = -np.log(np.maximum(of_true, SMALLEST))
    else:
        loss = np.abs(outputs[:, 0] - y)
    worst = np.argsort(-loss, kind="stable")[:most]
    names = found.labels(rows[worst])
    return {
        "family": family.name,
        "title": family.title,
        "n_rows": len(rows),
        "median": float(np.median(loss)),
        "largest": [
            {
                "image": name,
                "png": picture_of(found, int(rows[i]), LARGE_SIDE),
                "fold": int(fold[i]),
                **_facts(classes, y[i], outputs[i]),
                "loss": float(loss[i]),
            }
            for i, name in zip(worst.tolist(), names, strict=True)
        ],
    }


def _facts(classes: tuple[str, ...], y: Any, output: Array) -> JSON:
    if not classes:
        return {"true": float(y), "predicted": float(output[0])}
    guess = int(output.argmax())
    return {
        "true": classes[int(y)],
        "predicted": classes[guess],
        "chance": float(output[guess]),
        "chance_of_true": float(output[int(y)]),
    }


def picture_of(found: Explained, row: int, side: int) -> str:
    """Return a training image as a small PNG in base 64."""
    return thumbnail(found.pictures.images.pixels[found.prepared.train[row]], side)


def confused_images(found: Explained, family: Family) -> JSON | None:
    """Return how often each class was taken for each, with images of each cell.

    The images of a cell are those whose predicted class had the highest chance.

    Returns
    -------
    dict or None
        `classes`, and `cells` with their `true` and `predicted` class, their number `n`, and
        `images`; nothing where there are no classes, or too many to see.
    """
    classes = found.prepared.problem.classes
    if not 2 <= len(classes) <= MOST_CLASSES:
        return None
    rows, _, outputs = predictions(found, family)
    y, guess = found.prepared.problem.y[rows], outputs.argmax(axis=1)
    filled = {(int(a), int(b)) for a, b in zip(y, guess, strict=True)}
    each = min(max(MOST_PICTURES // max(len(filled), 1), 1), MOST_BEHIND)
    return {
        "family": family.name,
        "title": family.title,
        "n_rows": len(rows),
        "classes": list(classes),
        "cells": [
            _cell(found, rows, outputs, np.flatnonzero((y == true) & (guess == own)), each)
            | {"true": classes[true], "predicted": classes[own]}
            for true in range(len(classes))
            for own in range(len(classes))
        ],
    }


def _cell(found: Explained, rows: Array, outputs: Array, own: Array, most: int) -> JSON:
    chance = outputs[own].max(axis=1) if len(own) else np.empty(0)
    surest = own[np.argsort(-chance, kind="stable")[:most]]
    return {
        "n": len(own),
        "images": [
            {
                "image": name,
                "png": picture_of(found, int(rows[i]), SMALL_SIDE),
                "chance": float(outputs[i].max()),
            }
            for i, name in zip(surest.tolist(), found.labels(rows[surest]), strict=True)
        ],
    }


def losses_section(found: Explained) -> JSON | None:
    """Return the largest losses and the confused images of the choice."""
    family = found.shown[0]
    return {"lost": lost_images(found, family), "confused": confused_images(found, family)}


EXPLANATION = Explanation(name="image_losses", make=losses_section, kinds=("image",))
