"""Runs on small images whose answer is known, made once for all tests of explanations."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import polars as pl

import rung
from rung.core.family import Family
from tests.kinds.image.made import stripes


def tiny_network() -> Family:
    """Return a network that is trained in a moment."""
    from rung.families import find
    from rung.families.on_pixels import on_pixels
    from rung.nets.images.train import Recipe

    made = Recipe("small", 4, n_stages=1, fewest=2, most=2, learning_rate=1e-2)
    tiny = on_pixels("small", lambda: made, title="Small CNN", step=900, sources=())
    own = find("small_cnn", "image")
    assert own is not None
    return replace(own, cross_fit=tiny.cross_fit)


@cache
def run_of(*families: str, network: bool = False, symmetry: str = "none") -> Any:
    """Return a run on stripes across and down; the angle of the wave is the answer."""
    images, labels = stripes(200)
    added = [tiny_network()] if network else []
    return rung.fit(
        images, labels, families=[*families, *added], ledger=False, folds=3, symmetry=symmetry
    )


@cache
def values_run() -> Any:
    """Return a run whose target is how bright the upper left quarter of an image is."""
    rng = np.random.default_rng(1)
    images = rng.normal(0, 0.2, (90, 12, 12))
    y = rng.random(90)
    images[:, :6, :6] += y[:, None, None]
    return rung.fit(images, y, families=["pixel_linear"], ledger=False, folds=3)


@cache
def beside_run() -> Any:
    """Return a run on pure noise, whose answer stands in a column beside it."""
    rng = np.random.default_rng(2)
    images, y = rng.normal(size=(120, 8, 8)), np.arange(120) % 2
    table = {"class": [f"c{k}" for k in y], "z": y + rng.normal(0, 0.4, 120)}
    families = ["column_linear", "fusion_linear"]
    return rung.fit(
        images,
        "class",
        labels=pl.DataFrame(table),
        features=["z"],
        families=families,
        ledger=False,
        folds=3,
    )
