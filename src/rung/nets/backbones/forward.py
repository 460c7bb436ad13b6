"""Run a network that was trained elsewhere, and take the features before its head."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from rung.images.scattering import Symmetry
from rung.images.turning import posed, poses
from rung.nets.backbones.shape import N_STAGES, RESNET, BackboneShape
from rung.typing import Array

# Mean and spread of red, green and blue over ImageNet, on which timm's weights were trained.
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
BATCH_EPSILON, LAYER_EPSILON = 1e-5, 1e-6
IMAGES_AT_ONCE = 32
Weights = Mapping[str, Tensor]


def features(shape: BackboneShape, weights: Weights, images: Tensor) -> Tensor:
    """Return the features of images, shape (n, n_features).

    Parameters
    ----------
    shape : BackboneShape
        Of the network.
    weights : mapping of str to Tensor
        By name.
    images : Tensor, shape (n, 3, height, width)
        Standardised.
    """
    run = _resnet if shape.architecture == RESNET else _convnext
    return run(shape, weights, images)


def image_features(
    shape: BackboneShape, arrays: Mapping[str, Array], images: Array, symmetry: Symmetry
) -> Array:
    """Return the features of images averaged over the poses of a symmetry, float64.

    Images are taken in blocks of one size, the last filled up, so that an image gives the same
    numbers whatever stands beside it.

    Parameters
    ----------
    shape : BackboneShape
        Of the network.
    arrays : mapping of str to ndarray
        Its weights.
    images : ndarray, shape (n, 1 or 3, height, width)
        From 0 to 1, none missing.
    symmetry : str
        Declared for the images.
    """
    weights = {name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in arrays.items()}
    mean, spread = (torch.tensor(each)[:, None, None] for each in (MEAN, SPREAD))
    out = np.zeros((len(images), shape.n_features))
    every = poses(symmetry, *images.shape[2:])
    with torch.inference_mode():
        for start in range(0, len(images), IMAGES_AT_ONCE):
            block = images[start : start + IMAGES_AT_ONCE]
            pixels = np.zeros((IMAGES_AT_ONCE, 3, *images.shape[2:]), dtype=np.float32)
            pixels[: len(block)] = block
            for pose in every:
                turned = torch.from_numpy(np.ascontiguousarray(posed(pixels, pose)))
                standard = ((turned - mean) / spread).contiguous(memory_format=torch.channels_last)
                found = features(shape, weights, standard)[: len(block)]
                out[start : start + len(block)] += found.double().numpy()
    return np.asarray(out / len(every))


def _resnet(shape: BackboneShape, weights: Weights, images: Tensor) -> Tensor:
    images = functional.conv2d(images, weights["conv1.weight"], stride=2, padding=3)
    images = functional.relu(_batch_norm(weights, "bn1", images))
    images = functional.max_pool2d(images, 3, stride=2, padding=1)
    for stage in range(N_STAGES):
        for block in range(shape.blocks[stage]):
            stride = 2 if stage and block == 0 else 1
            images = _block(weights, f"layer{stage + 1}.{block}", images, stride)
    return images.mean(dim=(2, 3))


def _block(weights: Weights, name: str, images: Tensor, stride: int) -> Tensor:
    is_bottleneck = f"{name}.conv3.weight" in weights
    strides = (1, stride, 1) if is_bottleneck else (stride, 1)
    branch = images
    for i, step in enumerate(strides, start=1):
        kernel = weights[f"{name}.conv{i}.weight"]
        branch = functional.conv2d(branch, kernel, stride=step, padding=kernel.shape[-1] // 2)
        branch = _batch_norm(weights, f"{name}.bn{i}", branch)
        branch = functional.relu(branch) if i < len(strides) else branch
    if f"{name}.downsample.0.weight" in weights:
        kernel = weights[f"{name}.downsample.0.weight"]
        images = functional.conv2d(images, kernel, stride=stride)
        images = _batch_norm(weights, f"{name}.downsample.1", images)
    return functional.relu(branch + images)


def _batch_norm(weights: Weights, name: str, images: Tensor) -> Tensor:
    """Normalise with the moments of training."""
    return functional.batch_norm(
        images,
        weights[f"{name}.running_mean"],
        weights[f"{name}.running_var"],
        weights[f"{name}.weight"],
        weights[f"{name}.bias"],
        eps=BATCH_EPSILON,
    )


def _convnext(shape: BackboneShape, weights: Weights, images: Tensor) -> Tensor:
    images = _pieces(weights, "stem.0", images)
    images = _layer_norm(weights, "stem.1", images.movedim(1, -1)).movedim(-1, 1)
    for stage in range(N_STAGES):
        if stage:
            name = f"stages.{stage}.downsample"
            images = _layer_norm(weights, f"{name}.0", images.movedim(1, -1)).movedim(-1, 1)
            images = _pieces(weights, f"{name}.1", images)
        for block in range(shape.blocks[stage]):
            images = images + _branch(weights, f"stages.{stage}.blocks.{block}", images)
    return _layer_norm(weights, "head.norm", images.mean(dim=(2, 3)))


def _branch(weights: Weights, name: str, images: Tensor) -> Tensor:
    """Convolve each channel by itself, then mix the channels of each pixel."""
    kernel = weights[f"{name}.conv_dw.weight"]
    found = functional.conv2d(
        images,
        kernel,
        weights[f"{name}.conv_dw.bias"],
        padding=kernel.shape[-1] // 2,
        groups=kernel.shape[0],
    )
    mixed = _layer_norm(weights, f"{name}.norm", found.movedim(1, -1))
    mixed = functional.gelu(_linear(weights, f"{name}.mlp.fc1", mixed))
    mixed = weights[f"{name}.gamma"] * _linear(weights, f"{name}.mlp.fc2", mixed)
    return mixed.movedim(-1, 1)


def _pieces(weights: Weights, name: str, images: Tensor) -> Tensor:
    """Convolve pieces that do not overlap."""
    kernel = weights[f"{name}.weight"]
    return functional.conv2d(images, kernel, weights[f"{name}.bias"], stride=kernel.shape[-1])


def _linear(weights: Weights, name: str, values: Tensor) -> Tensor:
    return functional.linear(values, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _layer_norm(weights: Weights, name: str, values: Tensor) -> Tensor:
    """Normalise over the channels, which stand last."""
    weight = weights[f"{name}.weight"]
    return functional.layer_norm(
        values, weight.shape, weight, weights[f"{name}.bias"], LAYER_EPSILON
    )
