"""Turn numbers into hats: each value stands between two knots and has a share of either.

A sum of hats times heights is a curve of straight lines through the heights at the knots, level
outside them. Knots are values of the training rows, so that units leave no trace.
"""

from __future__ import annotations

import numpy as np

from rung.typing import Array

# Knots are quantiles of at most so many cells, evenly spread over the rows.
SAMPLE = 20_000
# Shares and distances are rounded to parts of this size: what another unit rounds otherwise stays
# the same to the bit.
GRAIN = 2.0**-24
# Distances count as no less than this, and no more than its inverse.
NEAREST = 2.0**-6


def choose_knots(values: Array, most: int) -> Array:
    """Return knots that cut the values into parts of about as many; none where nothing varies.

    A value that many rows share, such as 0 of an income, is one knot, and those that it would have
    taken besides are given to the other rows.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        Training rows; what is not finite says nothing.
    most : int
        Of so few different values, each is a knot.

    Examples
    --------
    >>> choose_knots(np.array([1.0, 2.0, 2.0, np.nan, 3.0, 9.0]), 3)
    array([1., 2., 9.])
    >>> choose_knots(np.array([0.0] * 95 + [1.0, 2.0, 3.0, 4.0, 5.0]), 4)
    array([0., 1., 4., 5.])
    """
    present = values[np.isfinite(values)]
    if not len(present):
        return np.zeros(0)
    ends = present.min(), present.max()
    if ends[0] == ends[1]:
        return np.zeros(0)
    sample = np.sort(present[:: max(len(present) // SAMPLE, 1)])
    distinct = np.unique(np.concatenate([sample, ends]))
    if len(distinct) <= most:
        return distinct
    knots = np.unique(np.concatenate([_quantiles(sample, most), ends]))
    while len(knots) < most:
        rest = sample[~np.isin(sample, knots)]
        if not len(rest):
            break
        knots = np.unique(np.concatenate([knots, _quantiles(rest, most - len(knots))]))
    return knots


def _quantiles(ordered: Array, most: int) -> Array:
    """Return values at even distances, the first and the last among them."""
    return np.asarray(ordered[np.rint(np.linspace(0, len(ordered) - 1, most)).astype(int)])


def coarse(knots: Array, most: int) -> Array:
    """Return some of the knots, both ends among them.

    Examples
    --------
    >>> coarse(np.arange(9.0), 3)
    array([0., 4., 8.])
    """
    places = np.rint(np.linspace(0, len(knots) - 1, min(most, len(knots)))).astype(int)
    return np.asarray(knots[np.unique(places)])


def hats(values: Array, knots: Array) -> tuple[Array, Array]:
    """Return the knot below each value, and the share that the next knot has of it.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        Finite.
    knots : ndarray, shape (n_knots,)
        Ascending, two or more. Values outside count as at the nearer end.

    Examples
    --------
    >>> hats(np.array([0.0, 1.5, 99.0]), np.array([1.0, 2.0, 4.0]))
    (array([0, 0, 1]), array([0. , 0.5, 1. ]))
    """
    below = np.clip(np.searchsorted(knots, values, side="right") - 1, 0, len(knots) - 2)
    low, high = knots[below], knots[below + 1]
    with np.errstate(over="ignore", invalid="ignore"):
        share = np.clip((values / 2 - low / 2) / (high / 2 - low / 2), 0.0, 1.0)
    return below, np.rint(share / GRAIN) * GRAIN


def spacing(knots: Array) -> Array:
    """Return the distances of neighbours as shares of the one in the middle, none extreme.

    Examples
    --------
    >>> spacing(np.array([0.0, 1.0, 3.0, 1e9])).tolist()
    [0.5, 1.0, 64.0]
    """
    gaps = np.diff(knots / 2)
    middle = np.partition(gaps, len(gaps) // 2)[len(gaps) // 2]
    with np.errstate(over="ignore"):
        near = np.clip(gaps / middle, NEAREST, 1.0 / NEAREST)
    return np.asarray(np.rint(near / GRAIN) * GRAIN)


def differences(knots: Array) -> tuple[Array, ...]:
    """Return what heights at knots are held by: matrices of squared steps, and squared bends.

    Steps are weighed half by knots and half by distance: a step over a gap costs less, as there is
    less to speak against it. Bends are changes of slope. Both are scaled so that a straight
    rise by one over the evenly spread knots has steps of size one; two knots have no bend.

    Examples
    --------
    >>> steps, bends = differences(np.arange(5.0))
    >>> rise = np.linspace(0.0, 1.0, 5)
    >>> float(rise @ steps @ rise), abs(float(rise @ bends @ rise)) < 1e-12
    (1.0, True)
    """
    n_knots, gaps = len(knots), spacing(knots)
    step = np.diff(np.eye(n_knots), axis=0)
    weighed = step / gaps[:, None] ** 0.25
    steps = (n_knots - 1) * (weighed.T @ weighed)
    if n_knots == 2:
        return (steps,)
    bend = np.diff(step / gaps[:, None], axis=0) / np.sqrt((gaps[1:, None] + gaps[:-1, None]) / 2)
    return steps, float(n_knots - 1) ** 3 * (bend.T @ bend)
