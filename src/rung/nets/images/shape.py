"""State the size of a network of images: which arrays it has, and of which shape each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from rung.typing import Array, Settings

ARCHITECTURES = ("small", "residual")
# The small network pools to a grid of so many cells a side before its hidden layer.
GRID = 4
# Sides above this one are halved by the first convolution.
SMALL_SIDE = 40


@dataclass(frozen=True)
class ImageNetShape:
    """State the size of a network.

    Attributes
    ----------
    architecture : str
        `small`: two convolutions, pooled, one hidden layer. `residual`: stages of two
        convolutions beside a shortcut, each stage at half the side and twice the channels.
    n_channels, n_outputs : int
        Of an image; scores that go out.
    width : int
        Channels of the first convolution.
    n_stages, n_blocks : int
        Of the residual network: stages, and blocks in each.
    halves : bool
        Whether the first convolution takes every other pixel of every other line.
    """

    architecture: str
    n_channels: int
    n_outputs: int
    width: int
    n_stages: int = 1
    n_blocks: int = 1
    halves: bool = False

    @property
    def is_residual(self) -> bool:
        """Whether it has shortcuts."""
        return self.architecture == "residual"

    def convolutions(self) -> dict[str, tuple[int, int, int]]:
        """Return channels in, channels out and side of the kernel of each convolution, by name."""
        if not self.is_residual:
            return {
                "first": (self.n_channels, self.width, 3),
                "second": (self.width, 2 * self.width, 3),
            }
        found = {"stem": (self.n_channels, self.width, 3)}
        before = self.width
        for stage in range(self.n_stages):
            width = self.width * 2**stage
            for block in range(self.n_blocks):
                name = f"stage{stage}.block{block}"
                found[f"{name}.first"] = (before, width, 3)
                found[f"{name}.second"] = (width, width, 3)
                if before != width:
                    found[f"{name}.shortcut"] = (before, width, 1)
                before = width
        return found

    def layers(self) -> dict[str, tuple[int, int]]:
        """Return inputs and outputs of each full matrix, by name."""
        if self.is_residual:
            return {"head": (self.width * 2 ** (self.n_stages - 1), self.n_outputs)}
        hidden = 4 * self.width
        return {"hidden": (2 * self.width * GRID**2, hidden), "head": (hidden, self.n_outputs)}

    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of each array of a trained network, by name.

        Examples
        --------
        >>> list(ImageNetShape("small", 1, 2, 8).sizes())[:2]
        ['first.weight', 'first.bias']
        """
        found: dict[str, tuple[int, ...]] = {}
        for name, (before, after, kernel) in self.convolutions().items():
            found[f"{name}.weight"] = (after, before, kernel, kernel)
            found[f"{name}.bias"] = (after,)
        for name, (before, after) in self.layers().items():
            found[f"{name}.weight"] = (after, before)
            found[f"{name}.bias"] = (after,)
        return found

    def settings(self) -> Settings:
        """Return the sizes, JSON-ready."""
        return asdict(self)


def first_weights(shape: ImageNetShape, generator: np.random.Generator) -> dict[str, Array]:
    """Draw the weights before training, float32.

    Weights have the variance 2 / n_in that keeps the size of activations through rectifiers;
    heads begin small. Convolutions of the residual network are normalised: each has a scale and a
    shift in place of a bias, and the last scale of a block begins at zero, so that a block begins
    as its shortcut.

    Source
    ------
    He, Zhang, Ren & Sun (2015), ICCV; Goyal et al. (2017), arXiv:1706.02677.
    """
    found: dict[str, Array] = {}
    for name, size in shape.sizes().items():
        layer, kind = name.rsplit(".", 1)
        if kind == "weight":
            gain = 0.1 if layer == "head" else np.sqrt(2.0)
            drawn = generator.normal(0.0, gain / np.sqrt(np.prod(size[1:])), size)
            found[name] = drawn.astype(np.float32)
        elif shape.is_residual and layer != "head":
            scale = np.zeros(size) if layer.endswith("second") else np.ones(size)
            found[f"{layer}.scale"] = scale.astype(np.float32)
            found[f"{layer}.shift"] = np.zeros(size, dtype=np.float32)
        else:
            found[name] = np.zeros(size, dtype=np.float32)
    return found


def first_moments(shape: ImageNetShape) -> dict[str, Array]:
    """Return running means and variances of what is normalised, before training."""
    if not shape.is_residual:
        return {}
    found: dict[str, Array] = {}
    for name, (_, width, _) in shape.convolutions().items():
        found[f"{name}.mean"] = np.zeros(width, dtype=np.float32)
        found[f"{name}.variance"] = np.ones(width, dtype=np.float32)
    return found


def fused(arrays: Mapping[str, Array], epsilon: float) -> dict[str, Array]:
    """Multiply the normalisation of a trained network into its convolutions.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        Weights and running moments.
    epsilon : float
        Added to variances.

    Examples
    --------
    >>> own = {"a.weight": np.ones((1, 1, 1, 1)), "a.scale": np.array([6.0])}
    >>> own |= {
    ...     "a.shift": np.array([1.0]),
    ...     "a.mean": np.array([2.0]),
    ...     "a.variance": np.array([4.0]),
    ... }
    >>> made = fused(own, 0.0)
    >>> made["a.weight"].ravel(), made["a.bias"]
    (array([3.]), array([-5.]))
    """
    found = {}
    for name, array in arrays.items():
        layer, kind = name.rsplit(".", 1)
        is_plain = kind == "weight" and f"{layer}.scale" not in arrays
        if kind == "bias" or is_plain:
            found[name] = array.copy()
        elif kind == "weight":
            factor = arrays[f"{layer}.scale"] / np.sqrt(arrays[f"{layer}.variance"] + epsilon)
            found[name] = array * factor[:, None, None, None]
            found[f"{layer}.bias"] = arrays[f"{layer}.shift"] - arrays[f"{layer}.mean"] * factor
    return found
