from dataclasses import replace

import numpy as np
import pytest

from rung.compute import RunContext
from rung.core.folds import partition_folds
from rung.errors import NotApplicable
from rung.families import find
from rung.families.table.self_training import FAMILY, SURE, _sure_labels
from rung.testing import example_problem
from rung.testing.laws import check_held_out_rows, check_weights, run
from rung.testing.problems import example_folds
from tests.tables import (
    assert_refuses_damage,
    assert_round_trip,
    classification,
    regression,
    state_bytes,
    table,
)


def heaps(n, seed=0):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    return rng.normal(size=(n, 20)) + 0.5 * (2 * y[:, None] - 1), y


def cross_fit(problem, k=5):
    folds = partition_folds(np.arange(len(problem.y)) % k)
    return FAMILY.cross_fit(problem, folds, RunContext(0, problem)), folds


def half(n_labelled=30, n_rest=400):
    X, y = heaps(n_labelled + n_rest)
    problem = classification(y[:n_labelled], 2, numbers=X[:n_labelled])
    return (
        replace(problem, unlabelled=table(numbers=X[n_labelled:])),
        X[n_labelled:],
        y[n_labelled:],
    )


def test_rows_without_a_target_make_a_line_better_where_classes_lie_apart():
    problem, X, y = half()
    line = find("linear").cross_fit(
        problem, partition_folds(np.arange(30) % 5), RunContext(0, problem)
    )
    taught, _ = cross_fit(problem)
    losses = [
        -np.log(model.predict(table(numbers=X))[np.arange(400), y]).mean()
        for model in (line.model, taught.model)
    ]
    assert losses[1] < 0.7 * losses[0]
    assert taught.settings[0]["rows_added"] > 300


def test_without_such_rows_it_is_the_linear_family_to_the_bit():
    problem = replace(half()[0], unlabelled=None)
    taught, folds = cross_fit(problem)
    line = find("linear").cross_fit(problem, folds, RunContext(0, problem))
    assert state_bytes(taught.model) == state_bytes(line.model)
    assert taught.notes[-1] == "every row has a target: the same as linear"


def test_as_many_rows_a_class_are_taken_as_it_has_shares_the_surest_first():
    sure = np.array([0.99, 0.95, 0.97, 0.96, 0.5, 0.01, 0.3])
    chances = np.column_stack([sure, 1 - sure])
    labels = _sure_labels(chances, np.array([0, 0, 1]))
    assert labels.tolist() == [0, -1, 0, -1, -1, 1, -1]
    assert SURE == 0.9


def test_nothing_is_taken_where_one_class_is_never_sure():
    chances = np.array([[0.99, 0.01], [0.98, 0.02], [0.2, 0.8]])
    assert _sure_labels(chances, np.array([0, 1])).tolist() == [-1, -1, -1]


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_held_out_rows_change_no_bit_with_rows_that_have_no_target(task):
    rest = example_problem(task, seed=4, n_rows=120).design
    problem = replace(example_problem(task), unlabelled=rest)
    folds = example_folds(96)
    fitted = run(FAMILY, problem, folds)
    assert task != "binary" or fitted.settings[0]["rounds"] > 0
    check_held_out_rows(FAMILY, problem, folds, fitted)
    check_weights(FAMILY, problem, folds, fitted)


def test_state_gives_back_the_same_bits_and_damage_is_refused():
    problem, X, _ = half()
    model = cross_fit(problem)[0].model
    assert_round_trip(FAMILY, model, table(numbers=X))
    assert_refuses_damage(FAMILY, model)


def test_a_value_is_refused_with_the_reason():
    problem = regression(np.arange(10.0), numbers=np.ones((10, 1)))
    with pytest.raises(NotApplicable, match="target is a number"):
        FAMILY.cross_fit(problem, partition_folds(np.arange(10) % 5), RunContext(0, problem))
