"""Make small tables and what checks see of them."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.core.findings import Finding


def dataset(**columns: np.ndarray) -> Dataset:
    """Make a table: floats are numbers, arrays of strings are categories."""
    described, values = [], {}
    for name, given in columns.items():
        if given.dtype.kind in "UO":
            levels = tuple(sorted({one for one in given.tolist() if one}))
            codes = {level: code for code, level in enumerate(levels)}
            values[name] = np.array([codes.get(one, -1) for one in given.tolist()], dtype=np.int32)
            described.append(Column(name, "category", levels=levels))
        else:
            values[name] = given.astype(np.float64)
            described.append(Column(name, "number"))
    return Dataset(tuple(described), values, len(next(iter(values.values()))))


def problem(y: np.ndarray, classes: tuple[str, ...] = (), **columns: np.ndarray) -> Problem:
    """Make training rows with their target."""
    task = "regression" if not classes else "binary" if len(classes) == 2 else "multiclass"
    return Problem(task, dataset(**columns), y, classes)  # type: ignore[arg-type]


def seen(y: np.ndarray | None = None, classes: tuple[str, ...] = (), **columns: np.ndarray) -> Seen:
    """Make what checks see of a table whose rows all train."""
    table = dataset(**columns)
    if y is None:
        return Seen(table)
    return Seen(table, problem=problem(y, classes, **columns), target="y")


def looked(check: Check, shown: Seen) -> tuple[Finding, ...]:
    """Run one check as all are run."""
    with np.errstate(all="ignore"):
        return check.look(shown)
