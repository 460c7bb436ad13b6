"""Let a network that was trained elsewhere turn images into numbers, and keep it in the model."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rung.compute import one_thread_each
from rung.core.findings import Finding
from rung.errors import DataError, MissingExtra
from rung.images.numbers import BACKBONE, COLOURED, Columns, Spread, in_turn
from rung.images.scattering import Symmetry
from rung.images.statistics import fill_missing
from rung.nets.backbones.shape import SMALLEST, BackboneShape, recognise
from rung.store.weights_file import read_weights
from rung.typing import JSON, Array

CHUNK = 64
# How far pixels may leave what weights were trained on before it is said.
SLACK = 0.01


@dataclass(frozen=True)
class FrozenBackbone:
    """A network that is kept as it is.

    Attributes
    ----------
    shape : BackboneShape
        Of the network.
    weights : mapping of str to ndarray
        float32, by name.
    source : str
        Name of the file that they come from, and its digest.
    """

    shape: BackboneShape
    weights: Mapping[str, Array]
    source: str

    @property
    def said(self) -> str:
        """What it is, in a few words."""
        n_weights = sum(array.size for array in self.weights.values())
        return f"{self.shape.title}, {n_weights:,} frozen weights of {self.source}"

    def columns(self, pixels: Array, symmetry: Symmetry, spread: Spread = in_turn) -> Columns:
        """Return the features of images, by name.

        Parameters
        ----------
        pixels : ndarray, float32, shape (n, channels, height, width)
            NaN where a pixel is missing: the mean of its channel stands there.
        symmetry : str
            Over whose poses features are averaged.
        spread : callable
            Works on parts of the images side by side.
        """
        if importlib.util.find_spec("torch") is None:
            raise MissingExtra(
                "a backbone needs torch, which is not installed", "pip install 'rung[deep]'"
            )
        from rung.nets.backbones.forward import image_features

        def work(block: Array) -> Array:
            with one_thread_each():
                return image_features(self.shape, self.weights, fill_missing(block), symmetry)

        blocks = [pixels[i : i + CHUNK] for i in range(0, len(pixels), CHUNK)]
        found = np.concatenate(list(spread(work, blocks)))
        names = [f"{BACKBONE} {i + 1}" for i in range(found.shape[1])]
        return dict(zip(names, np.ascontiguousarray(found.T), strict=True))

    def spec(self) -> JSON:
        """Return what a model file says of it, beside its weights."""
        return {"shape": self.shape.settings(), "source": self.source}


def read_backbone(path: str, size: tuple[int, ...]) -> FrozenBackbone:
    """Read the weights of a network for images of a size, (channels, height, width).

    Raises
    ------
    DataError
        If they cannot be read, are of no network that is known, or it cannot take such images.
    """
    found = read_weights(path)
    arrays = {name: _plain(name, array) for name, array in found.arrays.items()}
    try:
        shape = recognise({name: array.shape for name, array in arrays.items()})
    except DataError as error:
        raise DataError(f"{Path(path).name!r}: {error.message}", error.remedy) from error
    weights = {name: arrays[name] for name in shape.sizes()}
    n_channels, height, width = size
    if n_channels not in (1, COLOURED):
        raise DataError(
            f"the {shape.title} reads red, green and blue; images have {n_channels} channels",
            "leave out --backbone",
        )
    smallest = SMALLEST[shape.architecture]
    if min(height, width) < smallest:
        raise DataError(
            f"images of {width} x {height} pixels are smaller than the {smallest} a side that a "
            f"{shape.title} reads",
            f"use --size {2 * smallest}",
        )
    return FrozenBackbone(shape, weights, f"{Path(path).name} ({found.digest})")


def _plain(name: str, array: Array) -> Array:
    """Return a convolution of single pixels between channels as the matrix that it is."""
    is_pixel = ".mlp.fc" in name and array.shape[2:] == (1, 1)
    return array.reshape(array.shape[:2]) if is_pixel else array


def load_backbone(spec: Any, arrays: Mapping[str, Array]) -> FrozenBackbone:
    """Return the network of a model file, after checking the shape of each array."""
    shape = recognise({name: array.shape for name, array in arrays.items()})
    if shape.settings() != {
        k: tuple(v) if type(v) is list else v for k, v in spec["shape"].items()
    }:
        raise ValueError("the backbone has another shape than its description")
    if any(one.dtype != np.float32 or not np.isfinite(one).all() for one in arrays.values()):
        raise ValueError("the backbone has weights that are not finite numbers of 32 bits")
    return FrozenBackbone(shape, arrays, str(spec["source"]))


def beyond_range(pixels: Array, backbone: FrozenBackbone | None) -> tuple[Finding, ...]:
    """Say that pixels are not as those that the weights were trained on, from 0 to 1."""
    if backbone is None:
        return ()
    low, high = float(np.nanmin(pixels)), float(np.nanmax(pixels))
    if low >= -SLACK and high <= 1 + SLACK:
        return ()
    return (
        Finding(
            "backbone_range",
            "warning",
            (),
            f"pixels run from {low:.4g} to {high:.4g}; the weights of a backbone were trained on 0 "
            "to 1",
            "use --stretch percentile, which brings every image to 0 to 1",
        ),
    )
