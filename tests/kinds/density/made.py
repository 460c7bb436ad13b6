"""Rows without a target that tests of densities share."""

from __future__ import annotations

from typing import Any

import numpy as np

from rung.typing import Array


def stars(n: int = 160, seed: int = 0) -> dict[str, Any]:
    """Return numbers that follow a class, a rounded and a zero-inflated one, and gaps."""
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 2, n)
    colour = rng.normal(size=n) + 4.0 * kind
    size: Array = colour + 0.3 * rng.normal(size=n)
    size[: n // 8] = np.nan
    return {
        "kind": np.array(["dwarf", "giant"])[kind],
        "colour": colour,
        "size": size,
        "grade": np.round(2 * rng.normal(size=n)),
        "flux": np.where(rng.random(n) < 0.4, 0.0, rng.exponential(size=n)),
        "is_near": rng.random(n) < 0.5,
    }
