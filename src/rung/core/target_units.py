"""Bring a target to numbers near zero, in which its unit and origin leave no trace."""

from __future__ import annotations

import numpy as np

from rung.typing import Array

# Watched rows may lie far outside what was learned; single precision holds 3e38.
FARTHEST = 1e10
# Numbers are rounded to parts of this size. Sums over rows are then exact, in whatever order they
# are added up, so that what is equal stays equal: a cut is never chosen by the last digit of a sum,
# which another unit would round otherwise.
GRAIN = 2.0**-36


def target_units(y: Array) -> tuple[float, float]:
    """Return what is taken off a target, and by what it is then divided; 0 if it does not vary.

    Parameters
    ----------
    y : ndarray, shape (n_rows,)
        Training rows.

    Examples
    --------
    >>> target_units(np.array([7.0, 3.0, 4.0, 5.0]))
    (5.0, 2.0)
    """
    # A value of the target, so that a large offset cancels without loss.
    offset = float(np.partition(y, len(y) // 2)[len(y) // 2])
    return offset, float(np.abs(y - offset).max())


def in_target_units(y: Array, offset: float, scale: float) -> Array:
    """Return a target in units of its training rows, of which none lies further than 1 from 0.

    Examples
    --------
    >>> in_target_units(np.array([7.0, 4.0]), 5.0, 2.0)
    array([ 1. , -0.5])
    """
    near = np.clip((y - offset) / (scale or 1.0), -FARTHEST, FARTHEST)
    return np.asarray(np.rint(near / GRAIN) * GRAIN)
