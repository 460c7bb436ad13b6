"""Count in all rows of a table what a sample of them may miss: ranges, gaps, distinct cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from rung.typing import Array

# Distinct cells are counted as they are up to here, and estimated beyond.
MOST_HASHES = 4_096
_SPACE = 2.0**64


@dataclass(frozen=True)
class ColumnFacts:
    """What is known of a column in all rows.

    Attributes
    ----------
    name : str
        Its name.
    missing : int
        Cells without a value; not a number counts as none.
    distinct : int
        Different cells, estimated beyond 4,096 to some 2 %.
    is_counted : bool
        Whether `distinct` was counted, not estimated.
    words : int
        Cells that are no numbers in a column of a text that holds numbers.
    low, high : float or None
        Smallest and largest number; None in a column of words.
    """

    name: str
    missing: int
    distinct: int
    is_counted: bool
    words: int = 0
    low: float | None = None
    high: float | None = None


class _ColumnCount:
    """Count one column while its cells pass by."""

    def __init__(self, name: str, *, has_numbers: bool) -> None:
        self.name, self.has_numbers = name, has_numbers
        self.missing = self.words = 0
        self.low, self.high = np.inf, -np.inf
        self.hashes: Array = np.empty(0, dtype=np.uint64)

    def add(self, series: pl.Series) -> None:
        is_text = series.dtype == pl.String
        cells = series.drop_nulls() if series.null_count() else series
        cells = cells.filter(cells != "") if is_text and bool((cells == "").any()) else cells
        if self.has_numbers:
            numbers = cells.cast(pl.Float64, strict=False)
            n_gone = numbers.null_count()
            self.words += n_gone if is_text else 0
            is_number = numbers.is_not_nan()
            if not is_text and not bool(is_number.all()):
                cells = cells.filter(is_number)
            low, high = numbers.min(), numbers.max()
            if isinstance(low, float) and isinstance(high, float):
                self.low, self.high = min(self.low, low), max(self.high, high)
        self.missing += len(series) - len(cells)
        self._look_at(cells)

    def _look_at(self, cells: pl.Series) -> None:
        """Keep the smallest of all different hashes; how near they lie tells how many there are."""
        hashes = cells.hash(seed=1)
        if len(self.hashes) == MOST_HASHES:
            hashes = hashes.filter(hashes < int(self.hashes[-1]))
        if len(hashes):
            both = np.unique(np.concatenate([self.hashes, hashes.unique().to_numpy()]))
            self.hashes = both[:MOST_HASHES]

    def facts(self) -> ColumnFacts:
        is_counted = len(self.hashes) < MOST_HASHES
        n_found = len(self.hashes)
        n_distinct = (
            n_found if is_counted else (MOST_HASHES - 1) / (float(self.hashes[-1]) / _SPACE)
        )
        has_range = bool(np.isfinite([self.low, self.high]).all())
        return ColumnFacts(
            self.name,
            self.missing,
            round(n_distinct),
            is_counted,
            self.words,
            float(self.low) if has_range else None,
            float(self.high) if has_range else None,
        )


class FactsOfAllRows:
    """Count every column of a table that passes by in pieces.

    Parameters
    ----------
    names : sequence of str
        The columns.
    of_numbers : collection of str
        Those that hold numbers, be it as texts.

    Examples
    --------
    >>> all_rows = FactsOfAllRows(["x"], {"x"})
    >>> all_rows.add(pl.DataFrame({"x": [1.0, None, 3.0]}))
    >>> all_rows.add(pl.DataFrame({"x": [9.0, 1.0]}))
    >>> all_rows.facts()
    (ColumnFacts(name='x', missing=1, distinct=3, is_counted=True, words=0, low=1.0, high=9.0),)
    """

    def __init__(self, names: Sequence[str], of_numbers: set[str]) -> None:
        self._columns = [_ColumnCount(name, has_numbers=name in of_numbers) for name in names]

    def add(self, frame: pl.DataFrame) -> None:
        """Look at the next rows."""
        for one in self._columns:
            one.add(frame[one.name])

    def facts(self) -> tuple[ColumnFacts, ...]:
        """Return what was counted."""
        return tuple(one.facts() for one in self._columns)
