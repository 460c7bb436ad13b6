"""Run networks of images forward, in training and after it, with the same code."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from rung.images.sizing import area_shares
from rung.nets.images.shape import GRID, ImageNetShape

EPSILON = 1e-5
# Weight of a batch in running means and variances.
MOMENTUM = 0.1
Weights = Mapping[str, Tensor]


def scores(
    shape: ImageNetShape, weights: Weights, images: Tensor, watch: dict[str, Tensor] | None = None
) -> Tensor:
    """Return the scores of images, shape (n, n_outputs).

    Parameters
    ----------
    shape : ImageNetShape
        Of the network.
    weights : mapping of str to Tensor
        By name; with scales and moments in training, without after it.
    images : Tensor, shape (n, n_channels, height, width)
        Standardised.
    watch : dict, optional
        Filled with what goes out of each stage, by its name.
    """
    seen = {} if watch is None else watch
    run = _residual if shape.is_residual else _small
    pooled = run(shape, weights, images, seen)
    return functional.linear(pooled, weights["head.weight"], weights["head.bias"])


def _small(
    shape: ImageNetShape, weights: Weights, images: Tensor, seen: dict[str, Tensor]
) -> Tensor:
    for name in shape.convolutions():
        stride = 2 if shape.halves and name == "first" else 1
        images = functional.relu(_convolve(weights, name, images, stride))
        seen[name] = images
        images = functional.max_pool2d(images, 2, ceil_mode=True)
    grid = _on_grid(images).flatten(1)
    return functional.relu(
        functional.linear(grid, weights["hidden.weight"], weights["hidden.bias"])
    )


def _on_grid(images: Tensor) -> Tensor:
    """Take means over the cells of a grid, by area: sides of any length fit."""
    height, width = images.shape[-2:]
    if height % GRID == 0 and width % GRID == 0:
        return functional.avg_pool2d(images, (height // GRID, width // GRID))
    down, right = (torch.from_numpy(area_shares(side, GRID)).to(images) for side in (height, width))
    return down @ images @ right.t()


def _residual(
    shape: ImageNetShape, weights: Weights, images: Tensor, seen: dict[str, Tensor]
) -> Tensor:
    stride = 2 if shape.halves else 1
    images = functional.relu(_convolve(weights, "stem", images, stride))
    seen["stem"] = images
    for stage in range(shape.n_stages):
        images = _halved(images) if stage else images
        for block in range(shape.n_blocks):
            images = _block(weights, f"stage{stage}.block{block}", images)
        seen[f"stage {stage + 1}"] = images
    return images.mean(dim=(2, 3))


def _block(weights: Weights, name: str, images: Tensor) -> Tensor:
    inner = functional.relu(_convolve(weights, f"{name}.first", images))
    branch = _convolve(weights, f"{name}.second", inner)
    has_other = f"{name}.shortcut.weight" in weights
    passed = _convolve(weights, f"{name}.shortcut", images) if has_other else images
    return functional.relu(branch + passed)


def _halved(images: Tensor) -> Tensor:
    """Take means of 2 x 2 pixels; an image of one pixel a side stays as it is."""
    kernel = [min(2, side) for side in images.shape[-2:]]
    return functional.avg_pool2d(images, kernel, ceil_mode=True)


def _convolve(weights: Weights, name: str, images: Tensor, stride: int = 1) -> Tensor:
    """Convolve; normalise over the batch where the layer has a scale, as it has in training."""
    weight = weights[f"{name}.weight"]
    found = functional.conv2d(
        images,
        weight,
        weights.get(f"{name}.bias"),
        stride=stride,
        padding=weight.shape[-1] // 2,
    )
    if f"{name}.scale" not in weights:
        return found
    return functional.batch_norm(
        found,
        weights[f"{name}.mean"],
        weights[f"{name}.variance"],
        weights[f"{name}.scale"],
        weights[f"{name}.shift"],
        training=True,
        momentum=MOMENTUM,
        eps=EPSILON,
    )
