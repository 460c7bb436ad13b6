"""Two convolutions, pooled, and a hidden layer: the first network of every course."""

from __future__ import annotations

from typing import Any

from rung.families.on_pixels import on_pixels


def recipe() -> Any:
    """Return how it is trained."""
    from rung.nets.images.train import Recipe

    return Recipe("small", width=32, visits=32_000, learning_rate=2e-3)


FAMILY = on_pixels(
    "small",
    recipe,
    title="Small CNN",
    step=900,
    sources=(
        "LeCun, Bottou, Bengio & Haffner (1998), Proceedings of the IEEE 86, 2278-2324",
        "Loshchilov & Hutter (2019), Decoupled weight decay regularization, ICLR",
    ),
)
