"""Models of the folds, which explanations are made from."""

from __future__ import annotations

import numpy as np
import pytest

from rung.compute import RunContext
from rung.core.folds import partition_folds
from rung.families import find
from rung.testing import example_problem

KEPT = ("constant", "one_feature", "linear", "polynomial", "tree", "boosting")


@pytest.mark.parametrize("name", KEPT)
def test_the_model_of_a_fold_gives_what_the_family_predicted(name: str) -> None:
    problem = example_problem("regression")
    folds = partition_folds(np.arange(len(problem.y)) % 3)
    family = find(name)
    assert family is not None
    fitted = family.cross_fit(problem, folds, RunContext(0, problem))
    assert len(fitted.models) == len(folds.splits)
    for model, split, predicted in zip(
        fitted.models, folds.splits, fitted.predictions, strict=True
    ):
        assert np.array_equal(model.predict(problem.design, split.test), predicted)


def test_a_forest_of_a_fold_has_not_seen_its_rows() -> None:
    """Other targets in the held-out rows change nothing that its trees say of them."""
    problem = example_problem("regression")
    folds = partition_folds(np.arange(len(problem.y)) % 5)
    family = find("forest")
    assert family is not None
    changed = problem.y.copy()
    held = folds.splits[0].test
    changed[held] += 1000.0
    from dataclasses import replace

    other = replace(problem, y=changed)
    first, second = (
        family.cross_fit(one, folds, RunContext(0, one)).models[0] for one in (problem, other)
    )
    assert np.array_equal(first.predict(problem.design, held), second.predict(problem.design, held))
