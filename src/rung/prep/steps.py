"""Find the step in which a column is written: 0.01 where all its values have two digits."""

from __future__ import annotations

import numpy as np

from rung.typing import Array

# Of a step, by which a difference of neighbours may miss a whole number of them.
TOLERANCE = 0.01
# Steps that the smallest difference may hold; steps of the range, beyond which any numbers are
# whole numbers of steps.
MOST_IN_SMALLEST, MOST_IN_RANGE = 100, 10_000_000
# With fewer values, that they all fit is luck.
FEWEST_VALUES = 30


def find_step(values: Array) -> float:
    """Return the largest number of which all differences are whole multiples, 0 for none.

    It is found from differences alone, so it knows neither origin nor unit of the column: the
    values in another unit have the step in that unit.

    Parameters
    ----------
    values : ndarray, shape (n_values,)
        Distinct, ascending, finite.

    Examples
    --------
    >>> prices = np.array([0.5, 1.25, 2.0, 3.75])
    >>> find_step(np.repeat(prices, 10) + np.tile(np.arange(0.0, 40.0, 4.0), 4))
    0.0
    >>> find_step(np.sort((prices[:, None] + np.arange(0.0, 40.0, 4.0)).ravel()))
    0.25
    """
    if len(values) < FEWEST_VALUES:
        return 0.0
    with np.errstate(over="ignore"):
        gaps = np.diff(values)
    span, smallest = float(values[-1]) - float(values[0]), float(gaps.min())
    if not 0.0 < smallest <= span < np.inf:
        return 0.0
    in_smallest = gaps / smallest
    for count in range(1, MOST_IN_SMALLEST + 1):
        if count * span > MOST_IN_RANGE * smallest:
            return 0.0
        # A few differences tell most wrong steps.
        if all(_are_whole(part * count) for part in (in_smallest[:FEWEST_VALUES], in_smallest)):
            # The range has lost the fewest digits.
            return span / float(np.rint(span / smallest * count))
    return 0.0


def _are_whole(counts: Array) -> bool:
    return bool((np.abs(counts - np.rint(counts)) <= TOLERANCE).all())
