from __future__ import annotations

import pytest

from rung.core.family import Family
from rung.testing import check_family, example_problem
from rung.testing.contract import edge_problems
from rung.typing import Task
from tests.testing.broken import BROKEN, GOOD


def test_a_family_that_keeps_the_laws_passes() -> None:
    check_family(GOOD)


def test_one_problem_can_be_checked_alone() -> None:
    check_family(GOOD, example_problem("regression", seed=5, n_rows=40))


@pytest.mark.parametrize(
    ("sentence", "family"), BROKEN.items(), ids=[family.name for family in BROKEN.values()]
)
def test_a_family_that_breaks_a_law_fails_with_its_sentence(sentence: str, family: Family) -> None:
    with pytest.raises(AssertionError, match=sentence):
        check_family(family)


def test_a_broken_law_names_the_family() -> None:
    with pytest.raises(AssertionError, match="family 'unsourced'"):
        check_family(BROKEN["names no source"])


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_hard_problems_stay_inside_their_classes_and_folds(task: Task) -> None:
    titles = []
    for title, problem, folds in edge_problems(task):
        titles.append(title)
        assert len(problem.y) == problem.design.n_rows == folds.n_rows
        assert problem.y.max() < problem.n_outputs or task == "regression"
    assert len(set(titles)) == len(titles) >= 10


def test_the_lacking_class_is_in_the_first_fold_only() -> None:
    problem, folds = next(
        (problem, folds)
        for title, problem, folds in edge_problems("multiclass")
        if title == "a class that one training set lacks"
    )
    assert 2 not in problem.y[folds.splits[0].train]
    assert 2 in problem.y[folds.splits[0].test]
    assert all(2 in problem.y[split.train] for split in folds.splits[1:])


def test_one_training_row_for_each_class_is_just_that() -> None:
    problem, folds = next(
        (problem, folds)
        for title, problem, folds in edge_problems("multiclass")
        if title == "one training row for each class"
    )
    for split in folds.splits:
        assert sorted(problem.y[split.train]) == [0, 1, 2]
