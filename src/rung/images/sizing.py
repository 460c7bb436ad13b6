"""Bring images to one size: by area, or by cutting out the centre."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from rung.typing import Array


def resize(images: Array, height: int, width: int) -> Array:
    """Resize images by area: each new pixel is the mean of what it covers.

    Missing pixels (NaN) are left out of means, and a new pixel that covers nothing else is missing.

    Parameters
    ----------
    images : ndarray, shape (..., old_height, old_width)
        Numbers.
    height, width : int
        New size.

    Examples
    --------
    >>> resize(np.array([[0.0, 2.0], [4.0, 6.0]]), 1, 1)
    array([[3.]])
    """
    if images.shape[-2:] == (height, width):
        return images
    kind = np.float32 if images.dtype.itemsize <= 4 else np.float64
    values = images.astype(kind)
    down, right = (
        area_shares(*sizes) for sizes in zip(images.shape[-2:], (height, width), strict=True)
    )
    is_known = np.isfinite(values)
    if is_known.all():
        found: Array = (down @ values @ right.T).astype(kind)
        return found
    known = down @ np.where(is_known, values, 0) @ right.T
    share = down @ is_known.astype(kind) @ right.T
    with np.errstate(all="ignore"):
        return np.where(share > 0, known / share, np.nan).astype(kind)


@lru_cache(maxsize=64)
def area_shares(old: int, new: int) -> Array:
    """Return the share of each old pixel in each new one, shape (new, old); rows sum to one."""
    edges = np.arange(old + 1) * (new / old)
    low, high = np.arange(new)[:, None], np.arange(1, new + 1)[:, None]
    share = np.clip(np.minimum(edges[1:], high) - np.maximum(edges[:-1], low), 0, None)
    found: Array = share / share.sum(axis=1, keepdims=True)
    return found


def cut_centre(image: Array, height: int, width: int) -> Array:
    """Cut the centre out of an image, at most as much as it has; shape (..., height, width).

    Examples
    --------
    >>> cut_centre(np.arange(16).reshape(4, 4), 2, 2)
    array([[ 5,  6],
           [ 9, 10]])
    """
    top = max((image.shape[-2] - height) // 2, 0)
    left = max((image.shape[-1] - width) // 2, 0)
    return image[..., top : top + height, left : left + width]
