"""Mix the bits of numbers, many at once: the same on every machine.

Source: Steele, Lea & Flood (2014), OOPSLA: SplitMix64.
"""

from __future__ import annotations

import numpy as np

from rung.typing import Array

BASE = np.uint64(0x9E3779B97F4A7C15)


def mix(values: Array) -> Array:
    """Scatter 64-bit numbers, so that near ones end far apart.

    Examples
    --------
    >>> mix(np.array([0, 1], dtype=np.uint64)).tolist()
    [16294208416658607535, 10451216379200822465]
    """
    with np.errstate(over="ignore"):
        found = np.asarray(values, dtype=np.uint64) + BASE
        found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed: Array = found ^ (found >> np.uint64(31))
    return mixed
