"""Hide a part of an image and see how the prediction changes.

Source: Zeiler & Fergus (2014), Visualizing and understanding convolutional networks, ECCV.
NOTE[DIFF]: parts are hidden softly, as the edge of a grey square would be a structure of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rung.images.pictures import signed_map
from rung.images.statistics import fill_missing
from rung.typing import JSON, Array

CELLS = 9
# Of the part that is hidden: its half width, as a share of the side.
REACH = 1 / 9


def hidden_parts(pixels: Array, cells: int = CELLS) -> Array:
    """Return copies of an image with another part hidden in each, row by row.

    Where a part is hidden stands the median of its channel, which is the background of most images.

    Parameters
    ----------
    pixels : ndarray, shape (channels, height, width)
        NaN where a pixel is missing.
    cells : int
        Parts a side.

    Returns
    -------
    ndarray, shape (cells * cells, channels, height, width)

    Examples
    --------
    >>> found = hidden_parts(np.arange(81.0).reshape(1, 9, 9), 3)
    >>> found.shape, float(found[4, 0, 4, 4]), round(float(found[0, 0, 8, 8]), 2)
    ((9, 1, 9, 9), 40.0, 80.0)
    """
    image = fill_missing(pixels[None].astype(np.float32))[0]
    middle = np.median(image, axis=(1, 2), keepdims=True)
    height, width = image.shape[1:]
    down, across = (
        np.exp(-(((np.arange(side) + 0.5) / side - place) ** 2) / (2 * REACH**2))
        for side, place in ((height, _places(cells)), (width, _places(cells)))
    )
    window = down[:, None, :, None] * across[None, :, None, :]
    covered = window.reshape(cells * cells, 1, height, width).astype(np.float32)
    found: Array = image + covered * (middle - image)
    return found


def _places(cells: int) -> Array:
    return ((np.arange(cells) + 0.5) / cells)[:, None]


def occlusion(pixels: Array, predict: Callable[[Array], Array], cells: int = CELLS) -> JSON:
    """Return what a prediction loses when a part of the image is hidden.

    Parameters
    ----------
    pixels : ndarray, shape (channels, height, width)
        The image.
    predict : callable
        From images to one number each, shape (n,): the chance of a class, or a value.
    cells : int
        Parts a side.

    Returns
    -------
    dict
        `whole`, the prediction of the image as it is; `lost`, by how much it falls for each part, a
        list of rows; `png`, the same as a map: orange where hiding lowers it, blue where it raises.

    Examples
    --------
    >>> image = np.zeros((1, 9, 9))
    >>> image[0, 4, 4] = 1
    >>> found = occlusion(image, lambda images: images.sum(axis=(1, 2, 3)), 3)
    >>> found["whole"], round(found["lost"][1][1], 3), round(found["lost"][0][0], 3)
    (1.0, 1.0, 0.0)
    """
    image = fill_missing(pixels[None].astype(np.float32))
    whole = float(predict(image)[0])
    lost = (whole - predict(hidden_parts(pixels, cells))).reshape(cells, cells)
    return {"whole": whole, "lost": lost.tolist(), "png": signed_map(lost)}
