"""Report single numbers that stand astronomically far from all others of their column, such as 1e20.

One such cell rules every mean, scale and straight line that it takes part in. A sentinel repeats; a
slip of the keyboard, a lost decimal point or a fill value of one cell does not.
"""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.dataset import Column
from rung.core.findings import Finding
from rung.typing import Array

# A cell is far if its distance from the middle is so many times the range of the column's inner
# ninety per cent, and so many times the distance of the next value: heavy tails come by steps.
FAR = 300.0
ALONE = 300.0
MOST_CELLS = 3
FEWEST_VALUES = 20


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding for every column of numbers with one to three cells far away."""
    found = []
    for column in seen.dataset.columns:
        if column.is_coded or column.name == seen.target:
            continue
        far = far_values(seen.dataset.values[column.name])
        known = {one.value for one in seen.sentinels if one.column == column.name}
        if len(far) and not known.intersection(far.tolist()):
            found.append(_finding(column, seen.dataset.values[column.name], far))
    if seen.problem is not None and seen.problem.task == "regression":
        far = far_values(seen.problem.y)
        if len(far):
            found.append(_finding(Column(seen.target, "number"), seen.problem.y, far))
    return tuple(found)


def far_values(values: Array) -> Array:
    """Return the few numbers that stand astronomically far from all others, farthest first.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        NaN for missing.

    Examples
    --------
    >>> far_values(np.append(np.linspace(7.0, 13.0, 60), 1e20))
    array([1.e+20])
    >>> far_values(np.exp(np.linspace(0.0, 30.0, 60)))
    array([], dtype=float64)
    """
    known = values[np.isfinite(values)]
    if len(known) < FEWEST_VALUES:
        return known[:0]
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95])
    away = np.abs(known - middle)
    order = np.argsort(-away, kind="stable")[: MOST_CELLS + 1]
    steps = away[order]
    for n_far in range(1, MOST_CELLS + 1):
        nearest = max(steps[n_far], high - low)
        if steps[n_far - 1] > FAR * (high - low) and steps[n_far - 1] > ALONE * nearest > 0:
            return np.asarray(known[order[:n_far]])
    return known[:0]


def _finding(column: Column, values: Array, far: Array) -> Finding:
    known = values[np.isfinite(values)]
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95])
    ranges = abs(float(far[0]) - middle) / (high - low)
    shown = ", ".join(f"{value:.6g}" for value in far)
    what = f"the value {shown} stands" if len(far) == 1 else f"the values {shown} stand"
    return Finding(
        "far_cell",
        "warning",
        (column.name,),
        f"{column.name}: {what} {ranges:.2g} ranges away from all others; nine tenths lie "
        f"between {low:.6g} and {high:.6g}",
        "correct it, or leave the cell empty; lines and networks are at its mercy, trees are not",
    )


CHECK = Check(
    code="far_cell",
    title="single numbers astronomically far from all others",
    severity="warning",
    look=find,
    remedy="correct it, or leave the cell empty",
)
