"""Find rows that are alike in all features and have different targets."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.check.duplicate_rows import BY_CHANCE, row_codes
from rung.core.dataset import Dataset
from rung.core.findings import Finding, Severity
from rung.typing import Array

OF_ROWS = 0.01
FEWEST_ROWS = 5
REMEDY = "no model can tell them apart: look for slips, or for the column that would"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding if equal training rows disagree so often that it bounds what can be learned.

    A warning where rows are alike more often than chance makes them.

    For classes, the rows that the commonest class of their equals gets wrong; for a quantity, the
    share of its variance among equals.
    """
    assert seen.problem is not None
    design, y = seen.problem.design, seen.problem.y
    assert isinstance(design, Dataset)
    codes, chance = row_codes(design)
    if len(codes) != len(y) or not len(y):
        return ()
    distinct, kind = np.unique(codes, return_inverse=True)
    if len(distinct) == len(y):
        return ()
    if seen.problem.task == "regression":
        message = _of_quantity(kind, y, seen.target)
    else:
        message = _of_classes(kind, y.astype(np.int64), seen.target)
    if not message:
        return ()
    sizes = np.bincount(kind)
    pairs, n_rows = float((sizes * (sizes - 1.0) / 2).sum()), len(y)
    by_chance = pairs <= BY_CHANCE * chance * n_rows * (n_rows - 1) / 2
    severity: Severity = "info" if by_chance else "warning"
    return (Finding("conflicting_rows", severity, (), message, REMEDY),)


def _of_classes(kind: Array, y: Array, target: str) -> str:
    pairs, counts = np.unique(np.stack([kind, y]), axis=1, return_counts=True)
    most = np.zeros(int(kind.max()) + 1, dtype=np.int64)
    np.maximum.at(most, pairs[0], counts)
    wrong = len(y) - int(most.sum())
    if wrong < max(FEWEST_ROWS, OF_ROWS * len(y)):
        return ""
    return (
        f"{wrong} of {len(y)} training rows have another {target} than most rows that are alike in "
        f"all features: no model can be right in more than {1 - wrong / len(y):.1%}"
    )


def _of_quantity(kind: Array, y: Array, target: str) -> str:
    counts = np.bincount(kind)
    means = np.bincount(kind, y) / counts
    left = float(((y - means[kind]) ** 2).sum())
    total = float(((y - y.mean()) ** 2).sum())
    n_rows = int(counts[counts > 1].sum())
    if total <= 0 or n_rows < FEWEST_ROWS or left < OF_ROWS * total:
        return ""
    return (
        f"{n_rows} training rows have equals in all features and differ from them in {target}: no "
        f"model can explain more than {1 - left / total:.1%} of its variance in these rows and all "
        "others"
    )


CHECK = Check(
    code="conflicting_rows",
    title="rows alike in all features with different targets",
    severity="warning",
    look=find,
    needs_target=True,
    remedy=REMEDY,
)
