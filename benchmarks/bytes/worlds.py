"""Twenty small data sets: tables of every task, texts of both forms, groups, time, weights, seals.

They are made from fixed seeds, so that any checkout of the code meets the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

N_ROWS = 240
QUICK = ["one_feature", "linear", "polynomial", "tree", "boosting"]


@dataclass(frozen=True)
class World:
    """One data set and what a run is asked of it.

    Attributes
    ----------
    data : callable
        Makes the table or the lines.
    options : dict
        Keywords of the fit; no `target` means a text.
    """

    data: Callable[[], Any]
    options: dict[str, Any] = field(default_factory=dict)


def _numbers(seed: int = 0, n: int = N_ROWS) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    x, z, w = rng.normal(size=(3, n))
    return {
        "x": x,
        "z": np.round(z, 2),
        "w": np.exp(w),
        "place": rng.choice(["north", "south", "hill"], n),
        "y": 3 * x + np.sin(3 * z) + rng.normal(size=n) / 2,
    }


def _classes(k: int, seed: int = 1) -> dict[str, Any]:
    table = _numbers(seed)
    y = table.pop("y")
    cuts = np.quantile(y, np.linspace(0, 1, k + 1)[1:-1])
    names = np.array(["dim", "fair", "bright", "glare", "burnt"])
    return table | {"label": names[np.searchsorted(cuts, y)]}


def _holed(seed: int = 2) -> dict[str, Any]:
    table = _numbers(seed)
    rng = np.random.default_rng(seed + 100)
    holed = table["x"].copy()
    holed[rng.random(N_ROWS) < 0.2] = np.nan
    return table | {"x": holed, "z": np.where(rng.random(N_ROWS) < 0.1, -99.0, table["z"])}


def _grouped(seed: int = 3) -> dict[str, Any]:
    table = _numbers(seed)
    plate = np.arange(N_ROWS) // 12
    shift = np.random.default_rng(seed + 100).normal(size=plate.max() + 1)
    return table | {"plate": [f"plate {i}" for i in plate], "y": table["y"] + shift[plate]}


def _timed(seed: int = 4) -> dict[str, Any]:
    table = _numbers(seed)
    return table | {"day": np.arange(N_ROWS) * 0.5, "y": table["y"] + np.arange(N_ROWS) / 60}


def _weighted(seed: int = 5) -> dict[str, Any]:
    return _numbers(seed) | {"weight": np.random.default_rng(seed).integers(1, 4, N_ROWS)}


def _doubled(seed: int = 6) -> dict[str, Any]:
    return {name: np.tile(np.asarray(values), 2) for name, values in _numbers(seed, 120).items()}


def _lines(seed: int = 7) -> list[str]:
    rng = np.random.default_rng(seed)
    heads, tails = ("mon", "tues", "wednes", "fri", "sun"), ("day", "night", "noon")
    return [
        f"{rng.choice(heads)}{rng.choice(tails)} {number}"
        for number in rng.permutation(900)[:400].tolist()
    ]


def _stream(seed: int = 8) -> list[str]:
    return [". ".join(_lines(seed + i)) for i in range(6)]


WORLDS: dict[str, World] = {
    "numbers": World(_numbers, {"target": "y"}),
    "numbers_mae": World(lambda: _numbers(10), {"target": "y", "metric": "mae", "families": QUICK}),
    "two_classes": World(lambda: _classes(2), {"target": "label"}),
    "two_classes_auc": World(
        lambda: _classes(2, 11),
        {"target": "label", "metric": "roc_auc", "positive": "dim", "families": QUICK},
    ),
    "three_classes": World(lambda: _classes(3), {"target": "label"}),
    "five_classes": World(lambda: _classes(5), {"target": "label", "families": QUICK}),
    "whole_number_classes": World(
        lambda: _numbers(12) | {"y": np.random.default_rng(12).integers(0, 3, N_ROWS)},
        {"target": "y", "task": "multiclass", "families": QUICK},
    ),
    "missing_cells": World(_holed, {"target": "y"}),
    "sentinels_kept": World(
        lambda: _holed(13), {"target": "y", "keep_sentinels": True, "families": QUICK}
    ),
    "groups": World(_grouped, {"target": "y", "groups": "plate"}),
    "time": World(_timed, {"target": "y", "time": "day", "families": QUICK}),
    "weights": World(_weighted, {"target": "y", "weight": "weight"}),
    "repeated_rows": World(_doubled, {"target": "y", "families": QUICK}),
    "repeated_folds": World(
        lambda: _numbers(14), {"target": "y", "folds": 3, "repeats": 2, "families": QUICK}
    ),
    "no_seal": World(
        lambda: _numbers(15), {"target": "y", "test_fraction": 0.0, "families": QUICK}
    ),
    "leader": World(
        lambda: _numbers(16),
        {"target": "y", "choose": "leader", "margin": 0.05, "seed": 3, "drop": ["w"]},
    ),
    "few_rows": World(lambda: _numbers(17, 30), {"target": "y", "families": QUICK}),
    "lines": World(_lines, {}),
    "lines_two_families": World(
        lambda: _lines(18),
        {"families": ["bigram", "ngram"], "metric": "perplexity", "test_fraction": 0.2},
    ),
    "stream": World(_stream, {"reading": "text", "families": ["bigram", "ngram"]}),
}
