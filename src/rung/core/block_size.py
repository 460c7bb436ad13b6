"""Find how far values at neighbouring places are alike, and the size of blocks that follows.

The variogram of values z is half the mean of (z_i - z_j)² over pairs of rows at about the same
distance. It rises from the variance of what differs at one place to that of rows which have nothing
to do with each other; the distance at which it has risen by 95 % is the *range*. Blocks as large
as the range hold most of what is alike together.

Sources: Matheron (1963), Economic Geology 58 (variogram); Cressie (1985), Mathematical Geology 17
(weighted least squares); Roberts et al. (2017), Ecography 40 (blocks as large as the range of the
residuals).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rung.core.blocks import LARGEST_BLOCK, BlockGrid, coordinates, count_blocks
from rung.typing import Array

MOST_ROWS = 1_500
N_LAGS = 24
# Share of the largest distance up to which pairs are compared, as is the custom.
REACH = 0.5
# Share of the variance that must fade with distance before anything is said to.
LEAST_FADING = 0.10
RIDGE = 1e-3
# What is fitted falls short of the range where a field is seen once: `benchmarks/verdict`.
CAUTION = 1.5
# Fewer blocks than this cannot be divided into folds, inner folds and a sealed test.
FEWEST_BLOCKS = 10
USUAL_BLOCKS = 100


@dataclass(frozen=True)
class BlockSize:
    """Hold a size of blocks and why it is that.

    Attributes
    ----------
    size : float
        Side of a block.
    range : float
        Distance up to which residuals are alike, with some caution; 0 where they are not.
    fading : float
        Share of their variance that fades with distance, 0 to 1.
    n_blocks : int
        Blocks of this size that hold rows.
    is_capped : bool
        Whether blocks as large as the range would have been too few.
    """

    size: float
    range: float
    fading: float
    n_blocks: int
    is_capped: bool


def cheap_residuals(features: Array, targets: Array) -> Array:
    """Return what a linear model of a few features leaves of standardised targets.

    Parameters
    ----------
    features : ndarray, shape (n_rows, n_features)
        NaN for missing.
    targets : ndarray, shape (n_rows, n_targets)
        Finite.

    Examples
    --------
    >>> x = np.arange(8.0)
    >>> bool(np.abs(cheap_residuals(x[:, None], x[:, None])).max() < 0.01)
    True
    """
    y = _standardised(targets)
    X = _standardised(_filled(features))
    gram = X.T @ X + RIDGE * len(X) * np.eye(X.shape[1])
    residuals: Array = y - X @ np.linalg.solve(gram, X.T @ y)
    return residuals


def _filled(features: Array) -> Array:
    known = np.isfinite(features)
    sums = np.where(known, features, 0.0).sum(axis=0)
    means = sums / np.maximum(known.sum(axis=0), 1)
    return np.where(known, features, means)


def _standardised(values: Array) -> Array:
    centred = values - values.mean(axis=0)
    spread = centred.std(axis=0)
    found: Array = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    return found


def variogram(points: Array, values: Array) -> tuple[Array, Array, Array]:
    """Return the variogram of values at points.

    Parameters
    ----------
    points : ndarray, shape (n_rows, n_axes)
        Positions with straight distances.
    values : ndarray, shape (n_rows, n_values)
        Several values are averaged.

    Returns
    -------
    lags, half_squares, counts : ndarray, shape (n_lags,)
        Mean distance of the pairs of each class, half their mean squared difference, and how many
        they are; classes without pairs are left out.
    """
    from scipy.spatial.distance import pdist

    distances = pdist(points)
    squares = pdist(values, "sqeuclidean") / 2 / values.shape[1]
    longest = REACH * float(distances.max(initial=0.0))
    near = distances <= longest
    distances, squares = distances[near], squares[near]
    # More classes where pairs are close: that is where likeness fades.
    edges = longest * np.linspace(0.0, 1.0, N_LAGS + 1)[1:] ** 1.5
    place = np.searchsorted(edges, distances, side="left").clip(0, N_LAGS - 1)
    counts = np.bincount(place, minlength=N_LAGS).astype(float)
    filled = counts > 0
    lags = np.bincount(place, distances, N_LAGS)[filled] / counts[filled]
    return lags, np.bincount(place, squares, N_LAGS)[filled] / counts[filled], counts[filled]


SHAPES: tuple[Callable[[Array], Array], ...] = (
    lambda h: 1 - np.exp(-3 * h),
    lambda h: 1 - np.exp(-3 * h**2),
    lambda h: np.where(h < 1, 1.5 * h - 0.5 * h**3, 1.0),
)


def fit_range(lags: Array, half_squares: Array, counts: Array) -> tuple[float, float]:
    """Fit the usual shapes to a variogram; return its range and the share that fades.

    Exponential, Gaussian and spherical shapes are tried at every range of a grid, with the pairs
    of a class over its squared value as weights.

    Returns
    -------
    range, fading : float
        Distance at which 95 % of the rise is over, at most the largest lag; share of the variance
        that rises. Both 0 where less than a tenth does.
    """
    apart = lags > 0  # rows of one place or moment say nothing of a distance
    lags, half_squares, counts = lags[apart], half_squares[apart], counts[apart]
    if len(lags) < 3:
        return 0.0, 0.0
    weights = np.sqrt(counts) / np.maximum(half_squares, half_squares.max() * 1e-6)
    best = (math.inf, 0.0, 0.0)
    for reach in np.geomspace(lags[0], lags[-1], 60):
        for shape in SHAPES:
            rise = shape(lags / reach)
            design = np.column_stack([np.ones_like(rise), rise])
            nugget, sill = _two_at_least_zero(design * weights[:, None], half_squares * weights)
            misfit = float((((design @ [nugget, sill]) - half_squares) ** 2 * weights**2).sum())
            if misfit < best[0] * (1 - 1e-9):
                best = misfit, float(reach), sill / (nugget + sill) if nugget + sill > 0 else 0.0
    _, found, fading = best
    return (found, float(fading)) if fading >= LEAST_FADING else (0.0, 0.0)


def count_stretches(times: Array, values: Array) -> int:
    """Count the stretches of a time that are as long as values are alike.

    Parameters
    ----------
    times : ndarray, shape (n_sample,)
        Times of a sample of rows, at most about `MOST_ROWS`.
    values : ndarray, shape (n_sample, n_values)
        What may be alike at near times.

    Returns
    -------
    int
        At least 1; as many as there are rows where nothing is alike.
    """
    span = float(np.ptp(times))
    found, _ = fit_range(*variogram(np.asarray(times, float)[:, None], values))
    return len(times) if found == 0 else max(int(span / (CAUTION * found)), 1)


def _two_at_least_zero(design: Array, wanted: Array) -> tuple[float, float]:
    """Solve for two numbers that are not negative, by least squares."""
    both = np.linalg.lstsq(design, wanted, rcond=None)[0]
    if (both >= 0).all():
        return float(both[0]), float(both[1])
    alone = [max(float(column @ wanted / max(column @ column, 1e-300)), 0.0) for column in design.T]
    losses = [
        float(((column * value - wanted) ** 2).sum())
        for column, value in zip(design.T, alone, strict=True)
    ]
    return (alone[0], 0.0) if losses[0] <= losses[1] else (0.0, alone[1])


def find_block_size(
    across: Array, up: Array, values: Array, *, is_sphere: bool, sample: Array
) -> BlockSize:
    """Choose the size of blocks by the range of values, as far as enough blocks remain.

    Parameters
    ----------
    across, up : ndarray, shape (n_rows,)
        Positions of all rows.
    values : ndarray, shape (n_sample, n_values)
        What may be alike at neighbouring places, such as `cheap_residuals`, of the sample.
    is_sphere : bool
        Whether positions are longitude and latitude in degrees.
    sample : ndarray of int, shape (n_sample,)
        Rows to compare, at most about `MOST_ROWS`.

    Returns
    -------
    BlockSize
        Where nothing fades with distance, blocks are such that there are about a hundred.
    """
    grid = BlockGrid(is_sphere, 1.0)
    some = across[sample], up[sample]
    points = coordinates(grid, *some)
    found, fading = fit_range(*variogram(points, values))
    found = CAUTION * (_to_degrees(found) if is_sphere else found)
    most = _largest_with(*some, is_sphere=is_sphere, n_blocks=FEWEST_BLOCKS)
    size = found or _largest_with(*some, is_sphere=is_sphere, n_blocks=USUAL_BLOCKS)
    size, is_capped = min(size, most), size > most
    size = _short(size)
    n_blocks = count_blocks(BlockGrid(is_sphere, size), across, up)
    return BlockSize(size, found, fading, n_blocks, is_capped)


def _to_degrees(straight: float) -> float:
    return math.degrees(2 * math.asin(min(straight / 2, 1.0)))


def _short(size: float) -> float:
    """Round down to two digits, so that a reader can type it again."""
    scale = 10.0 ** (math.floor(math.log10(size)) - 1)
    return float(f"{math.floor(size / scale + 1e-9) * scale:.2g}")


def _largest_with(across: Array, up: Array, *, is_sphere: bool, n_blocks: int) -> float:
    """Return a size of blocks of which so many hold rows, among sizes that shrink step by step."""
    extent = max(float(np.ptp(across)), float(np.ptp(up)))
    size = min(extent, LARGEST_BLOCK) if is_sphere else extent
    if size <= 0:
        return 1.0
    for _ in range(120):
        if count_blocks(BlockGrid(is_sphere, _short(size)), across, up) >= n_blocks:
            break
        size *= 0.9
    return size
