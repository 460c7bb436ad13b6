"""Measure how alike rows are that lie near each other on a plane or a sphere."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rung.core.lag import Likeness
from rung.typing import Array

MOST_ROWS = 1_500
NEIGHBOURS = 4
N_BINS = 15
SILL = 0.95


def nearest_likeness(points: Array, values: Array) -> Likeness:
    """Return the correlation of each value with those of the four nearest other points.

    Parameters
    ----------
    points : ndarray, shape (n_rows, 2) or (n_rows, 3)
        Positions.
    values : ndarray, shape (n_rows,)
        Without missing values.

    Source
    ------
    Cliff & Ord (1981), Spatial Processes: Moran's I with four neighbours. Its variance under a
    permutation of the values is (1 + r) / 4n, r the share of neighbours whose neighbour one is.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> points = rng.uniform(size=(500, 2))
    >>> nearest_likeness(points, np.sin(6 * points[:, 0])).share > 0.9
    True
    >>> abs(nearest_likeness(points, rng.normal(size=500)).z) < 4
    True
    """
    from scipy.spatial import cKDTree

    centred = values - values.mean()
    variance = float(centred @ centred) / len(values)
    if variance <= 0 or len(values) <= NEIGHBOURS:
        return Likeness(0.0, 0.0)
    found = np.asarray(cKDTree(points).query(points, k=NEIGHBOURS + 1)[1])
    is_other = found != np.arange(len(points))[:, None]
    is_other[is_other.all(axis=1), -1] = False  # more equal points than neighbours asked for
    others = found[is_other].reshape(len(points), NEIGHBOURS)
    share = float(np.mean(centred[:, None] * centred[others])) / variance
    forth = (np.arange(len(points))[:, None] * len(points) + others).ravel()
    back = (others * len(points) + np.arange(len(points))[:, None]).ravel()
    mutual = float(np.isin(forth, back).mean())
    return Likeness(share, share * math.sqrt(NEIGHBOURS * len(values) / (1 + mutual)))


@dataclass(frozen=True)
class Variogram:
    """Hold half the mean squared difference of values, by distance.

    Attributes
    ----------
    distances, semivariances : ndarray, shape (n_bins,)
        Middle of each bin of distance, and what was found there.
    reach : float
        Distance at which values are as unlike as they ever are; 0 where neighbours are so already.
    """

    distances: Array
    semivariances: Array
    reach: float


def variogram(points: Array, values: Array, seed: int = 0) -> Variogram:
    """Return the empirical variogram, and its range.

    Parameters
    ----------
    points : ndarray, shape (n_rows, n_dimensions)
        Positions; straight lines between them are their distances.
    values : ndarray, shape (n_rows,)
        Without missing values.
    seed : int
        Of the sample of rows, where there are many.

    Source
    ------
    Matheron (1963), Economic Geology 58. Bins hold equally many pairs of the nearer half; the sill is
    the semivariance of the farthest third of them.

    Examples
    --------
    >>> points = np.random.default_rng(0).uniform(size=(800, 2))
    >>> 0.1 < variogram(points, np.sin(20 * points[:, 0])).reach < 0.3
    True
    """
    from scipy.spatial.distance import pdist

    rows = np.random.default_rng([0x5A, seed]).permutation(len(points))[:MOST_ROWS]
    distance = pdist(points[rows])
    half = 0.5 * pdist(values[rows][:, None], "sqeuclidean")
    limits = np.unique(np.quantile(distance, 0.5 * np.linspace(0, 1, N_BINS + 1) ** 2))
    if len(limits) < 3:
        return Variogram(np.zeros(0), np.zeros(0), 0.0)
    place = np.searchsorted(limits[1:-1], distance[distance <= limits[-1]])
    half = half[distance <= limits[-1]]
    distance = distance[distance <= limits[-1]]
    counts = np.maximum(np.bincount(place, minlength=len(limits) - 1), 1)
    distances = np.bincount(place, distance, len(limits) - 1) / counts
    found = np.bincount(place, half, len(limits) - 1) / counts
    sill = float(np.mean(found[-max(len(found) // 3, 1) :]))
    above = np.flatnonzero(found >= SILL * sill)
    reach = float(distances[above[0]]) if len(above) and above[0] > 0 else 0.0
    return Variogram(distances, found, reach)
