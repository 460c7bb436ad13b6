"""Stages of convolutions beside shortcuts, trained along one cycle of the learning rate."""

from __future__ import annotations

from typing import Any

from rung.families.on_pixels import on_pixels


def recipe() -> Any:
    """Return how it is trained."""
    from rung.nets.images.train import Recipe

    return Recipe(
        "residual",
        width=32,
        n_stages=3,
        visits=30_000,
        fewest=6,
        learning_rate=4e-3,
        weight_decay=0.05,
        smoothing=0.05,
    )


FAMILY = on_pixels(
    "residual",
    recipe,
    title="Residual CNN",
    step=1000,
    sources=(
        "He, Zhang, Ren & Sun (2016), Deep residual learning for image recognition, CVPR",
        "He, Zhang, Zhang et al. (2019), Bag of tricks for image classification, CVPR",
        "Smith (2018), A disciplined approach to neural network hyper-parameters, arXiv:1803.09820",
    ),
)
