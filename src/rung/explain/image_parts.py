"""Show which parts of an image a model answers to: a typical image, and the one predicted worst."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rung.core.family import Family
from rung.errors import UsageError
from rung.explain.explanation import Explained, Explanation
from rung.explain.image_networks import filters_of, gradient_of, networks_of, stages_of
from rung.explain.occlusion import occlusion
from rung.families import baseline
from rung.images.numbers import BESIDE, sources_of_family
from rung.images.pictures import thumbnail
from rung.kinds.image.beside import PREFIX
from rung.kinds.image.model import FittedImages, of_pixels
from rung.kinds.table.model import FittedModel
from rung.typing import JSON, Array

SIDE = 64


def parts_section(found: Explained) -> list[JSON] | None:
    """Return where the choice looks, and the best network if there is one."""
    shown = [family for family in (found.shown[0], best_network(found)) if family is not None]
    each = {one.name: one for one in shown if reads_images(one)}
    return [parts_of(found, one) for one in each.values() if found.fitted(one).models] or None


def reads_images(family: Family) -> bool:
    """Tell whether a family looks at the image, and not only at columns beside it.

    Examples
    --------
    >>> from rung.families import find
    >>> [reads_images(find(name, "image")) for name in ("constant", "column_linear", "small_cnn")]
    [False, False, True]
    """
    return family.name != baseline("image") and sources_of_family(family.name) != (BESIDE,)


def best_network(found: Explained) -> Family | None:
    """Return the network of pixels with the smallest loss; None where none was trained."""
    losses = found.ladder.judged.losses
    ranked = sorted(zip(losses.means.tolist(), losses.names, strict=True))
    for _, name in ranked:
        models = found.fitted(found.family(name)).models
        if models and networks_of(models[0]):
            return found.family(name)
    return None


def parts_of(found: Explained, family: Family) -> JSON:
    """Return which parts of two images the model of the first fold answers to.

    Both are images that it has not seen: the one of middling loss among those that it predicts
    right, and the one that it predicts worst.
    """
    images = [
        parts_of_row(found, family, row) | {"why": why} for why, row in telling_rows(found, family)
    ]
    return {"family": family.name, "title": family.title, "images": images}


def parts_of_row(found: Explained, family: Family, row: int) -> JSON:
    """Return which parts of one image matter to the model of the fold that held it out."""
    models, splits = found.fitted(family).models, found.folds_of(family).splits
    held = next((i for i, split in enumerate(splits) if row in split.test), None)
    if held is None or not models:
        raise UsageError(
            f"{family.title} keeps no model that has not seen this image", "name another family"
        )
    order = [held, *(i for i in range(len(models)) if i != held)]
    networks = tuple(one for i in order for one in networks_of(models[i]))
    own = found.prepared.train[[row]]
    pixels, values = found.pictures.images.pixels[own[0]], found.prepared.dataset.values
    cells = {name: values[name][own] for name in values if name.startswith(PREFIX)}
    return image_view(fold_model(found, family, held), networks, pixels, cells) | {
        "image": found.labels(np.array([row]))[0],
        "true": _true(found, row),
    }


def telling_rows(found: Explained, family: Family) -> list[tuple[str, int]]:
    """Return the rows to look at, with why."""
    split = found.folds_of(family).splits[0]
    output = found.out_of_fold.predictions[family.name][0].reshape(len(split.test), -1)
    problem, rows = found.prepared.problem, np.arange(len(split.test))
    y = problem.y[split.test]
    loss = 1 - output[rows, y] if problem.classes else np.abs(output[:, 0] - y)
    is_right = output.argmax(axis=1) == y if problem.classes else np.ones(len(y), dtype=bool)
    order = np.argsort(loss, kind="stable")
    right = order[is_right[order]]
    typical = [("a typical one", right[len(right) // 2])] if len(right) else []
    return [(why, int(split.test[i])) for why, i in (*typical, ("predicted worst", order[-1]))]


def fold_model(found: Explained, family: Family, split: int) -> FittedImages:
    """Return the model of one fold as one that reads pixels."""
    problem = found.prepared.problem
    predictor = FittedModel(
        family=family,
        model=found.fitted(family).models[split],
        columns=(),
        task=problem.task,
        target=found.target,
        classes=problem.classes,
        about={},
    )
    return of_pixels(predictor, found.pictures)


def image_view(
    fitted: FittedImages,
    networks: Any,
    pixels: Array,
    cells: Mapping[str, Array] | None = None,
) -> JSON:
    """Return the prediction of an image and which of its parts it hangs on.

    Parameters
    ----------
    fitted : FittedImages
        The model.
    networks : sequence of ImageNetFold
        Those that it holds, and others trained alike; empty where it is no network.
    pixels : ndarray, shape (channels, height, width)
        The image, brought to the model's shape.
    cells : mapping of str to ndarray, each (1,)
        Of columns beside it.
    """

    def predict(images: Array) -> Array:
        beside = {name: one.repeat(len(images)) for name, one in (cells or {}).items()}
        return fitted.predict_pixels(images, beside)

    outputs = predict(pixels[None])[0]
    classes = fitted.predictor.classes
    label = int(outputs.argmax()) if classes else 0
    found = {
        "png": thumbnail(pixels, SIDE),
        "predicted": classes[label] if classes else float(outputs[0]),
        "chances": dict(zip(classes, outputs.tolist(), strict=True)) if classes else {},
        "occlusion": occlusion(pixels, lambda images: predict(images)[:, label]),
    }
    gradient = gradient_of(networks, pixels, fitted.symmetry, label) if networks else None
    return {**found, "gradient": gradient}


def network_section(found: Explained) -> JSON | None:
    """Return filters and feature maps of the best network; None where none was trained."""
    family = best_network(found)
    return None if family is None else network_of_run(found, family)


def network_of_run(found: Explained, family: Family) -> JSON:
    """Return filters and feature maps of the network of the first fold, for a typical image."""
    row = telling_rows(found, family)[0][1]
    (network, *_) = networks_of(found.fitted(family).models[0])
    pixels = found.pictures.images.pixels[found.prepared.train[row]]
    return {
        "family": family.name,
        "title": family.title,
        "image": found.labels(np.array([row]))[0],
        **network_view(network, pixels),
    }


def network_view(network: Any, pixels: Array) -> JSON:
    """Return filters and feature maps of a network, and the image that these are of."""
    return {
        "png": thumbnail(pixels, SIDE),
        "filters": filters_of(network),
        "stages": stages_of(network, pixels),
    }


def _true(found: Explained, row: int) -> Any:
    problem = found.prepared.problem
    return problem.classes[int(problem.y[row])] if problem.classes else float(problem.y[row])


EXPLANATION = Explanation(name="image_parts", make=parts_section, kinds=("image",))
