"""Screen columns by how strongly each goes along with the target, where there are very many.

A line and a split both say that the target rises or falls with the column, so the correlations of
the target with the column's values and with their ranks find what either would use. Missing cells
stand at the mean.

Source: Fan & Lv (2008), Sure independence screening, Journal of the Royal Statistical Society B 70.
"""

from __future__ import annotations

import numpy as np

from rung.gram.column import ColumnTarget
from rung.typing import Array

BLOCK = 512
# Numbers of which each is tried; of more than these, those that correlate most with the target.
MOST_NUMBERS, MOST_TRIED = 256, 64
SCREENED = (
    f"of the numbers, the {MOST_TRIED} that correlate most with the target were tried, chosen anew "
    "in each training set"
)


def columns_to_try(numbers: Array, target: ColumnTarget) -> Array:
    """Return all columns, or the strongest where there are very many."""
    if numbers.shape[1] <= MOST_NUMBERS:
        return np.arange(numbers.shape[1])
    return strongest(numbers, target, MOST_TRIED)


def screening_notes(n_numbers: int) -> tuple[str, ...]:
    """Say that columns were screened, where they were."""
    return (SCREENED,) if n_numbers > MOST_NUMBERS else ()


def strongest(numbers: Array, target: ColumnTarget, most: int) -> Array:
    """Return the columns that correlate most with the target, in their order.

    Parameters
    ----------
    numbers : ndarray, shape (n_rows, n_columns)
        Cells; NaN where missing.
    target : ColumnTarget
        Values, or classes: each against the others.
    most : int
        Columns to return.

    Returns
    -------
    ndarray of int, shape (min(most, n_columns),)
        Equal columns by their place.

    Examples
    --------
    >>> y = np.arange(6.0)
    >>> numbers = np.column_stack([y * 0 + 1, y % 2, np.exp(3 * y), -y])
    >>> strongest(numbers, ColumnTarget(y, np.ones(6), 0), 2).tolist()
    [2, 3]
    """
    goals = np.eye(target.n_classes)[target.y] if target.n_classes else target.y[:, None]
    goals = _standard(goals, target.weight)
    ranks = _standard(_ranks(target.y)[:, None], target.weight) if not target.n_classes else goals
    scores = np.zeros(numbers.shape[1])
    for start in range(0, numbers.shape[1], BLOCK):
        block = numbers[:, start : start + BLOCK]
        order = np.where(np.isfinite(block), np.apply_along_axis(_ranks, 0, block), np.nan)
        scores[start : start + BLOCK] = np.maximum(
            _correlation(block, goals, target.weight), _correlation(order, ranks, target.weight)
        )
    return np.sort(np.argsort(-scores.round(12), kind="stable")[:most])


def _ranks(values: Array) -> Array:
    """Return mean ranks, from 0; equal values share theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    mean: Array = (np.cumsum(count) - (count + 1) / 2)[place]
    return mean


def _correlation(block: Array, goals: Array, weight: Array) -> Array:
    """Return the largest absolute correlation of each column with any goal."""
    largest: Array = np.abs(_standard(block, weight).T @ goals).max(axis=1)
    return largest


def _standard(block: Array, weight: Array) -> Array:
    """Return columns whose weighted squares sum to one, missing cells at the mean, times weight."""
    is_known = np.isfinite(block)
    share = np.where(is_known, weight[:, None], 0.0)
    with np.errstate(all="ignore"):
        scale = np.max(np.abs(np.where(is_known, block, 0.0)), axis=0)
        filled = np.where(is_known, block / np.where(scale > 0, scale, 1.0), 0.0)
        mean = (share * filled).sum(axis=0) / share.sum(axis=0)
        centred = np.where(is_known, filled - mean, 0.0) * np.sqrt(weight)[:, None]
        length = np.sqrt((centred**2).sum(axis=0))
        return np.nan_to_num(np.where(length > 1e-9, centred / length, 0.0))
