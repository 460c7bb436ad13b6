"""Find a quantity whose few largest values decide every squared error."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.findings import Finding
from rung.typing import Array

FEW = 0.01
OF_SQUARES = 0.5
FEWEST_ROWS = 100
REMEDY = "predict its logarithm, or compare by --metric mae; a few rows decide a squared error"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding if one per cent of the training rows carries half of the target's variance."""
    assert seen.problem is not None
    if seen.problem.task != "regression" or len(seen.problem.y) < FEWEST_ROWS:
        return ()
    share = share_of_few(seen.problem.y)
    if share < OF_SQUARES:
        return ()
    message = f"1 % of the training rows carry {share:.0%} of the variance of {seen.target}"
    return (Finding("heavy_tail", "info", (seen.target,), message, REMEDY),)


def share_of_few(y: Array) -> float:
    """Return the share of the squared distances from the mean that one per cent of the rows carry.

    Examples
    --------
    >>> share_of_few(np.append(np.zeros(99), 1.0)) > 0.9
    True
    """
    squares = np.sort((y - y.mean()) ** 2)[::-1]
    total = float(squares.sum())
    return float(squares[: max(int(FEW * len(y)), 1)].sum()) / total if total > 0 else 0.0


CHECK = Check(
    code="heavy_tail",
    title="a target whose few largest values decide every squared error",
    severity="info",
    look=find,
    needs_target=True,
    source="Huber (1964), Annals of Mathematical Statistics 35",
    remedy=REMEDY,
)
