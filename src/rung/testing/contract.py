"""Run every law over one family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rung.compute import one_thread_each
from rung.core.dataset import Dataset
from rung.core.family import CrossFit, Family, Problem
from rung.core.folds import Folds, partition_folds
from rung.testing.files import Saved, check_files
from rung.testing.laws import (
    check_declaration,
    check_edge,
    check_held_out_rows,
    check_prediction,
    check_randomness,
    check_shapes,
    check_weights,
    check_workers,
    fit_standard,
)
from rung.testing.problems import (
    CLASSES,
    example_folds,
    example_problem,
    only,
    strange_rows,
    with_values,
)
from rung.testing.units import check_units
from rung.typing import Array, Task

FOLD_KINDS = ("random", "repeated", "time")
# Fill values that were not read as missing.
ABSURD = (1e20, -1e20, 1e300)


def check_family(family: Family, problem: Problem | None = None) -> None:
    """Prove that a family keeps the laws of the ladder.

    Predictions have the right shape, are finite, and probabilities sum to one; a fold's model
    and settings do not know its held-out rows, to the bit; one, two and four workers give the
    same bits; random numbers come from the context; weights are honoured if declared; a model
    that is saved and loaded in a fresh process predicts the same bits; units and origins of
    numbers and target leave no trace; hard problems, such as absurd cells, end in a result or in a
    named refusal.

    Parameters
    ----------
    family : Family
        What to check. Its `load` must be importable by name.
    problem : Problem, optional
        Check on this problem only (its design a `Dataset`); by default on seeded problems for
        every task that the family declares.

    Raises
    ------
    AssertionError
        With one sentence that says which law is broken, and where.

    Examples
    --------
    >>> from rung.families import find
    >>> check_family(find("constant"), example_problem("regression", n_rows=40))
    """
    check_declaration(family)
    saved: list[Saved] = []
    with one_thread_each():
        if problem is not None:
            saved += _check_problem(family, problem, FOLD_KINDS)
        else:
            for task in family.tasks:
                saved += _check_problem(family, example_problem(task), FOLD_KINDS)
                saved += _check_edges(family, task)
                check_units(family, task)
        check_files(family, saved)


def _check_problem(family: Family, problem: Problem, kinds: tuple[str, ...]) -> list[Saved]:
    """Check all laws on one problem; return its model to be saved."""
    saved: list[Saved] = []
    for kind in kinds:
        folds = example_folds(problem.design.n_rows, kind=kind)
        fitted = fit_standard(family, problem, folds)
        check_shapes(family, problem, folds, fitted)
        if kind == "random":
            # Laws of repetition first: a family that draws freely would seem to break the others.
            saved.append(_check_repetition(family, problem, folds, fitted))
        check_held_out_rows(family, problem, folds, fitted)
    return saved


def _check_repetition(family: Family, problem: Problem, folds: Folds, fitted: CrossFit) -> Saved:
    """Check what does not depend on the kind of folds."""
    check_randomness(family, problem, folds, fitted)
    check_workers(family, problem, folds, fitted)
    check_weights(family, problem, folds, fitted)
    check_prediction(family, problem, fitted)
    assert isinstance(problem.design, Dataset)
    rows = strange_rows(problem.design)
    return Saved(problem.task, fitted.model, rows, fitted.model.predict(rows))


def _check_edges(family: Family, task: Task) -> list[Saved]:
    """Check every hard problem of a task; return the models that came of them."""
    saved: list[Saved] = []
    for title, problem, folds in edge_problems(task):
        fitted = check_edge(family, problem, folds, title)
        if fitted is not None:
            assert isinstance(problem.design, Dataset)
            rows = strange_rows(problem.design, 6)
            outputs = fitted.model.predict(rows)
            saved.append(Saved(f"{task}: {title}", fitted.model, rows, outputs))
    return saved


def edge_problems(task: Task) -> Iterator[tuple[str, Problem, Folds]]:
    """Yield hard problems: a title, the problem, its folds."""
    base = example_problem(task, seed=1, n_rows=48)
    folds = example_folds(48, n_folds=3)
    n_classes = len(CLASSES[task])
    yield "one numeric feature", only(base, "signal"), folds
    yield "categories only", only(base, "colour", "site"), folds
    yield "no features", only(base), folds
    yield "an empty and a constant column only", only(base, "empty", "constant"), folds
    yield "two equal columns", _twins(only(base, "signal", "gaps")), folds
    yield "a column of very large numbers", _large(only(base, "signal")), folds
    yield "one absurd cell in each number", _absurd(base), folds
    yield "no weights", _unweighted(base), folds
    yield "a target of one value", _single_valued(base), folds
    yield "two folds", base, example_folds(48, n_folds=2)
    if task == "regression":
        yield "two rows to train on", *_first_rows(base, np.arange(4) % 2)
        return
    yield "one training row for each class", *_first_rows(base, np.arange(2 * n_classes) % 2)
    yield "a class that one training set lacks", *_lacking(base, n_classes - 1)
    yield "a class that no row has", _absent(base, n_classes - 1), folds


def _twins(problem: Problem) -> Problem:
    assert isinstance(problem.design, Dataset)
    return with_values(problem, gaps=problem.design.values["signal"])


def _large(problem: Problem) -> Problem:
    assert isinstance(problem.design, Dataset)
    return with_values(problem, signal=1e12 + 1e9 * problem.design.values["signal"])


def _absurd(problem: Problem) -> Problem:
    assert isinstance(problem.design, Dataset)
    values = {name: problem.design.values[name].copy() for name in ("signal", "gaps", "constant")}
    for row, (cells, absurd) in enumerate(zip(values.values(), ABSURD, strict=True)):
        cells[row] = absurd
    return with_values(problem, **values)


def _unweighted(problem: Problem) -> Problem:
    assert isinstance(problem.design, Dataset)
    return replace(problem, design=problem.design.with_roles({"weight": "dropped"}))


def _single_valued(problem: Problem) -> Problem:
    return replace(problem, y=np.full_like(problem.y, problem.y[0]))


def _first_rows(problem: Problem, fold: Array) -> tuple[Problem, Folds]:
    """Keep as many rows as fold numbers are given; each class gets two neighbours."""
    assert isinstance(problem.design, Dataset)
    rows = np.arange(len(fold))
    y = rows // 2 if problem.classes else problem.y[rows]
    small = replace(problem, design=problem.design.take(rows), y=y.astype(problem.y.dtype))
    return small, partition_folds(fold)


def _lacking(problem: Problem, label: int) -> tuple[Problem, Folds]:
    """Put all rows of one class into the first fold."""
    generator = np.random.default_rng(5)
    fold = generator.permutation(len(problem.y)) % 3
    y = problem.y.copy()
    y[(y == label) & (fold != 0)] = 0
    y[np.flatnonzero(fold == 0)[:4]] = label
    return replace(problem, y=y), partition_folds(fold)


def _absent(problem: Problem, label: int) -> Problem:
    y = np.where(problem.y == label, 0, problem.y)
    return replace(problem, y=y)
