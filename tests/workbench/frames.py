"""Make small frames for tests of whole runs."""

from __future__ import annotations

import numpy as np
import polars as pl


def frame(n_rows: int = 300, seed: int = 0) -> pl.DataFrame:
    """Return numbers, a category, missing cells, an identifier, a quantity and two classes."""
    rng = np.random.default_rng(seed)
    size = rng.normal(size=n_rows)
    colour = rng.choice(["blue", "green", "red"], n_rows)
    mass = 2 * size + (colour == "red") + 0.5 * rng.normal(size=n_rows)
    kind = np.where(mass + rng.normal(size=n_rows) > 0.5, "star", "galaxy")
    return pl.DataFrame(
        {
            "object_id": np.arange(n_rows) * 7 + 10**15,
            "size": np.where(rng.random(n_rows) < 0.05, np.nan, size),
            "noise": rng.normal(size=n_rows),
            "colour": colour,
            "survey": ["north"] * n_rows,
            "mass": mass,
            "kind": kind,
            "three": rng.choice(["a", "b", "c"], n_rows),
            "weight": rng.random(n_rows) + 0.5,
            "plate": rng.integers(0, 40, n_rows).astype(str),
            "night": rng.integers(0, 90, n_rows),
        }
    )
