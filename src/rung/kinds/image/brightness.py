"""Say which images to predict are of another brightness or contrast than those of training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from rung.core.findings import Finding
from rung.core.tails import far_limits
from rung.errors import BadModelFile
from rung.kinds.model_file import REMEDY
from rung.report.numbers import clean, count, number
from rung.typing import Array

# A pair for the mean of the pixels of each channel, then one for the logarithm of their standard
# deviation, which another unit shifts and no other image reaches.
Limits = tuple[tuple[float, float], ...]


def measure_brightness(pixels: Array, places: Array | None = None) -> Array:
    """Return means, then logarithms of standard deviations, of each channel of these images.

    Returns
    -------
    ndarray, shape (n, 2 * channels)
        NaN where no pixel is known, or all are the same.

    Examples
    --------
    >>> measure_brightness(np.array([[[[0.0, 2.0], [np.nan, 2.0], [0.0, np.nan]]]]))
    array([[1., 0.]])
    """
    places = np.arange(len(pixels)) if places is None else places
    found = np.full((len(places), 2, pixels.shape[1]), np.nan)
    for i, place in enumerate(places):  # one at a time: they may lie in a mapped file
        for j, channel in enumerate(pixels[place]):
            known = channel[np.isfinite(channel)].astype(np.float64)
            spread = float(known.std()) if len(known) else 0.0
            if len(known):
                found[i, 0, j] = known.mean()
            if spread > 0:
                found[i, 1, j] = math.log(spread)
    return found.reshape(len(places), -1)


def brightness_limits(pixels: Array, places: Array) -> Limits:
    """Return beyond which numbers of `measure_brightness` an image is far from those of training.

    Parameters
    ----------
    pixels : ndarray, shape (n, channels, height, width)
        All images.
    places : ndarray of int, shape (n_train,)
        Those of training.
    """
    return tuple(far_limits(measured) for measured in measure_brightness(pixels, places).T)


def differing_brightness(
    pixels: Array, limits: Limits, channels: Sequence[str]
) -> tuple[Finding, ...]:
    """Return a warning for each channel in which images are far from those of training.

    Examples
    --------
    >>> dark = np.full((3, 1, 2, 2), 0.125)
    >>> (found,) = differing_brightness(dark, ((4.0, 9.0), (0.0, 1.0)), ("grey",))
    >>> found.message
    "3 of 3 images are far darker or brighter in 'grey' than those of training: mean of the pixels \
0.1250 in the first, 4.000 to 9.000 is near"
    """
    found = []
    words = [(name, "are far darker or brighter in", "mean of the pixels") for name in channels]
    words += [(name, "have far less or more contrast in", "their spread") for name in channels]
    measured = measure_brightness(pixels).T
    for values, (low, high), (name, says, what) in zip(measured, limits, words, strict=True):
        far = values[(values < low) | (values > high)]
        if len(far):
            shown = [float(far[0]), low, high]
            first, *near = map(number, map(math.exp, shown) if what == "their spread" else shown)
            message = (
                f"{count(len(far))} of {count(len(values))} images {says} {clean(name)!r} than "
                f"those of training: {what} {first} in the first, {' to '.join(near)} is near"
            )
            remedy = "give images in the unit, with the bits and the stretch of those of training"
            found.append(Finding("brightness", "warning", (), message, remedy))
    return tuple(found)


def written(limits: Limits) -> list[list[float] | None]:
    """Return limits for a model file; none where a channel never varies."""
    return [[low, high] if math.isfinite(low + high) else None for low, high in limits]


def read_limits(spec: Any, n_channels: int) -> Limits:
    """Return the limits of a model file.

    Raises
    ------
    BadModelFile
        If they are no two pairs of numbers for each channel.
    """
    if not isinstance(spec, list) or len(spec) != 2 * n_channels:
        raise BadModelFile(f"brightness of {n_channels} channels expected", REMEDY)
    return tuple((-math.inf, math.inf) if pair is None else _pair(pair) for pair in spec)


def _pair(pair: Any) -> tuple[float, float]:
    is_pair = isinstance(pair, list) and len(pair) == 2
    if not is_pair or not all(type(one) in (int, float) and math.isfinite(one) for one in pair):
        raise BadModelFile(f"brightness {pair!r} is no pair of numbers", REMEDY)
    return float(pair[0]), float(pair[1])
