"""The penalty is chosen by rows that judge it, each judge by itself."""

from __future__ import annotations

import numpy as np

from rung.compute import RunContext, one_thread_each
from rung.core.fold_searches import choosing_splits
from rung.core.folds import Folds, partition_folds
from rung.gram.nested_sparse import PENALTIES, SparseFit, fit_nested_sums
from rung.testing import example_problem
from rung.testing.problems import example_folds, only, with_texts

FOLDS = example_folds(96)


def fits(task: str = "binary", folds: Folds = FOLDS) -> tuple[SparseFit, ...]:
    problem = with_texts(example_problem(task))  # type: ignore[arg-type]
    with one_thread_each():
        return fit_nested_sums(problem, folds, RunContext(0, problem))


def test_every_split_and_all_rows_have_a_fit_and_held_out_scores() -> None:
    found = fits("multiclass")
    assert [len(fit.held) for fit in found] == [*(len(s.test) for s in FOLDS.splits), 0]
    assert [len(fit.paired) for fit in found[:-1]] == [
        len(own[0].test) for own in choosing_splits(FOLDS)
    ]
    assert {fit.coefficients.shape[1] for fit in found} == {3}
    assert {fit.penalty for fit in found} <= set(PENALTIES)


def test_words_of_no_meaning_are_held_back_more_than_those_that_tell() -> None:
    problem = only(with_texts(example_problem("binary", n_rows=160)))
    noise = type(problem)(
        "binary",
        problem.design,
        np.random.default_rng(0).integers(0, 2, 160),
        problem.classes,
        problem.loss,
    )
    folds = example_folds(160)
    with one_thread_each():
        tells = fit_nested_sums(problem, folds, RunContext(0, problem))[-1].penalty
        idle = fit_nested_sums(noise, folds, RunContext(0, noise))[-1].penalty
    assert idle > 10 * tells


def test_a_class_that_training_lacks_takes_no_part() -> None:
    problem = with_texts(example_problem("multiclass"))
    fold = np.arange(96) % 3
    fold[problem.y == 2] = 0
    with one_thread_each():
        found = fit_nested_sums(problem, partition_folds(fold), RunContext(0, problem))
    assert found[0].present.tolist() == [0, 1]
    assert found[0].coefficients.shape[1] == 1
    assert found[1].present.tolist() == [0, 1, 2]
