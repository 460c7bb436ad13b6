from __future__ import annotations

import numpy as np
import pytest

from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.testing.problems import (
    CLASSES,
    example_folds,
    example_problem,
    only,
    replace_rows,
    strange_rows,
)
from rung.typing import Task

TASKS: tuple[Task, ...] = ("regression", "binary", "multiclass")


def dataset(problem: Problem) -> Dataset:
    assert isinstance(problem.design, Dataset)
    return problem.design


@pytest.mark.parametrize("task", TASKS)
def test_a_problem_holds_everything_that_real_tables_hold(task: Task) -> None:
    problem = example_problem(task)
    numbers, codes = problem.design.numbers(), problem.design.codes()
    assert np.isnan(numbers).all(axis=0).any()
    assert (np.ptp(np.nan_to_num(numbers), axis=0) == 0).any()
    assert (codes == -1).any()
    assert problem.design.weight is not None
    counts = np.bincount(codes[codes[:, 0] >= 0, 0], minlength=5)
    assert counts[-1] == 0
    assert len(np.unique(problem.y)) == (len(CLASSES[task]) or len(problem.y))


def test_the_same_seed_gives_the_same_problem_and_another_seed_another() -> None:
    first, again, other = (example_problem("regression", seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(first.y, again.y)
    assert not np.array_equal(first.y, other.y)


@pytest.mark.parametrize("kind", ["random", "repeated", "time"])
def test_folds_never_test_a_row_they_train_on(kind: str) -> None:
    folds = example_folds(32, kind=kind)
    assert folds.n_repeats == (2 if kind == "repeated" else 1)
    assert all(len(np.intersect1d(split.train, split.test)) == 0 for split in folds.splits)


@pytest.mark.parametrize("task", TASKS)
def test_replacing_rows_changes_these_rows_alone_and_spares_the_probes(task: Task) -> None:
    problem = example_problem(task)
    rows, keep = np.arange(10, 40), np.arange(10, 13)
    generator = np.random.default_rng(0)
    changed = replace_rows(problem, rows, keep=keep, generator=generator)
    outside = np.setdiff1d(np.arange(problem.design.n_rows), rows)
    for name, before in dataset(problem).values.items():
        after = dataset(changed).values[name]
        assert np.array_equal(before[outside], after[outside], equal_nan=True)
        if name != "weight":
            assert np.array_equal(before[keep], after[keep], equal_nan=True)
            assert not np.array_equal(before[rows], after[rows], equal_nan=True)
    assert np.array_equal(problem.y[outside], changed.y[outside])
    assert not np.array_equal(problem.y[rows], changed.y[rows])


def test_only_the_named_columns_stay_features() -> None:
    problem = only(example_problem("binary"), "signal", "site")
    assert [column.name for column in dataset(problem).features] == ["signal", "site"]
    assert problem.design.weight is not None


def test_strange_rows_hold_unseen_and_missing_cells() -> None:
    strange = strange_rows(dataset(example_problem("binary")))
    assert {-1, -2} <= set(strange.codes().ravel().tolist())
    assert np.isnan(strange.numbers()).any(axis=0).all()
