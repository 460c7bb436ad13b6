"""Say what is odd about images: blank or saturated ones, and classes taken in another way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from rung.core.family import Problem
from rung.core.findings import Finding
from rung.core.folds import Folds
from rung.images.traits import TraitGain, trait_gain
from rung.kinds.image.reading import LabelledImages
from rung.typing import Array

NAMED, BLOCK = 3, 256
# Part of the pixels at the largest value of all images from which one counts as saturated.
SATURATED, SMALL_PART = 0.25, 0.05
# Sides of files say nothing of what is shown; their size and mean colour may, so they must say more.
OF_THE_FILE = {"height of the file": 0.05, "width of the file": 0.05, "size of the file": 0.5}
COLOUR = 0.5


def blank(read: LabelledImages) -> tuple[Finding, ...]:
    """Name images of one value."""
    found = np.flatnonzero(by_block(read.pixels, _spread) == 0)
    if not len(found):
        return ()
    message = f"{len(found):,} of {len(read.names):,} images are blank: {_named(read, found)}"
    return (Finding("blank_images", "warning", (), message, "remove them if they are mistakes"),)


def saturated(read: LabelledImages) -> tuple[Finding, ...]:
    """Name images of which a quarter stands at the largest value that any has.

    Where most images do, as drawings on white paper, it is how they are, and nothing is said.
    """
    top = by_block(read.pixels, lambda flat: np.nanmax(flat, axis=(1, 2), initial=-np.inf)).max()
    shares = by_block(read.pixels, lambda flat: (flat >= top).mean(axis=(1, 2)))
    found = np.flatnonzero(shares >= SATURATED)
    blank_too = by_block(read.pixels, _spread) == 0
    found = found[~blank_too[found]]
    if not len(found) or len(found) > SMALL_PART * len(read.names):
        return ()
    message = (
        f"{len(found):,} of {len(read.names):,} images are saturated, a quarter of their pixels or "
        f"more at {top:.4g}: {_named(read, found)}"
    )
    return (Finding("saturated_images", "warning", (), message, "look whether they can be used"),)


def _named(read: LabelledImages, rows: Array) -> str:
    return ", ".join(repr(read.names[i]) for i in rows[:NAMED])


def taken_otherwise(
    read: LabelledImages, problem: Problem, train: Array, folds: Folds
) -> tuple[Finding, ...]:
    """Shout where file sizes, sides or mean colours alone tell the labels of training images.

    Parameters
    ----------
    read : LabelledImages
        All images.
    problem, folds : Problem, Folds
        Training rows and their division; sealed labels are not looked at.
    train : ndarray of int
        Images of the training rows.
    """
    traits: Mapping[str, tuple[Array, float]] = {
        **{n: (read.traits[n], limit) for n, limit in OF_THE_FILE.items() if n in read.traits},
        **{f"mean {name}": (mean, COLOUR) for name, mean in _colours(read)},
    }
    found = []
    for name, (values, limit) in traits.items():
        own = values[train]
        if np.ptp(own) == 0:
            continue
        gain = trait_gain(own, problem.y, len(problem.classes), folds)
        if gain.is_sure and gain.share > limit:
            found.append((name, gain))
    return (_alarm(found, problem),) if found else ()


def _colours(read: LabelledImages) -> list[tuple[str, Array]]:
    """Return the mean of each channel of each image; missing pixels are left out."""
    means = by_block(read.pixels, _mean_colours)
    return [(name, means[:, i]) for i, name in enumerate(read.shape.channels)]


def _mean_colours(flat: Array) -> Array:
    known = np.isfinite(flat)
    total = np.where(known, flat, 0).sum(axis=2, dtype=np.float64)
    return np.asarray(total / np.maximum(known.sum(axis=2), 1))


def _spread(flat: Array) -> Array:
    """Return the range of each image; a missing pixel counts as 0."""
    return np.asarray(np.ptp(np.nan_to_num(flat, nan=0.0), axis=(1, 2)))


def by_block(pixels: Array, measure: Callable[[Array], Array]) -> Array:
    """Measure images, shape (n, channels, height, width), a few at a time.

    Parameters
    ----------
    pixels : ndarray
        Perhaps a map of a file that is larger than memory.
    measure : callable
        From pixels of shape (n, channels, height * width) to an array of n entries.

    Examples
    --------
    >>> by_block(np.arange(8.0).reshape(2, 1, 2, 2), lambda flat: flat.max(axis=(1, 2)))
    array([3., 7.])
    """
    flat = pixels.reshape(*pixels.shape[:2], -1)
    blocks = [flat[i : i + BLOCK] for i in range(0, len(flat), BLOCK)]
    return np.concatenate([measure(block) for block in blocks])


def _alarm(found: Sequence[tuple[str, TraitGain]], problem: Problem) -> Finding:
    told = ", ".join(f"{name} ({100 * gain.share:.0f} %)" for name, gain in found)
    loss = "log loss" if problem.classes else "variance"
    return Finding(
        "taken_otherwise",
        "alarm",
        (),
        f"how images were taken tells their label without a look at what they show: {told} of the "
        f"{loss} of the constant guess",
        "take all classes with the same instrument, exposure, size and format, or cut and stretch "
        "them alike; a model would learn this difference",
    )
