"""Predict with a trained network of images, averaged over the poses of a symmetry."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from rung.images.rows import PixelRows
from rung.images.turning import posed, poses
from rung.nets.images.forward import scores
from rung.nets.images.learner import standardised_pixels
from rung.nets.images.shape import ImageNetShape
from rung.typing import Array

IMAGES_AT_ONCE = 32


def image_scores(
    shape: ImageNetShape,
    weights: Mapping[str, Array],
    images: PixelRows,
    shift: Array,
    scale: Array,
) -> Array:
    """Return the mean scores of images over all poses, float64, shape (n_rows, n_outputs).

    Images are taken in blocks of one size, the last filled up, so that an image is predicted alike
    whatever stands beside it.

    Parameters
    ----------
    shape : ImageNetShape
        Of the network.
    weights : mapping of str to ndarray
        As `ImageNetShape.sizes` names them.
    images : PixelRows
        Every row is predicted.
    shift, scale : ndarray, shape (channels,)
        Of the training images.
    """
    kernels = {name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in weights.items()}
    out = np.zeros((len(images), shape.n_outputs))
    every = poses(images.symmetry, *images.pixels.shape[2:])
    with torch.inference_mode():
        for start in range(0, len(images), IMAGES_AT_ONCE):
            rows = np.arange(start, min(start + IMAGES_AT_ONCE, len(images)))
            pixels = np.zeros((IMAGES_AT_ONCE, *images.pixels.shape[1:]), dtype=np.float32)
            pixels[: len(rows)] = standardised_pixels(images.of(rows), shift, scale)
            for pose in every:
                turned = torch.from_numpy(np.ascontiguousarray(posed(pixels, pose)))
                inputs = turned.contiguous(memory_format=torch.channels_last)
                found = scores(shape, kernels, inputs)[: len(rows)]
                out[rows] += found.double().numpy()
    return np.asarray(out / len(every))
