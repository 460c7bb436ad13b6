"""Find the valleys between the components of a mixture, on rows that it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from rung.density.gaussians import GaussianMix
from rung.typing import Array

HALF_WIDTH = 1 / 6  # of the way between two components, of each of three windows


@dataclass(frozen=True)
class Valley:
    """What lies on the way between two components.

    Attributes
    ----------
    beside : tuple of int
        Rows in the windows about the two components.
    between : int
        Rows in the window of the same width that is the emptiest between them.
    level : float
        Chance of so few or fewer between if the density did not fall there.
    """

    beside: tuple[int, int]
    between: int
    level: float


def valley(mixture: GaussianMix, pair: tuple[int, int], X: Array) -> Valley:
    """Count rows about two components and between them, in a tube that joins them.

    A density without a valley has between any two places at least what the emptier of them has.
    Where the windows were set by other rows the binomial test of that is exact.

    Parameters
    ----------
    mixture : GaussianMix
        Fitted to other rows.
    pair : tuple of int
        Two of its components.
    X : ndarray, shape (n_rows, n_columns)
        Held-out rows.
    """
    along, across, place = _tube(mixture, pair, X)
    near = across <= np.median(across[(along > -0.5) & (along < 1.5)]) if len(across) else across
    way = along[near]
    left = int((np.abs(way) < HALF_WIDTH).sum())
    right = int((np.abs(way - 1) < HALF_WIDTH).sum())
    between = int((np.abs(way - place) < HALF_WIDTH).sum())
    level = max(_level(between, left), _level(between, right))
    return Valley((left, right), between, level)


def _level(few: int, many: int) -> float:
    """Return the chance of at most `few` of `few + many` rows in one of two equal windows."""
    total = few + many
    return 1.0 if total == 0 else float(betainc(many, few + 1, 0.5)) if many else 1.0


def _tube(mixture: GaussianMix, pair: tuple[int, int], X: Array) -> tuple[Array, Array, float]:
    """Return where rows stand along the way (0 to 1), how far beside it, and the valley's place."""
    one, two = pair
    pooled = (mixture.covariances[one] + mixture.covariances[two]) / 2
    root = np.linalg.inv(np.linalg.cholesky(pooled))
    start = root @ mixture.means[one]
    way = root @ mixture.means[two] - start
    length = float(way @ way)
    centred = X @ root.T - start
    along = centred @ way / length
    across = np.maximum((centred * centred).sum(axis=1) - along**2 * length, 0)
    return along, across, _emptiest(mixture, pair, root, way)


def _emptiest(mixture: GaussianMix, pair: tuple[int, int], root: Array, way: Array) -> float:
    """Return the place between where the two components are least dense along the way."""
    places = np.linspace(2 * HALF_WIDTH, 1 - 2 * HALF_WIDTH, 21)
    logs = []
    for one, centre in zip(pair, (0.0, 1.0), strict=True):
        turned = root @ mixture.covariances[one] @ root.T
        variance = float(way @ turned @ way) / float(way @ way) ** 2
        spread = (places - centre) ** 2 / variance
        logs.append(np.log(mixture.weights[one]) - 0.5 * (spread + np.log(variance)))
    return float(places[np.logaddexp(*logs).argmin()])
