"""Show what a network of images has learned and what it answers to, with the test of that picture.

A gradient map looks like its image even where the network has learned nothing. So it never stands
alone: beside it stands the map of a network of random weights, and how alike the two are.

Source: Adebayo, Gilmer, Muelly et al. (2018), Sanity checks for saliency maps, NeurIPS.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rung.core.ranks import mean_ranks
from rung.families.on_pixels import ImageNetFold
from rung.images.pictures import at_most, grey_map, sheet_map
from rung.images.rows import PixelRows
from rung.images.scattering import Symmetry
from rung.typing import JSON, Array

MOST_FILTERS, MOST_MAPS, COLUMNS = 32, 16, 8
# Of gradient and of feature maps as they are shown: pages stay small whatever the size of images.
SIDE, MAP_SIDE = 64, 32
DRAWS = 10
STAGE_TITLES = {
    "first": "first convolution",
    "second": "second convolution",
    "stem": "first convolution",
}
# Rank correlations with random networks: from the first on a map shows the image alone, below the
# second it depends on what was learned.
SHOWS_IMAGE, SHOWS_LEARNING = 0.5, 0.25


def networks_of(model: Any) -> tuple[ImageNetFold, ...]:
    """Return the networks of pixels that a model is the mean of; none where it is no such model.

    Examples
    --------
    >>> networks_of(object())
    ()
    """
    parts = getattr(model, "models", ())
    return tuple(one for one in parts if isinstance(one, ImageNetFold) and one.weights)


def filters_of(network: ImageNetFold) -> JSON:
    """Return the weights of the first convolution, as a picture and as numbers.

    Returns
    -------
    dict
        `png`, filters beside one another in the colours of their channels, each stretched by itself;
        `n`, all there are; `rows`, of each its `size` (root mean square) and its `weights`.
    """
    name = "stem" if network.shape.is_residual else "first"
    weights = network.weights[f"{name}.weight"].astype(np.float64)
    shown = weights[:MOST_FILTERS]
    is_colour = weights.shape[1] == 3
    seen = shown if is_colour else shown.mean(axis=1)
    return {
        "png": sheet_map(list(seen), COLUMNS),
        "n": len(weights),
        "channels": weights.shape[1],
        "side": weights.shape[2],
        "rows": [
            {
                "filter": i + 1,
                "size": float(np.sqrt((one**2).mean())),
                "weights": np.round(one, 4).ravel().tolist(),
            }
            for i, one in enumerate(shown)
        ],
    }


def stages_of(network: ImageNetFold, pixels: Array) -> list[JSON]:
    """Return feature maps of one image, stage by stage: a picture and numbers of each.

    Returns
    -------
    list of dict
        `stage`, its `channels`, `height` and `width`; `png`, the maps that answer most; of all
        numbers the share `active` above zero, and `mean` and `most`.
    """
    from rung.nets.images.looking import feature_maps

    made = feature_maps(network.shape, network.weights, pixels, network.shift, network.scale)
    found = []
    for name, maps in made.items():
        strongest = np.argsort(-maps.std(axis=(1, 2)), kind="stable")[:MOST_MAPS]
        found.append(
            {
                "stage": name,
                "title": STAGE_TITLES.get(name, name),
                "channels": maps.shape[0],
                "height": maps.shape[1],
                "width": maps.shape[2],
                "shown": len(strongest),
                "png": sheet_map(list(at_most(maps[strongest], MAP_SIDE).astype(float)), COLUMNS),
                "active": float((maps > 0).mean()),
                "mean": float(maps.mean()),
                "most": float(maps.max()),
            }
        )
    return found


def gradient_of(
    networks: Sequence[ImageNetFold], pixels: Array, symmetry: Symmetry, label: int
) -> JSON | None:
    """Return the gradient map of the first network with the randomisation test beside it.

    Parameters
    ----------
    networks : sequence of ImageNetFold
        The first is looked at; the others were trained alike on other folds.
    pixels : ndarray, shape (channels, height, width)
        The image.
    symmetry : str
        Over whose poses predictions are averaged.
    label : int
        Class whose score it is; 0 for values.

    Returns
    -------
    dict or None
        `png` and `random_png`, the maps of the network and of one with random weights; `random`, the
        mean rank correlation of the two over draws, `low` and `high` of single draws; `others`, the
        mean rank correlation with the networks of the other folds, None without; `verdict`. None
        where the network does not know the class.
    """
    from rung.nets.images.looking import input_gradient, random_weights, standardised

    first = networks[0]
    if len(first.present) and label not in first.present:
        return None

    def mapped(network: ImageNetFold, weights: dict[str, Array]) -> Array:
        own = standardised(pixels, network.shift, network.scale)
        place = int(np.searchsorted(network.present, label)) if len(network.present) else 0
        rows = PixelRows(own, np.zeros(1, dtype=np.int64), symmetry)
        found: Array = input_gradient(network.shape, weights, rows, place)
        return found

    own = mapped(first, first.weights)
    drawn = [
        mapped(first, random_weights(first.shape, np.random.default_rng([0x5A11E, draw])))
        for draw in range(DRAWS)
    ]
    alike = [rank_correlation(own, one) for one in drawn]
    others = [
        rank_correlation(own, mapped(one, one.weights))
        for one in networks[1:]
        if not len(one.present) or label in one.present
    ]
    return {
        "png": grey_map(_clipped(own)),
        "random_png": grey_map(_clipped(drawn[0])),
        "random": float(np.mean(alike)),
        "low": min(alike),
        "high": max(alike),
        "n_draws": DRAWS,
        "others": float(np.mean(others)) if others else None,
        "verdict": verdict_on(alike, others),
    }


def _clipped(values: Array) -> Array:
    """Cut off the strongest hundredth, which would leave all else black."""
    found: Array = np.minimum(values, np.percentile(values, 99))
    return at_most(found, SIDE)


def verdict_on(alike: Sequence[float], others: Sequence[float]) -> str:
    """Say in words what rank correlations mean: with random networks, and with those of other folds.

    Examples
    --------
    >>> verdict_on([0.7, 0.8], [0.9])
    'it shows the image, not what was learned: do not read it as an explanation'
    >>> verdict_on([0.1, 0.2], [0.5])
    'it depends on what was learned'
    """
    if np.mean(alike) >= SHOWS_IMAGE:
        return "it shows the image, not what was learned: do not read it as an explanation"
    if others and np.mean(others) <= max(alike):
        return "it is no more like those of the other folds than like random ones: mostly noise"
    if np.mean(alike) >= SHOWS_LEARNING:
        return "it shows the image in part, and what was learned in part: read it with care"
    return "it depends on what was learned"


def rank_correlation(first: Array, second: Array) -> float:
    """Return the rank correlation of two maps; 0 where one is flat.

    Examples
    --------
    >>> rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([0.1, 0.2, 0.3])).__round__(6)
    1.0
    """
    a, b = (mean_ranks(one.ravel()) for one in (first, second))
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum() / size) if size else 0.0
