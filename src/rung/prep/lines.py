"""Standardise numbers, and add them up times weights in few passes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.typing import Array

# Cells further from the mean than this many standard deviations count as this far: a sum over
# finite cells stays finite.
FARTHEST = 1e100
# Weights over scales within these are multiplied in one step without loss.
SMALLEST_FACTOR, LARGEST_FACTOR = 1e-250, 1e150
_LARGEST = float(np.finfo(float).max)
_ROOT = 1e150


def standardise(values: Array, shift: float, scale: float) -> Array:
    """Return (values - shift) / scale, bounded, with 0 for missing cells."""
    with np.errstate(over="ignore", invalid="ignore"):
        z = np.clip((values - shift) / scale, -FARTHEST, FARTHEST)
    return np.where(np.isfinite(values), z, 0.0)


@dataclass(frozen=True)
class Scaling:
    """Hold what turns a number into its share of sums: `standardise`, times weights.

    Attributes
    ----------
    shift : float
        Taken off first.
    divisor : float
        Divided by next; 1 where the weights hold the scale.
    bound : float
        Largest size after that.
    weights : tuple of float
        One an output.
    """

    shift: float
    divisor: float
    bound: float
    weights: tuple[float, ...]

    @cached_property
    def most(self) -> float:
        """Sum of squares up to which no cell is out of bounds."""
        return self.bound**2 if self.bound < _ROOT else _LARGEST

    def add_to(self, out: Array, values: Array) -> None:
        """Add the shares of rows, NaN for missing, to `out`, shape (n_outputs, n_rows).

        A row's result depends on that row alone, to the bit.
        """
        z = np.subtract(values, self.shift)
        if self.divisor != 1.0:
            z /= self.divisor
        # No cell is larger than the root of the sum of squares; a comparison with NaN is false.
        if not z.dot(z) <= self.most:
            z = np.where(np.isfinite(values), np.clip(z, -self.bound, self.bound), 0.0)
        if len(out) == 1:
            z *= self.weights[0]
            out[0] += z
            return
        product = np.empty_like(z)
        for total, weight in zip(out, self.weights, strict=True):
            total += np.multiply(z, weight, out=product)


def line(shift: float, scale: float, weights: Array) -> Scaling:
    """Return the line of one number; its scale goes into the weights where no digit is lost.

    Parameters
    ----------
    shift, scale : float
        As for `standardise`.
    weights : ndarray, shape (n_outputs,)
        What the standardised number is multiplied with.

    Examples
    --------
    >>> out = np.zeros((1, 2))
    >>> line(1.0, 2.0, np.array([10.0])).add_to(out, np.array([3.0, np.nan]))
    >>> out
    array([[10.,  0.]])
    """
    with np.errstate(over="ignore", under="ignore"):
        factor, bound = weights / scale, min(FARTHEST * scale, _LARGEST)
    size = np.abs(factor[weights != 0])
    if ((size > SMALLEST_FACTOR) & (size < LARGEST_FACTOR)).all():
        return Scaling(float(shift), 1.0, bound, tuple(factor.tolist()))
    return Scaling(float(shift), float(scale), FARTHEST, tuple(weights.tolist()))
