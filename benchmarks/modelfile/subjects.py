"""Make one small model a family and task: what is then damaged and forged."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rung.compute import RunContext
from rung.core.dataset import Column, Dataset
from rung.core.family import Family, Problem
from rung.errors import NotApplicable, NotSavable
from rung.families import discover
from rung.kinds.table.model import FittedModel
from rung.testing.problems import example_folds, example_problem, make_problem, strange_rows

N_ROWS = 96
MANY_CLASSES = 300
MOST_BYTES = 4_000_000
# Values that no table of training rows shows, for numbers and for dates.
EXTREMES = (np.nan, 0.0, 1.0, -1e300, 1e300, 1e6, -1e6, 0.5)


@dataclass(frozen=True)
class Subject:
    """A model file that rung wrote itself.

    Attributes
    ----------
    title : str
        Family and task.
    data : bytes
        The file.
    """

    title: str
    data: bytes


def subjects(crowded: Sequence[str] | None = None) -> Iterator[Subject]:
    """Yield a model file for every family and task, and of 300 classes where it is not large.

    The tables hold numbers, missing cells, categories, dates and weights.

    Parameters
    ----------
    crowded : sequence of str, optional
        Families that also learn 300 classes; all of them if not given.
    """
    for family in discover():
        for task in family.tasks:
            subject = fit(family, example_problem(task, n_rows=N_ROWS), f"{family.name} {task}")
            if subject is not None:
                yield subject
        if "multiclass" in family.tasks and (crowded is None or family.name in crowded):
            subject = fit(family, many_classes(), f"{family.name} {MANY_CLASSES} classes")
            if subject is not None and len(subject.data) <= MOST_BYTES:
                yield subject


def fit(family: Family, problem: Problem, title: str) -> Subject | None:
    """Return the family's model of a problem as a file; None where there is none."""
    folds = example_folds(len(problem.y), n_folds=2)
    context = RunContext(seed=0, problem=problem, threads=1)
    design = problem.design
    assert isinstance(design, Dataset)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # two rows a class are few, and meant
            model = family.cross_fit(problem, folds, context).model
        found = FittedModel(
            family, model, design.features, problem.task, "target", problem.classes, {"seed": 0}
        )
        return Subject(title, found.to_bytes())
    except (NotApplicable, NotSavable):
        return None


def many_classes() -> Problem:
    """Return a problem of 300 classes with two numbers and a category."""
    problem = example_problem("regression", n_rows=2 * MANY_CLASSES)
    design = problem.design
    assert isinstance(design, Dataset)
    kept = {"signal", "gaps", "colour"}
    columns = tuple(column for column in design.columns if column.name in kept)
    values = {name: design.values[name] for name in kept}
    small = Dataset(columns, values, design.n_rows)
    classes = tuple(f"class {i:03d}" for i in range(MANY_CLASSES))
    base = make_problem("multiclass", small, problem.y)
    y = np.arange(design.n_rows) % MANY_CLASSES
    return replace(base, y=y.astype(np.int64), classes=classes)


def extreme_rows(columns: tuple[Column, ...]) -> Dataset:
    """Return rows with missing, unseen, ordinary and enormous cells, whatever the columns are."""
    n_rows = len(EXTREMES)
    values = {}
    for i, column in enumerate(columns):
        if column.is_coded:
            top = max(len(column.levels), 1)
            values[column.name] = ((np.arange(n_rows) + i) % (top + 2) - 2).astype(np.int32)
        else:
            values[column.name] = np.roll(np.array(EXTREMES), i)
    return Dataset(columns, values, n_rows)


def usual_rows(n_rows: int = 12) -> Dataset:
    """Return the table that models of the standard problem predict."""
    design = example_problem("regression", n_rows=N_ROWS).design
    assert isinstance(design, Dataset)
    return strange_rows(design, n_rows)
