"""Count the rows of each class."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.family import Problem
from rung.core.findings import Finding, Severity

FEW = 10
RARE = 0.05
MOST_SHOWN = 6


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return the class counts of the training rows; a warning if a class is too rare to learn."""
    assert seen.problem is not None
    if not seen.problem.classes:
        return ()
    return (count_classes(seen.problem, seen.target),)


def count_classes(problem: Problem, target: str) -> Finding:
    """State how many training rows each class has, the commonest first.

    Examples
    --------
    >>> from rung.core.dataset import Dataset
    >>> y = np.array([0] * 30 + [1] * 4)
    >>> count_classes(Problem("binary", Dataset((), {}, 34), y, ("no", "yes")), "ill").message
    "'ill' has 2 classes in 34 training rows: 'no' 30, 'yes' 4; 1 has fewer than 10 rows"
    """
    counts = np.bincount(problem.y, minlength=len(problem.classes))
    order = np.argsort(-counts, kind="stable")
    n_few = int((counts < FEW).sum())
    shown = ", ".join(f"{problem.classes[i]!r} {counts[i]}" for i in order[:MOST_SHOWN])
    more = f", ..., {problem.classes[order[-1]]!r} {counts[order[-1]]}"
    few = f"; {n_few} {'has' if n_few == 1 else 'have'} fewer than {FEW} rows" if n_few else ""
    return Finding(
        "class_counts",
        _severity(counts.tolist()),
        (target,),
        f"{target!r} has {len(counts)} classes in {int(counts.sum())} training rows: {shown}"
        f"{more if len(order) > MOST_SHOWN else ''}{few}",
        _remedy(counts.tolist()),
    )


def _severity(counts: list[int]) -> Severity:
    return "warning" if min(counts) < FEW else "info"


def _remedy(counts: list[int]) -> str:
    if min(counts) < FEW:
        return "get more rows of the rare classes, or merge them; little can be learned of them"
    if min(counts) < RARE * sum(counts):
        return "accuracy hides rare classes: compare by log_loss or balanced_accuracy"
    return ""


CHECK = Check(
    code="class_counts",
    title="rows of each class",
    severity="warning",
    look=find,
    needs_target=True,
    source="Saito & Rehmsmeier (2015), PLOS ONE 10: accuracy hides rare classes",
    remedy="get more rows of rare classes, or compare by log_loss or balanced_accuracy",
)
