"""Measure how alike neighbours in an order are, such as rows that follow each other in a file."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rung.typing import Array

# Likeness that fades within so many steps is likeness of neighbours; what changes more slowly may
# be nothing but a table that was sorted.
NEAR, FAR = 3, 20
FAR_SHARE = 100
MOST_TURNS = 0.02


@dataclass(frozen=True)
class Likeness:
    """Say how alike neighbours are.

    Attributes
    ----------
    share : float
        Correlation of neighbours: 0 for none, 1 where they are equal.
    z : float
        How many standard errors of chance that is.
    """

    share: float
    z: float


def neighbour_correlation(values: Array) -> Likeness:
    """Return the correlation of each value with the next one.

    Source
    ------
    Under independence its standard error is 1 / √n: Bartlett (1946), Supplement to the Journal of
    the Royal Statistical Society 8.

    Examples
    --------
    >>> round(neighbour_correlation(np.sin(np.arange(1000) / 50.0)).share, 2)
    1.0
    """
    centred = values - values.mean()
    size = float(centred @ centred)
    if size <= 0 or len(values) < 3:
        return Likeness(0.0, 0.0)
    share = float(centred[1:] @ centred[:-1]) / size
    return Likeness(share, share * math.sqrt(len(values)))


def local_likeness(values: Array) -> Likeness:
    """Return how much more alike neighbours are than values a few steps apart.

    A slow trend counts for nothing, since a table that was sorted by one column has one in every
    column that goes with it.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        In their order, without missing values.

    Returns
    -------
    Likeness
        One minus the ratio of the mean squared differences at lag 1 and at a few steps.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> trend = np.linspace(0.0, 3.0, 2000) + rng.normal(size=2000)
    >>> abs(local_likeness(trend).z) < 3 < neighbour_correlation(trend).z
    True
    """
    n_rows = len(values)
    step = min(max(n_rows // FAR_SHARE, NEAR), FAR)
    if n_rows < 4 * step:
        return Likeness(0.0, 0.0)
    near = float(np.mean(np.diff(values) ** 2))
    far = float(np.mean([np.mean((values[lag:] - values[:-lag]) ** 2) for lag in (step, step + 1)]))
    if far <= 0:
        return Likeness(0.0, 0.0)
    share = 1.0 - near / far
    # Variances of the two mean squares of independent normal values are 3/n and about 2.5/n of
    # their squares, and they are hardly correlated beyond the values that they share.
    return Likeness(share, share * math.sqrt(n_rows / 2.0))


def is_sorted(values: Array) -> bool:
    """Tell whether values run up or down all along, or in a few runs, each sorted.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        In their order; NaN is passed over.

    Examples
    --------
    >>> is_sorted(np.arange(50.0)), is_sorted(np.r_[np.arange(100.0), np.arange(100.0)])
    (True, True)
    >>> is_sorted(np.random.default_rng(0).normal(size=50))
    False
    """
    steps = np.diff(values[np.isfinite(values)])
    if not (steps != 0).any():
        return False
    turns = min(int((steps > 0).sum()), int((steps < 0).sum()))
    n_levels = len(np.unique(values[np.isfinite(values)]))
    return turns <= max(MOST_TURNS * len(steps), 1) and _are_few(steps, n_levels)


def _are_few(steps: Array, n_levels: int) -> bool:
    """Tell whether a column changes about as seldom as sorting lets it: rare events do not count."""
    return int((steps != 0).sum()) <= 3 * n_levels
