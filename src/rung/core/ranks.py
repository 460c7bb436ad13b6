"""Rank numbers."""

from __future__ import annotations

import numpy as np

from rung.typing import Array


def mean_ranks(values: Array) -> Array:
    """Return ranks from 1, equal numbers at their mean rank and NaN where a number is missing.

    scipy's `rankdata` gives the same; importing it takes as long as a small run.

    Parameters
    ----------
    values : ndarray, shape (n,)

    Examples
    --------
    >>> mean_ranks(np.array([3.0, 1.0, np.nan, 3.0])).tolist()
    [2.5, 1.0, nan, 2.5]
    """
    ranks, known = np.full(len(values), np.nan), ~np.isnan(values)
    _, place, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    ranks[known] = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return ranks
