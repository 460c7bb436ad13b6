"""Find mean and spread of columns block by block, and standardise with them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rung.typing import Array

# A standardised number further out counts as this far: one wild cell shall not rule a network.
FARTHEST = 10.0


@dataclass
class ColumnMoments:
    """Add up mean and spread of columns, block by block; missing cells are left out.

    Source
    ------
    Chan, Golub & LeVeque (1983), The American Statistician 37: pairwise sums of squares.

    Examples
    --------
    >>> moments = ColumnMoments(1)
    >>> for block in (np.array([[1.0], [2.0]]), np.array([[6.0], [np.nan]])):
    ...     moments.add(block)
    >>> moments.mean, moments.scale**2
    (array([3.]), array([4.66666667]))
    """

    width: int
    count: Array = field(init=False)
    mean: Array = field(init=False)
    squares: Array = field(init=False)

    def __post_init__(self) -> None:
        self.count, self.mean, self.squares = (np.zeros(self.width) for _ in range(3))

    def add(self, block: Array) -> None:
        """Take in the rows of a block, shape (n_rows, width)."""
        known = np.isfinite(block)
        count = known.sum(axis=0).astype(np.float64)
        some = np.maximum(count, 1.0)
        mean = np.where(known, block, 0.0).sum(axis=0) / some
        squares = np.where(known, (block - mean) ** 2, 0.0).sum(axis=0)
        total = np.maximum(self.count + count, 1.0)
        off = mean - self.mean
        self.squares += squares + off**2 * self.count * count / total
        self.mean = self.mean + off * count / total
        self.count = self.count + count

    @property
    def scale(self) -> Array:
        """Standard deviations, 1 where a column does not vary."""
        found = np.sqrt(self.squares / np.maximum(self.count, 1.0))
        return np.where(found > 1e-12 * np.abs(self.mean), found, 1.0)


def standardised(X: Array, shift: Array, scale: Array) -> Array:
    """Return float32 inputs of mean 0 and spread 1, at most 10 from 0, and 0 where missing."""
    with np.errstate(over="ignore", invalid="ignore"):
        z = np.clip((X - shift) / scale, -FARTHEST, FARTHEST)
    return np.where(np.isfinite(X), z, 0.0).astype(np.float32)
