"""Note how each layer of a network of characters learns: how far a step moves it, and its slopes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rung.typing import JSON, Array

BINS = 20
# Powers of ten that a histogram of slopes spans, and the smallest slope that counts as one.
DECADES = 6
SMALLEST, LARGEST = -12.0, 12.0
CHARACTERS, OUTPUT = "characters", "output"
LAYERS = {"symbol": CHARACTERS, "pair": CHARACTERS, "triple": CHARACTERS, "output": OUTPUT}


def layers_of(arrays: Mapping[str, Any]) -> dict[str, list[str]]:
    """Tell which arrays belong to which layer, from the characters to the output.

    Shifts and scales, which are no tables or matrices, are left out.

    Parameters
    ----------
    arrays : mapping of str to array or Tensor
        By the names that the networks of characters give them.

    Examples
    --------
    >>> sizes = {"symbol": (3, 2), "output": (3, 4), "fused.0": (4, 2), "shift.0": (4,)}
    >>> layers_of({name: np.zeros(size) for name, size in sizes.items()})
    {'characters': ['symbol'], 'layer 1': ['fused.0'], 'output': ['output']}
    """
    found: dict[str, list[str]] = {}
    for name in (name for name, each in arrays.items() if each.ndim == 2):
        inner = re.fullmatch(r"\w+\.(\d+)", name)
        layer = f"layer {int(inner[1]) + 1}" if inner else LAYERS.get(name, "memory")
        found.setdefault(layer, []).append(name)
    inside = [layer for layer in found if layer not in {CHARACTERS, OUTPUT}]
    order = [CHARACTERS, *sorted(inside, key=lambda layer: (len(layer), layer)), OUTPUT]
    return {layer: found[layer] for layer in order if layer in found}


class Updates:
    """Measure how far single steps move each layer, relative to the size of its weights.

    Parameters
    ----------
    weights : mapping of str to Tensor
        What an optimiser changes in place.

    Examples
    --------
    >>> weights = {"symbol": torch.full((2, 2), 1.0)}
    >>> updates = Updates(weights)
    >>> with updates.measured(wanted=True):
    ...     _ = weights["symbol"].mul_(0.99)
    >>> updates.by_layer()
    {'layers': [{'name': 'characters', 'log10': [-1.996]}]}
    """

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self.layers = {
            layer: [weights[name] for name in names] for layer, names in layers_of(weights).items()
        }
        self.points: list[list[float]] = []

    @contextmanager
    def measured(self, *, wanted: bool) -> Iterator[None]:
        """Measure the step that is made inside; where it is not wanted, do nothing."""
        before = {
            layer: [each.detach().clone() for each in group]
            for layer, group in (self.layers if wanted else {}).items()
        }
        yield
        if wanted:
            self.points.append([_log_ratio(self.layers[layer], before[layer]) for layer in before])

    def by_layer(self) -> JSON:
        """Return the decimal logarithms, one for each step measured, by layer."""
        return {
            "layers": [
                {"name": layer, "log10": [point[place] for point in self.points]}
                for place, layer in enumerate(self.layers)
            ]
        }


def _log_ratio(after: list[Tensor], before: list[Tensor]) -> float:
    moved = _length([now.detach() - then for now, then in zip(after, before, strict=True)])
    # Some layers begin at zero: the size is that after the step.
    size = _length([now.detach() for now in after])
    if not np.isfinite(moved + size):
        return LARGEST
    ratio = moved / size if size else 0.0
    return round(float(np.log10(ratio)), 3) if ratio > 10.0**SMALLEST else SMALLEST


def _length(tensors: list[Tensor]) -> float:
    return float(sum(float(torch.linalg.vector_norm(each)) ** 2 for each in tensors) ** 0.5)


def slope_record(slopes: Mapping[str, Tensor], n_characters: int) -> JSON:
    """Count how steep the slopes of the loss are in each layer, by powers of ten.

    Parameters
    ----------
    slopes : mapping of str to Tensor
        Derivatives of the mean loss by every weight.
    n_characters : int
        Read for them.

    Returns
    -------
    dict
        `characters`; `low` and `high`, the powers of ten that all histograms span; and `layers`, each
        with its `name`, the `shares` of slopes in each bin (those below counted in the lowest), the
        share `none` of slopes that are zero, counted in no bin, and `median`, the power of ten that
        half of the others stay below.

    Examples
    --------
    >>> found = slope_record({"symbol": torch.tensor([[0.0, 0.02], [-0.02, 0.02]])}, 3)
    >>> found["high"], found["layers"][0]["none"], found["layers"][0]["median"]
    (-1, 0.25, -1.7)
    """
    sizes = {
        layer: np.concatenate([np.abs(slopes[name].numpy()).ravel() for name in names])
        for layer, names in layers_of(slopes).items()
    }
    powers = {
        layer: np.log10(each[each > 10.0**SMALLEST].astype(np.float64)).clip(SMALLEST, LARGEST)
        for layer, each in sizes.items()
    }
    top = max((each.max() for each in powers.values() if len(each)), default=0.0)
    high = int(np.floor(top)) + 1
    return {
        "characters": n_characters,
        "low": high - DECADES,
        "high": high,
        "layers": [
            {"name": layer, **_histogram(powers[layer], high, len(sizes[layer]))} for layer in sizes
        ],
    }


def _histogram(powers: Array, high: int, n_slopes: int) -> JSON:
    counts, _ = np.histogram(
        powers.clip(high - DECADES, high), bins=BINS, range=(high - DECADES, high)
    )
    return {
        "shares": [round(float(share), 4) for share in counts / n_slopes],
        "none": round(1.0 - len(powers) / n_slopes, 4),
        "median": round(float(np.median(powers)), 2) if len(powers) else None,
    }
