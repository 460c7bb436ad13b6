"""Lay residuals out where rows were measured: on the sky, or on a map."""

from __future__ import annotations

from itertools import product

import numpy as np

from rung.check.maps import named_maps
from rung.core.dataset import Dataset
from rung.explain.explanation import Explained, Explanation
from rung.explain.residuals import HeldOutRows
from rung.explain.truth import mean_interval
from rung.typing import JSON, Array

MOST_POINTS = 300
# The map is cut into so many parts each way, of about as many rows.
PARTS, FEWEST_ROWS = 3, 5


def residual_map_section(found: Explained) -> list[JSON] | None:
    """Return residuals of the choice by position; None for classes, or where no names say one."""
    if found.out_of_fold.classes:
        return None
    held = HeldOutRows.of(found, found.shown[0])
    place = next(iter(named_maps(held.design, found.target)), None)
    if place is None:
        return None
    across, up = (held.design.values[name][held.rows] for name in place.columns)
    error = held.outputs[:, 0] - held.true
    known = np.isfinite(across) & np.isfinite(up)
    across, up, error = across[known], up[known], error[known]
    step = -(-len(error) // MOST_POINTS)
    family = found.shown[0]
    return [
        {
            "family": family.name,
            "title": family.title,
            "columns": [_named(held.design, name) for name in place.columns],
            "n_rows": len(error),
            "points": {"across": across[::step], "up": up[::step], "error": error[::step]},
            "parts": map_parts(across, up, error),
        }
    ]


def _named(design: Dataset, name: str) -> JSON:
    return {"name": name, "unit": design.column(name).unit}


def map_parts(across: Array, up: Array, error: Array) -> list[JSON]:
    """Return the mean residual in parts of the map, with a 95 % interval.

    Examples
    --------
    >>> rows = np.arange(90.0)
    >>> parts = map_parts(rows, rows % 9, np.where(rows < 30, 1.0, 0.0))
    >>> [part["mean"] for part in parts]
    [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    (ends_across, at_across), (ends_up, at_up) = _cut(across), _cut(up)
    found = []
    for i, j in product(range(len(ends_across) - 1), range(len(ends_up) - 1)):
        own = error[(at_across == i) & (at_up == j)]
        if len(own) >= FEWEST_ROWS:
            ends = {"across": ends_across[i : i + 2], "up": ends_up[j : j + 2]}
            found.append({**ends, **mean_interval(own)})
    return found


def _cut(values: Array) -> tuple[list[float], Array]:
    """Return the ends of parts with about as many values, and the part that each lies in."""
    ends = np.unique(np.quantile(values, np.linspace(0.0, 1.0, PARTS + 1)))
    place = np.searchsorted(ends[1:-1], values, side="right")
    return ends.tolist(), place


EXPLANATION = Explanation(name="residual_map", make=residual_map_section)
