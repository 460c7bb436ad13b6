"""Bring numbers to units that outliers do not change, and bend what lies far out."""

from __future__ import annotations

import numpy as np

from rung.prep.lines import FARTHEST
from rung.typing import Array

SOFT_LIMIT = 3.0
# Before numbers are turned they are bent less, as such curves hide what they have in common.
WIDE_LIMIT = 8.0
# Half the distance between the quartiles of a normal distribution, in standard deviations.
QUARTILE = 0.6744897501960817


def robust_units(numbers: Array) -> tuple[Array, Array]:
    """Return median and robust spread of each column, (n_columns,) each.

    The spread is 0 where a column does not vary.

    Parameters
    ----------
    numbers : ndarray, shape (n_rows, n_columns)
        Training rows; what is not finite says nothing.

    Examples
    --------
    >>> shift, scale = robust_units(np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0], [1e9, np.nan]]))
    >>> shift.tolist(), scale.round(3).tolist()
    ([3.0, 0.0], [0.741, 0.0])
    """
    learned = [_robust(column) for column in numbers.T]
    shift, scale = (np.array([each[i] for each in learned], dtype=float) for i in range(2))
    return shift, scale


def in_units(numbers: Array, shift: Array, scale: Array, in_use: Array) -> Array:
    """Return the numbers in use in robust units, hardly bent; shape (n_rows, n_in_use).

    Parameters
    ----------
    numbers : ndarray, shape (n_rows, n_numbers)
        Gaps and infinities become 0, the median.
    shift, scale : ndarray, shape (n_numbers,)
        What is taken off each number, and by what it is divided.
    in_use : ndarray of bool, shape (n_numbers,)
        Which numbers to return.
    """
    out = np.zeros((len(numbers), int(in_use.sum())))
    for position, k in enumerate(np.flatnonzero(in_use)):
        out[:, position] = squash(numbers[:, k], shift[k], scale[k], WIDE_LIMIT)
    return out


def squash(values: Array, shift: float, scale: float, limit: float = SOFT_LIMIT) -> Array:
    """Return values in robust units, bent so that none is further than the limit from zero.

    Source
    ------
    Holzmüller, Grinsztajn & Steinwart (2024), Better by default, NeurIPS 37.

    Examples
    --------
    >>> squash(np.array([1.0, 1e9, np.nan]), 1.0, 2.0)
    array([0., 3., 0.])
    """
    with np.errstate(over="ignore", invalid="ignore"):
        units = (values - shift) / scale
    return np.where(np.isfinite(values), bend(units, limit), 0.0)


def bend(units: Array, limit: float) -> Array:
    """Return values bent so that none is further than the limit from zero.

    Examples
    --------
    >>> bend(np.array([0.01, 4.0, -1e9]), 3.0).round(2)
    array([ 0.01,  2.4 , -3.  ])
    """
    near = np.clip(units, -FARTHEST, FARTHEST)
    return np.asarray(near / np.sqrt(1.0 + (near / limit) ** 2))


def _robust(values: Array) -> tuple[float, float]:
    """Return median and spread of a column; spread 0 where it does not vary."""
    present = values[np.isfinite(values)]
    if not len(present) or present.min() == present.max():
        return 0.0, 0.0
    low, middle, high = np.quantile(present, [0.25, 0.5, 0.75], method="nearest")
    with np.errstate(over="ignore"):
        spread = (high - low) / (2.0 * QUARTILE) or (present.max() - present.min()) / 2.0
    if not np.finfo(float).tiny < spread < np.inf:
        return 0.0, 0.0
    return float(middle), float(spread)
