"""Say by which columns a group differs most from the other rows, in the units of the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.dataset import Dataset
from rung.typing import Array

MOST = 3


@dataclass(frozen=True)
class GroupDifference:
    """How a group differs from the other rows in one column.

    Attributes
    ----------
    column : str
        Its name.
    level : str or None
        Of a category, the level whose share differs most; None for numbers.
    inside, others : float
        The median of the group and that of the other rows, or their shares of the level.
    size : float
        The difference by the interquartile range of all rows, or of the shares.
    """

    column: str
    level: str | None
    inside: float
    others: float
    size: float


def find_differences(
    rows: Dataset, names: tuple[str, ...], labels: Array
) -> tuple[tuple[GroupDifference, ...], ...]:
    """Return the columns in which each group differs most, the largest difference first.

    Parameters
    ----------
    rows : Dataset
        In the units of the table.
    names : tuple of str
        Columns to look at.
    labels : ndarray of int, shape (n_rows,)
        Group of each row, from 0.

    Examples
    --------
    >>> from rung.data import read_table
    >>> table = read_table({"a": [1.0, 2.0, 9.0, 10.0], "b": [0.0, 4.0, 1.0, 3.0]}).dataset
    >>> first = find_differences(table, ("a", "b"), np.array([0, 0, 1, 1]))[0][0]
    >>> first.column, first.inside, first.others
    ('a', 1.5, 9.5)
    """
    return tuple(
        _of_group(rows, names, labels == one) for one in range(int(labels.max(initial=0)) + 1)
    )


def _of_group(rows: Dataset, names: tuple[str, ...], inside: Array) -> tuple[GroupDifference, ...]:
    each = [
        _of_levels(rows, name, inside)
        if rows.column(name).is_coded
        else _of_numbers(rows, name, inside)
        for name in names
    ]
    found = sorted((one for one in each if one is not None), key=lambda one: -one.size)
    return tuple(one for one in found[:MOST] if one.size > 0)


def _of_numbers(rows: Dataset, name: str, inside: Array) -> GroupDifference | None:
    values = rows.values[name]
    known = np.isfinite(values)
    if not (known & inside).any() or not (known & ~inside).any():
        return None
    here, there = (float(np.median(values[known & one])) for one in (inside, ~inside))
    low, high = np.quantile(values[known], (0.25, 0.75))
    # More than half of the cells may be equal: then the standard deviation measures.
    spread = float(high - low) or 1.35 * float(values[known].std())
    return GroupDifference(name, None, here, there, abs(here - there) / spread if spread else 0.0)


def _of_levels(rows: Dataset, name: str, inside: Array) -> GroupDifference | None:
    codes, levels = rows.values[name], rows.column(name).levels
    known = codes >= 0
    if not (known & inside).any() or not (known & ~inside).any():
        return None
    here, there = (
        np.bincount(codes[known & one].astype(int), minlength=len(levels)) / (known & one).sum()
        for one in (inside, ~inside)
    )
    # The level that is more common here says more than one that is absent.
    most = int((here - there).argmax())
    gap = float(here[most] - there[most])
    return GroupDifference(name, levels[most], float(here[most]), float(there[most]), gap)
