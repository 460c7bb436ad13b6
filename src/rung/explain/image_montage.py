"""Show images of each class, or of each fifth of the values, as they stand in the training rows."""

from __future__ import annotations

import numpy as np

from rung.explain.explanation import Explained, Explanation
from rung.explain.image_losses import picture_of
from rung.images.pictures import SIDE
from rung.typing import JSON, Array

OF_A_CLASS, MOST_SHOWN, PARTS = 8, 72, 5


def montage(found: Explained) -> list[JSON] | None:
    """Return some images of each class with their names; of values, of each fifth of the rows.

    They are the first in the order of what they show, which is none that anyone chose.

    Returns
    -------
    list of dict
        Of each class its `label`, the number of training images `n`, and `images`.
    """
    problem = found.prepared.problem
    if problem.classes:
        groups = [
            (label, np.flatnonzero(problem.y == k)) for k, label in enumerate(problem.classes)
        ]
    else:
        parts = np.array_split(np.argsort(problem.y, kind="stable"), PARTS)
        groups = [(_range(problem.y[own]), np.sort(own)) for own in parts if len(own)]
    each = max(min(OF_A_CLASS, MOST_SHOWN // len(groups)), 1)
    shown = groups[:MOST_SHOWN]
    return [
        {
            "label": label,
            "n": len(own),
            "images": [
                {"image": name, "png": picture_of(found, int(i), SIDE)}
                for i, name in zip(own[:each], found.labels(own[:each]), strict=True)
            ],
        }
        for label, own in shown
    ]


def _range(values: Array) -> str:
    return f"{values.min():.4g} to {values.max():.4g}"


EXPLANATION = Explanation(name="image_montage", make=montage, kinds=("image",))
