"""Draw small tables whose rows hang together, or do not."""

from __future__ import annotations

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.typing import Array


def problem(y: Array, classes: tuple[str, ...] = (), **columns: Array) -> Problem:
    """Make a problem; strings become categories."""
    described, values = [], {}
    for name, array in columns.items():
        if array.dtype.kind in "US":
            levels, codes = np.unique(array, return_inverse=True)
            described.append(Column(name, "category", levels=tuple(map(str, levels))))
            values[name] = codes.astype(np.int32)
        else:
            described.append(Column(name, "number"))
            values[name] = array.astype(float)
    task = "regression" if not classes else "binary" if len(classes) == 2 else "multiclass"
    return Problem(task, Dataset(tuple(described), values, len(y)), y, classes)  # type: ignore[arg-type]


def subjects(n_groups: int, n_rows: int, seed: int = 0) -> tuple[Array, dict[str, Array], Array]:
    """Draw rows of subjects: which one, three features that are its own, and a target."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, n_groups, n_rows)
    X = rng.normal(size=(n_groups, 3))[group] * 1.5 + rng.normal(size=(n_rows, 3))
    y = X[:, 0] + 1.5 * rng.normal(size=n_groups)[group] + 0.5 * rng.normal(size=n_rows)
    return group, {f"x{j}": X[:, j] for j in range(3)}, y


def remembering(n_rows: int, n_columns: int, memory: float, seed: int = 0) -> Array:
    """Draw series that remember, shape (n_rows, n_columns)."""
    steps = np.random.default_rng(seed).normal(size=(n_rows, n_columns))
    for i in range(1, n_rows):
        steps[i] = memory * steps[i - 1] + np.sqrt(1 - memory**2) * steps[i]
    return steps


def said(findings: tuple[Finding, ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what findings say in short."""
    return [(one.code, one.severity, one.columns) for one in findings]
