"""Make small tables, folds and a context for tests of families."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.core.family import Problem
from rung.prep import fit_encoder


@dataclass(frozen=True)
class SerialContext:
    """Run jobs one after the other, in this thread."""

    problem: Problem
    device: str = "cpu"

    def rng(self, *key):
        return np.random.default_rng([0, *map(hash, map(len, map(str, key)))])

    def map(self, work, jobs):
        return [work(job) for job in jobs]

    def encoded(self, recipe, train):
        return fit_encoder(recipe, self.problem, train)


def table(numbers=None, codes=None, levels=(), weight=None):
    """Make a data set of number columns x0, x1 ... and category columns c0, c1 ..."""
    columns, values = [], {}
    numbers = np.empty((len(codes), 0)) if numbers is None else np.asarray(numbers, dtype=float)
    for j in range(numbers.shape[1]):
        columns.append(Column(f"x{j}", "number"))
        values[f"x{j}"] = numbers[:, j].copy()
    for i, names in enumerate(levels):
        columns.append(Column(f"c{i}", "category", levels=tuple(names)))
        values[f"c{i}"] = np.asarray(codes)[:, i].astype(np.int32)
    if weight is not None:
        columns.append(Column("w", "number", role="weight"))
        values["w"] = np.asarray(weight, dtype=float)
    return Dataset(tuple(columns), values, len(numbers))


def regression(y, **parts):
    """Make a regression problem."""
    return Problem("regression", table(**parts), np.asarray(y, dtype=float))


def classification(y, n_classes, **parts):
    """Make a classification problem."""
    classes = tuple(f"k{i:03d}" for i in range(n_classes))
    task = "binary" if n_classes == 2 else "multiclass"
    return Problem(task, table(**parts), np.asarray(y, dtype=np.int64), classes, "log_loss")
