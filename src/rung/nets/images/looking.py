"""Look into a trained network of images: what each stage makes of an image, and what it answers to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from rung.images.rows import PixelRows
from rung.images.turning import QUARTERS, poses
from rung.nets.images.forward import scores
from rung.nets.images.learner import standardised_pixels
from rung.nets.images.shape import ImageNetShape
from rung.typing import Array


def feature_maps(
    shape: ImageNetShape, weights: Mapping[str, Array], pixels: Array, shift: Array, scale: Array
) -> dict[str, Array]:
    """Return what goes out of each stage for one image, (channels, height, width) by its name.

    Parameters
    ----------
    shape : ImageNetShape
        Of the network.
    weights : mapping of str to ndarray
        As `ImageNetShape.sizes` names them.
    pixels : ndarray, shape (n_channels, height, width)
        As models are given them.
    shift, scale : ndarray, shape (n_channels,)
        Of the training images.
    """
    seen: dict[str, Tensor] = {}
    with torch.inference_mode():
        scores(shape, _tensors(weights), _input(pixels, shift, scale), seen)
    return {name: found[0].numpy() for name, found in seen.items()}


def input_gradient(
    shape: ImageNetShape, weights: Mapping[str, Array], images: PixelRows, output: int
) -> Array:
    """Return how strongly a score answers to each pixel of one image, shape (height, width).

    It is the size of the derivative of the score, averaged over the poses of the symmetry as
    predictions are, by the standardised pixel; of several channels the largest.

    Parameters
    ----------
    shape : ImageNetShape
        Of the network.
    weights : mapping of str to ndarray
        As `ImageNetShape.sizes` names them.
    images : PixelRows
        One row, of standardised pixels.
    output : int
        Which score.

    Source
    ------
    Simonyan, Vedaldi & Zisserman (2014), Deep inside convolutional networks, ICLR workshop.
    """
    inputs = torch.from_numpy(images.of(np.array([0]))).requires_grad_()
    every = poses(images.symmetry, *inputs.shape[2:])
    turned = torch.cat([_posed(inputs, pose) for pose in every])
    total = scores(shape, _tensors(weights), turned)[:, output].mean()
    (gradient,) = torch.autograd.grad(total, inputs)
    found: Array = gradient[0].abs().amax(dim=0).numpy()
    return found


def standardised(pixels: Array, shift: Array, scale: Array) -> Array:
    """Return one image as the network is given it, float32, shape (1, n_channels, height, width)."""
    return np.ascontiguousarray(standardised_pixels(pixels[None].copy(), shift, scale))


def random_weights(shape: ImageNetShape, generator: np.random.Generator) -> dict[str, Array]:
    """Draw weights of a network that has learned nothing, none of its parts silent.

    Source
    ------
    He, Zhang, Ren & Sun (2015), ICCV. NOTE[DIFF]: training begins with blocks that are silent; a
    network of shortcuts alone would be no fair comparison.
    """
    found = {}
    for name, size in shape.sizes().items():
        spread = np.sqrt(2.0 / np.prod(size[1:])) if name.endswith(".weight") else 0.0
        found[name] = generator.normal(0.0, 1.0, size).astype(np.float32) * np.float32(spread)
    return found


def _posed(images: Tensor, pose: int) -> Tensor:
    """Return images in one pose, as `rung.images.turning.posed` does."""
    mirrored = images.flip(-1) if pose >= QUARTERS else images
    return torch.rot90(mirrored, pose % QUARTERS, dims=(-2, -1))


def _tensors(weights: Mapping[str, Array]) -> dict[str, Tensor]:
    return {name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in weights.items()}


def _input(pixels: Array, shift: Array, scale: Array) -> Tensor:
    return torch.from_numpy(standardised(pixels, shift, scale))
