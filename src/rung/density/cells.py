"""Make cells ready for a density: spread what is rounded or repeated, scale, number categories."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rung.core.family import Design
from rung.core.numbers import number
from rung.typing import Array

TIED = 0.5  # share of distinct cells below which the numbers of a column are rounded
REPEATED = 0.01  # share of rows from which a single value is spread
FARTHEST = 1e300
PEAK = 0.05  # share of rows of a value that stands out of rounded numbers


def _shortest(value: float) -> str:
    """Write a number without zeros at its end."""
    digits, e, power = number(value).partition("e")
    return f"{digits.rstrip('0').rstrip('.') if '.' in digits else digits}{e}{power}"


@dataclass(frozen=True)
class Spread:
    """What a column's repeated numbers are spread over, so that no density is infinite.

    Attributes
    ----------
    step : float
        What all its numbers are rounded to; zero for none.
    start : float
        One of its numbers, from which steps are counted.
    values, widths : tuple of float
        Single values that repeat, such as 0, and the width that each is spread over.
    """

    step: float = 0.0
    start: float = 0.0
    values: tuple[float, ...] = ()
    widths: tuple[float, ...] = ()

    def apply(self, column: Array, places: Array) -> Array:
        """Return the column with what repeats spread evenly: places lie between 0 and 1."""
        noise = places - 0.5
        if self.step:
            return np.asarray(column + self.step * noise)
        for value, width in zip(self.values, self.widths, strict=True):
            column = np.where(column == value, value + width * noise, column)
        return column

    def undo(self, column: Array) -> Array:
        """Return spread numbers as they were: at a step, or at the value that repeats."""
        if self.step:
            return np.asarray(np.round((column - self.start) / self.step) * self.step + self.start)
        for value, width in zip(self.values, self.widths, strict=True):
            column = np.where(np.abs(column - value) <= width / 2, value, column)
        return column

    def note(
        self,
        name: str,
        cell: Callable[[float], str] = number,
        width: Callable[[float], str] = _shortest,
    ) -> str:
        """Say in a sentence what was done, if anything.

        Parameters
        ----------
        name : str
            Of the column.
        cell, width : callable
            Write one of its numbers, and a step of them.
        """
        if self.step:
            return (
                f"{name!r} is rounded to {width(self.step)}; its numbers are spread over that step"
            )
        shown = ", ".join(cell(value) for value in self.values)
        return f"{name!r} repeats {shown}, spread to the next number" if shown else ""


def find_spread(column: Array) -> Spread:
    """Find what repeats in a column of numbers.

    Source
    ------
    Theis, van den Oord & Bethge (2016): a density of evenly spread numbers bounds the probability
    of the rounded ones.

    Examples
    --------
    >>> find_spread(np.array([0, 0, 0, 0.31, 0.74, 1.5, 2.9, 3.3])).widths
    (0.31,)
    >>> round(find_spread(np.tile([1.0, 2.0, 3.0], 9)).step, 3)
    1.0
    """
    known, counts = np.unique(column[np.isfinite(column)], return_counts=True)
    if len(known) < 2 or counts.max() == 1:
        return Spread()
    gaps = np.diff(known)
    if len(known) < TIED * counts.sum() and not _has_peak(counts):
        step = float(gaps[gaps > 1e-9 * (known[-1] - known[0])].min())
        return Spread(step, float(known[0]))
    nearest = np.minimum(np.append(gaps, np.inf), np.append(np.inf, gaps))
    often = (counts > 2) & (counts >= REPEATED * counts.sum())
    if not often.any():
        return Spread()
    return Spread(values=tuple(known[often].tolist()), widths=tuple(nearest[often].tolist()))


def _has_peak(counts: Array) -> bool:
    """Tell whether one value repeats and the others hardly do."""
    others = np.delete(counts, counts.argmax())
    return bool(counts.max() > PEAK * counts.sum() and len(others) > TIED * others.sum())


@dataclass(frozen=True)
class CellScaling:
    """Centre and scale of numbers, and levels of categories, learned on training rows.

    Attributes
    ----------
    centre, scale : ndarray, shape (n_numbers,)
        Of the numbers.
    bases : tuple of ndarray
        Share of every level; the last is that of levels never seen.
    background : float
        Share of the rows that any density leaves to a background with heavy tails, so that a few
        rows far from all others do not rule a mean.
    """

    centre: Array
    scale: Array
    bases: tuple[Array, ...]
    background: float

    def numbers(self, design: Design, rows: Array | None = None) -> Array:
        """Return scaled numbers, NaN for missing."""
        return np.asarray((design.numbers(rows) - self.centre) / self.scale)

    def codes(self, design: Design, rows: Array | None = None) -> Array:
        """Return levels, -1 for missing; what was never seen is the last."""
        found: Array = design.codes(rows).astype(int)
        for j, base in enumerate(self.bases):
            found[:, j] = np.where(
                (found[:, j] == -2) | (found[:, j] >= len(base) - 1), len(base) - 1, found[:, j]
            )
        return found

    def with_background(self, logs: Array, X: Array, codes: Array) -> Array:
        """Return log densities of scaled rows with the background mixed in; it sums to one too.

        Every number of the background is alone and has a Cauchy distribution, every level its
        share.
        """
        far = -math.log(math.pi) - 2 * np.log(np.hypot(1.0, np.clip(X, -FARTHEST, FARTHEST)))
        background = np.where(np.isnan(X), 0.0, far).sum(axis=1)
        logs = np.where(np.isnan(logs), -np.inf, logs)  # of cells that cannot be squared
        for j, base in enumerate(self.bases):
            background += np.append(np.log(base), 0.0)[codes[:, j]]
        share = self.background
        return np.asarray(np.logaddexp(math.log1p(-share) + logs, math.log(share) + background))

    def log_jacobian(self, design: Design, rows: Array | None = None) -> Array:
        """Return what scaling adds to the log density of each row: known cells only."""
        return np.asarray(-(np.isfinite(design.numbers(rows)) @ np.log(self.scale)))


def learn_scaling(design: Design, rows: Array) -> CellScaling:
    """Learn centre, scale and levels on training rows."""
    numbers = design.numbers(rows)
    known = np.isfinite(numbers)
    counts = np.maximum(known.sum(axis=0), 1)
    # the largest cell is divided out first, as squares of large numbers overflow
    unit = np.max(np.abs(np.where(known, numbers, 0)), axis=0, initial=0)
    unit = np.where(unit > 0, unit, 1.0)
    parts = np.where(known, numbers / unit, 0)
    centre = parts.sum(axis=0) / counts
    spread = np.sqrt((np.where(known, parts - centre, 0) ** 2).sum(axis=0) / counts)
    spread = np.where(spread > 1e-12, spread, 1.0)
    codes = design.codes(rows)
    bases = []
    for j, column in enumerate(design.category_columns):
        n_levels = len(column.levels)
        seen = np.bincount(codes[codes[:, j] >= 0, j], minlength=n_levels)
        smoothed = np.append(seen, 0) + 1.0 / (n_levels + 1)
        bases.append(smoothed / smoothed.sum())
    return CellScaling(centre * unit, spread * unit, tuple(bases), 1 / (len(rows) + 1))
