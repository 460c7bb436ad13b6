"""Find the valleys between the components of a mixture, on rows that it was not fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from rung.density.gaussians import GaussianMix
from rung.typing import Array

HALF_WIDTH = 1 / 6  # of the way between two components, of each of three windows
FILLED = 0.1  # below this level a valley is not believed
BINS = np.linspace(-0.5, 1.5, 25)  # of the way: a window is four of them


@dataclass(frozen=True)
class Valley:
    """What lies on the way between two components.

    Attributes
    ----------
    beside : tuple of int
        Rows in the windows about the two components.
    between : int
        Rows in the window of the same width that is the emptiest between them.
    place : float
        The middle of that window: 0 at the first component, 1 at the second.
    counts : tuple of int
        Rows in each of `BINS` of the way, which pictures show.
    """

    beside: tuple[int, int]
    between: int
    place: float = 0.5
    counts: tuple[int, ...] = ()

    @property
    def level(self) -> float:
        """Return the chance of so few rows between, or fewer, if the density did not fall there.

        Examples
        --------
        >>> round(Valley((10, 12), 0).level, 5)
        0.00098
        """
        return max(_few(self.between, many) for many in self.beside)

    @property
    def is_filled(self) -> bool:
        """Tell whether more rows lie between than a valley of a third of its sides would hold."""
        return _many(self.between, min(self.beside)) < FILLED

    @property
    def depth(self) -> float:
        """Return the share of rows between, of those in the emptier window beside."""
        return (self.between + 0.5) / (min(self.beside) + 0.5)


def valley(mixture: GaussianMix, pair: tuple[int, int], X: Array) -> Valley:
    """Count rows about two components and between them.

    A density without a valley has between any two places at least what the emptier of them has.
    Where the windows were set by other rows the binomial test of that is exact.

    Parameters
    ----------
    mixture : GaussianMix
        Fitted to other rows.
    pair : tuple of int
        Two of its components.
    X : ndarray, shape (n_rows, n_columns)
        Held-out rows that belong to one of the two.
    """
    way, place = _way(mixture, pair, X)
    left = int((np.abs(way) < HALF_WIDTH).sum())
    right = int((np.abs(way - 1) < HALF_WIDTH).sum())
    between = int((np.abs(way - place) < HALF_WIDTH).sum())
    counts = tuple(np.histogram(way, BINS)[0].tolist())
    return Valley((left, right), between, place, counts)


def _few(few: int, many: int) -> float:
    """Return the chance of at most `few` of `few + many` rows in one of two equal windows."""
    return float(betainc(many, few + 1, 0.5)) if many else 1.0


def _many(between: int, beside: int) -> float:
    """Return the chance of so many rows between, or more, if a quarter of all belonged there."""
    return float(betainc(between, beside + 1, 0.25)) if between else 1.0


def _way(mixture: GaussianMix, pair: tuple[int, int], X: Array) -> tuple[Array, float]:
    """Return where the rows of the pair stand on the way (0 to 1), and where it is emptiest."""
    one, two = pair
    pooled = (mixture.covariances[one] + mixture.covariances[two]) / 2
    root = np.linalg.inv(np.linalg.cholesky(pooled))
    start = root @ mixture.means[one]
    way = root @ mixture.means[two] - start
    along = (X @ root.T - start) @ way / float(way @ way)
    return along, _emptiest(mixture, pair, root, way)


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
