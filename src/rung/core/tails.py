"""Say how far numbers of a column may lie, where its tails are heavy."""

from __future__ import annotations

import numpy as np

from rung.typing import Array

# So many times the range of training beyond its ends a number is far outside, whatever the tails.
FAR = 1.0
# As many rows as the tail was seen in pass the limit once in so many tables.
TABLES = 100.0
FEWEST = 10


def far_limits(values: Array) -> tuple[float, float]:
    """Return the numbers below and above which a cell lies far outside a column.

    Both are a range of the column beyond its ends, or where a tail falls off as a power they are
    where its power law leaves one row in a hundred tables of this size.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        Of training rows; missing ones do not count.

    Returns
    -------
    low, high : float
        The limits; infinite where there is no range.

    Source
    ------
    Hill (1975), A simple general approach to inference about the tail of a distribution, Annals
    of Statistics 3, 1163-1174.

    Examples
    --------
    >>> far_limits(np.array([1.0, 2.0, 4.0]))
    (-2.0, 7.0)
    """
    known = values[np.isfinite(values)]
    if not len(known) or known.min() == known.max():
        return -np.inf, np.inf
    unit = float(np.abs(known).max())  # in which no sum overflows
    scaled = known / unit
    low, high, middle = float(scaled.min()), float(scaled.max()), float(np.median(scaled))
    reach = FAR * (high - low)
    above, below = _reach_of_tail(scaled - middle), _reach_of_tail(middle - scaled)
    with np.errstate(over="ignore"):
        limits = unit * np.array(
            [min(low - reach, middle - below), max(high + reach, middle + above)]
        )
    return float(limits[0]), float(limits[1])


def _reach_of_tail(apart: Array) -> float:
    """Return how far from the middle a tail reaches, by its power law; 0 where it has few rows."""
    tail = np.sort(apart[apart > 0])[::-1]
    k = min(max(FEWEST, int(len(apart) ** 0.5)), len(tail) - 1)
    if k < FEWEST:
        return 0.0
    power = float(np.log(tail[:k] / tail[k]).mean())
    return float(tail[k] * (TABLES * k) ** power)
