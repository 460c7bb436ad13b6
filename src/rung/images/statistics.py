"""Pixel statistics: what can be told of an image by counting and weighing its pixels.

Sources: Conselice (2003), ApJS 147, 1-28 (concentration, asymmetry); Lotz, Primack & Madau (2004),
AJ 128, 163-182 (Gini, M20).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rung.typing import Array

QUANTILES = (0.01, 0.25, 0.5, 0.75, 0.99)
RINGS = 5
SHAPES = (
    "concentration",
    "asymmetry",
    "gini",
    "m20",
    "ellipticity",
    "offset",
    "half_light_radius",
)


def pixel_names(channels: Sequence[str]) -> tuple[str, ...]:
    """Name the numbers that `pixel_statistics` returns.

    Examples
    --------
    >>> len(pixel_names(["grey"])), pixel_names(["red", "green"])[-1]
    (22, 'colour red / green')
    """
    moments = ("mean", "deviation", "skewness", "kurtosis")
    quantiles = [f"quantile {q:g}" for q in QUANTILES]
    return (
        *(f"{what} {name}" for name in channels for what in (*moments, *quantiles, "missing")),
        *(f"ring {i + 1}" for i in range(RINGS)),
        *SHAPES,
        *(f"colour {a} / {b}" for a, b in pairwise(channels)),
    )


def pixel_statistics(images: Array) -> Array:
    """Return moments, quantiles, profile, shape and colours of images.

    Parameters
    ----------
    images : ndarray, shape (n, channels, height, width)
        NaN where a pixel is missing.

    Returns
    -------
    ndarray, float64, shape (n, len(pixel_names(channels)))
        NaN where a number is not defined, such as the skewness of a blank image.

    Examples
    --------
    >>> blank = np.full((1, 1, 8, 8), 3.0)
    >>> pixel_statistics(blank)[0, :2].tolist()
    [3.0, 0.0]
    """
    values = images.astype(np.float64)
    with np.errstate(all="ignore"):
        parts = [_moments(values[:, channel]) for channel in range(values.shape[1])]
        filled = fill_missing(values)
        means = filled.mean(axis=(2, 3))
        colours = np.log(means[:, :-1] / means[:, 1:])
        found = np.concatenate([*parts, _profile_and_shape(filled.mean(axis=1)), colours], axis=1)
    found[~np.isfinite(found)] = np.nan
    return found


def fill_missing(images: Array) -> Array:
    """Put the mean of an image's channel in place of its missing pixels; zero if all are.

    Examples
    --------
    >>> fill_missing(np.array([[[[1.0, np.nan, 3.0]]]])).ravel().tolist()
    [1.0, 2.0, 3.0]
    """
    is_known = np.isfinite(images)
    if is_known.all():
        return images
    known = np.where(is_known, images, 0)
    count = np.maximum(is_known.sum(axis=(2, 3), keepdims=True), 1)
    mean = known.sum(axis=(2, 3), keepdims=True) / count
    return np.where(is_known, images, mean.astype(images.dtype))


def _moments(channel: Array) -> Array:
    """Return moments, quantiles and the share of missing pixels, shape (n, 10)."""
    flat = channel.reshape(len(channel), -1)
    is_known = np.isfinite(flat)
    count = is_known.sum(axis=1)
    mean = np.where(is_known, flat, 0).sum(axis=1) / count
    centred = np.where(is_known, flat - mean[:, None], 0)
    second, third, fourth = ((centred**k).sum(axis=1) / count for k in (2, 3, 4))
    ranked = np.sort(np.where(is_known, flat, np.inf), axis=1)
    places = [np.maximum(np.ceil(q * count).astype(int) - 1, 0) for q in QUANTILES]
    quantiles = [ranked[np.arange(len(flat)), place] for place in places]
    return np.column_stack(
        [
            mean,
            np.sqrt(second),
            third / second**1.5,
            fourth / second**2,
            *quantiles,
            1 - count / flat.shape[1],
        ]
    )


def _profile_and_shape(images: Array) -> Array:
    """Return the light in rings and the shape of it, above the background; shape (n, 12)."""
    n, height, width = images.shape
    light = np.clip(images - np.median(images, axis=(1, 2), keepdims=True), 0, None)
    total = light.sum(axis=(1, 2))
    y, x = np.mgrid[:height, :width].astype(float)
    centre_x, centre_y = (
        np.where(total > 0, (light * axis).sum(axis=(1, 2)) / total, middle)[:, None, None]
        for axis, middle in ((x, (width - 1) / 2), (y, (height - 1) / 2))
    )
    right, down = x - centre_x, y - centre_y
    squared = right**2 + down**2
    ring = np.minimum((np.hypot(x - (width - 1) / 2, y - (height - 1) / 2)) / _step(images), 4.999)
    profile = [(light * (ring.astype(int) == i)).sum(axis=(1, 2)) / total for i in range(RINGS)]
    xx, yy, xy = (
        (light * product).sum(axis=(1, 2)) / total for product in (right**2, down**2, right * down)
    )
    spread = np.sqrt((xx - yy) ** 2 + 4 * xy**2)
    r20, r50, r80 = _radii(light, squared, total)
    turned = images[:, ::-1, ::-1]
    size = float(np.hypot(height, width))
    return np.column_stack(
        [
            *profile,
            5 * np.log10(r80 / np.maximum(r20, 0.5)),
            np.abs(images - turned).sum(axis=(1, 2)) / (2 * np.abs(images).sum(axis=(1, 2))),
            _gini(images.reshape(n, -1)),
            _m20(light.reshape(n, -1), squared.reshape(n, -1)),
            spread / (xx + yy),
            np.hypot(centre_x - (width - 1) / 2, centre_y - (height - 1) / 2).ravel() / size,
            r50 / size,
        ]
    )


def _step(images: Array) -> float:
    return float(min(images.shape[1:])) / 2 / RINGS


def _radii(light: Array, squared: Array, total: Array) -> tuple[Array, Array, Array]:
    """Return the radii that hold 20, 50 and 80 % of the light around its centre."""
    n = len(light)
    order = np.argsort(squared.reshape(n, -1), axis=1, kind="stable")
    inside = np.cumsum(np.take_along_axis(light.reshape(n, -1), order, axis=1), axis=1)
    radius = np.sqrt(np.take_along_axis(squared.reshape(n, -1), order, axis=1))
    places = [(inside < share * total[:, None]).sum(axis=1) for share in (0.2, 0.5, 0.8)]
    r20, r50, r80 = (
        radius[np.arange(n), np.minimum(place, radius.shape[1] - 1)] for place in places
    )
    return r20, r50, r80


def _gini(pixels: Array) -> Array:
    """Return how unequally light is spread over pixels: 0 evenly, 1 in one pixel."""
    ranked = np.sort(np.abs(pixels), axis=1)
    n = ranked.shape[1]
    weight = 2 * np.arange(1, n + 1) - n - 1
    found: Array = (ranked * weight).sum(axis=1) / (ranked.mean(axis=1) * n * (n - 1))
    return found


def _m20(light: Array, squared: Array) -> Array:
    """Return the logarithm of the second moment of the brightest fifth of the light, of all."""
    order = np.argsort(-light, axis=1, kind="stable")
    sorted_light = np.take_along_axis(light, order, axis=1)
    moment = np.take_along_axis(light * squared, order, axis=1)
    before = np.cumsum(sorted_light, axis=1) - sorted_light
    is_bright = before < 0.2 * light.sum(axis=1, keepdims=True)
    found: Array = np.log10((moment * is_bright).sum(axis=1) / moment.sum(axis=1))
    return found
