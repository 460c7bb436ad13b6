"""Find a quantity that is nothing in many rows."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.findings import Finding

OF_ROWS = 0.2
FEWEST_DISTINCT = 20
# Times the rows of the commonest other value.
ABOVE_OTHERS = 3.0
REMEDY = "ask first whether it is zero, then how much: two models may serve better than one"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding if the target is zero in a fifth of the rows and seldom any one other value."""
    assert seen.problem is not None
    y = seen.problem.y
    if seen.problem.task != "regression" or not len(y):
        return ()
    n_zero = int((y == 0).sum())
    distinct, counts = np.unique(y[y != 0], return_counts=True)
    if (
        n_zero < OF_ROWS * len(y)
        or len(distinct) < FEWEST_DISTINCT
        or n_zero < ABOVE_OTHERS * counts.max()
    ):
        return ()
    message = f"{seen.target} is 0 in {n_zero} of {len(y)} training rows ({n_zero / len(y):.0%})"
    return (Finding("zero_inflated", "info", (seen.target,), message, REMEDY),)


CHECK = Check(
    code="zero_inflated",
    title="a target that is nothing in many rows",
    severity="info",
    look=find,
    needs_target=True,
    source="Lambert (1992), Technometrics 34",
    remedy=REMEDY,
)
