"""Choose which category levels get a column of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.dataset import MISSING, UNSEEN
from rung.typing import Array

MIN_COUNT = 5
MAX_WIDTH = 2_000


@dataclass(frozen=True)
class KeptLevels:
    """Say how one category column is spread over 0-1 columns.

    Attributes
    ----------
    codes : ndarray of int, shape (n_kept,)
        Levels with a column of their own, ascending.
    missing : bool
        Whether missing cells have a column of their own.
    other : bool
        Whether all else (rare levels, unseen ones) shares one column; if not, all are zero.
    """

    codes: Array
    missing: bool
    other: bool

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.codes) + self.missing + self.other


def slots(codes: Array, n_levels: int) -> Array:
    """Return the slot of each cell of a category: its code, then `n_levels` missing, one more for unseen."""
    return np.where(codes == MISSING, n_levels, np.where(codes == UNSEEN, n_levels + 1, codes))


def count_slots(codes: Array, n_levels: int) -> Array:
    """Count cells by slot; shape (n_levels + 2,)."""
    return np.bincount(slots(codes, n_levels), minlength=n_levels + 2)


def keep_levels(
    counts: Sequence[Array], *, taken: int = 0, min_count: int = MIN_COUNT
) -> tuple[tuple[KeptLevels, ...], int]:
    """Keep the levels that training rows show often enough.

    Parameters
    ----------
    counts : sequence of ndarray, each (n_levels + 2,)
        Training rows by slot, a column each (see `slots`).
    taken : int
        Columns that numbers take of `MAX_WIDTH`; the most frequent levels get the rest.
    min_count : int
        Rarer levels share the column `other`, if together they are frequent enough.

    Returns
    -------
    kept : tuple of KeptLevels
        One a column.
    n_squeezed : int
        Levels that were frequent enough but found no room.

    Examples
    --------
    >>> kept, _ = keep_levels([np.array([9, 2, 4, 0, 0])], min_count=5)
    >>> kept[0].codes.tolist(), kept[0].missing, kept[0].other
    ([0], False, True)
    """
    room = max(MAX_WIDTH - taken - len(counts), 0)  # one column each is set aside for `other`
    column = np.concatenate(
        [np.full(len(count) - 1, i) for i, count in enumerate(counts)] or [np.zeros(0, int)]
    )
    slot = np.concatenate([np.arange(len(count) - 1) for count in counts] or [np.zeros(0, int)])
    count = np.concatenate([count[:-1] for count in counts] or [np.zeros(0, int)])
    totals = np.array([each.sum() for each in counts] or [0])
    wanted = (count >= min_count) & (count < totals[column] if len(column) else True)
    order = np.lexsort((slot, column, -count))
    order = order[wanted[order]]
    chosen = np.zeros(len(column), dtype=bool)
    chosen[order[:room]] = True
    kept = tuple(
        _describe(counts[i], slot[chosen & (column == i)], min_count=min_count)
        for i in range(len(counts))
    )
    return kept, max(len(order) - room, 0)


def _describe(count: Array, kept: Array, *, min_count: int) -> KeptLevels:
    n_levels = len(count) - 2
    n_other = int(count.sum() - count[kept].sum())
    has_other = min_count <= n_other < count.sum()
    return KeptLevels(kept[kept < n_levels], bool((kept == n_levels).any()), bool(has_other))
