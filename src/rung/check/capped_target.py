"""Find a target that is cut off at its largest or smallest value."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.findings import Finding
from rung.typing import Array

OF_ROWS = 0.01
FEWEST_ROWS = 10
# Times the rows of the commonest other value.
ABOVE_OTHERS = 2.0
FEWEST_DISTINCT = 30
REMEDY = (
    "above the cap only the cap is known: leave these rows out, or read errors there as too small"
)


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding if the target's extreme value repeats far more often than any other."""
    assert seen.skills is not None
    problem = seen.skills.problem  # without the rows whose target stands for missing
    if problem.task != "regression":
        return ()
    found = []
    for value, count in caps_of(problem.y):
        share = count / len(problem.y)
        message = (
            f"{count} training rows, {share:.1%}, have {seen.target} at {value:.10g}, its "
            f"{'largest' if value == problem.y.max() else 'smallest'} value: it seems cut off"
        )
        found.append(Finding("capped_target", "warning", (seen.target,), message, REMEDY))
    return tuple(found)


def caps_of(y: Array) -> list[tuple[float, int]]:
    """Return extreme values at which a quantity seems cut off, with their rows.

    Zero as the smallest value is no cap: a quantity that is often nothing is another matter.

    Examples
    --------
    >>> caps_of(np.minimum(np.arange(1000.0), 900))
    [(900.0, 100)]
    >>> caps_of(np.arange(1000.0))
    []
    """
    distinct, counts = np.unique(y, return_counts=True)
    if len(distinct) < FEWEST_DISTINCT:
        return []
    found = []
    for place in (-1, 0):
        others = np.delete(counts, place)
        enough = counts[place] >= max(FEWEST_ROWS, OF_ROWS * len(y))
        if enough and counts[place] >= ABOVE_OTHERS * others.max() and distinct[place] != 0:
            found.append((float(distinct[place]), int(counts[place])))
    return found


CHECK = Check(
    code="capped_target",
    title="a target cut off at its largest or smallest value",
    severity="warning",
    look=find,
    needs_target=True,
    source="Tobin (1958), Econometrica 26",
    remedy=REMEDY,
)
