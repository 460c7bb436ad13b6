from dataclasses import replace

import numpy as np
import pytest

from rung.compute import RunContext
from rung.core.family import State
from rung.core.folds import partition_folds
from rung.errors import BadModelFile, NotApplicable
from rung.families import find
from rung.families.table.label_spreading import FAMILY, fit_label_spreading, likeness
from rung.families.unlabelled import lay_together
from rung.prep.nearest import Nearest
from rung.testing import example_problem
from rung.testing.laws import check_held_out_rows, run
from rung.testing.problems import example_folds
from tests.tables import (
    assert_refuses_damage,
    assert_round_trip,
    classification,
    predict_elsewhere,
    regression,
    table,
)


def moons(n, noise=0.08, seed=0):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    angle = rng.uniform(0, np.pi, n)
    X = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    X = np.where(y[:, None] == 1, [1.0, 0.5] - X, X)
    return X + rng.normal(scale=noise, size=(n, 2)), y


def half(n_labelled=10, n_rest=500, seed=0):
    X, y = moons(n_labelled + n_rest, seed=seed)
    problem = classification(y[:n_labelled], 2, numbers=X[:n_labelled])
    rest = table(numbers=X[n_labelled:])
    return replace(problem, unlabelled=rest), rest, y[n_labelled:]


def right(model, rest, y):
    return (model.predict(rest).argmax(axis=1) == y).mean()


@pytest.mark.parametrize("seed", range(2))
def test_two_moons_are_told_apart_by_ten_labels_where_a_line_fails(seed):
    problem, rest, y = half(seed=seed)
    folds, context = partition_folds(np.arange(10) % 5), RunContext(0, problem)
    line = find("linear").cross_fit(problem, folds, context).model
    spread = FAMILY.cross_fit(problem, folds, context).model
    assert right(line, rest, y) < 0.9
    assert right(spread, rest, y) > 0.97


def test_labels_are_those_of_scikit_learn_on_the_same_graph():
    from sklearn.semi_supervised import LabelSpreading

    problem, rest, _ = half(n_rest=150, seed=1)
    both = lay_together(problem)
    model = fit_label_spreading(both, np.arange(10), k=10, spread=0.9)

    def of_graph(one, other):
        assert one is other
        near, distance = Nearest(one).find(one, 11)
        dense = np.zeros((len(one), len(one)))
        value = likeness(distance, distance[:, -1:], distance[:, -1][near])
        np.put_along_axis(dense, near, value, axis=1)
        np.fill_diagonal(dense, 0.0)
        return np.maximum(dense, dense.T)

    given = np.concatenate([problem.y, np.full(rest.n_rows, -1)])
    oracle = LabelSpreading(kernel=of_graph, alpha=0.9, max_iter=1000, tol=1e-9)
    oracle.fit(model.rows, given)
    np.testing.assert_allclose(model.shares, oracle.label_distributions_, atol=1e-3)


def test_labels_do_not_help_where_near_rows_differ():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    y = rng.integers(0, 2, 300)
    problem = classification(y[:40], 2, numbers=X[:40])
    problem = replace(problem, unlabelled=table(numbers=X[40:]))
    folds, context = partition_folds(np.arange(40) % 5), RunContext(0, problem)
    fits = [find(name).cross_fit(problem, folds, context) for name in ("constant", FAMILY.name)]
    losses = [
        np.mean(
            [
                -np.log(p[np.arange(8), y[s.test]]).mean()
                for p, s in zip(f.predictions, folds.splits, strict=True)
            ]
        )
        for f in fits
    ]
    assert losses[1] > losses[0]


def test_held_out_rows_change_no_bit_with_rows_that_have_no_target():
    task = "multiclass"
    rest = example_problem(task, seed=4, n_rows=120).design
    problem = replace(example_problem(task), unlabelled=rest)
    folds = example_folds(96)
    check_held_out_rows(FAMILY, problem, folds, run(FAMILY, problem, folds))


def test_state_gives_back_the_same_bits_and_damage_is_refused():
    problem, rest, _ = half()
    model = fit_label_spreading(lay_together(problem), np.arange(10), k=5, spread=0.9)
    assert_round_trip(FAMILY, model, rest)
    assert_refuses_damage(FAMILY, model)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("shares", lambda values: values * 0.5),
        ("shares", lambda values: values - 1.0),
        ("reach", lambda values: -values - 1.0),
        ("prior", lambda values: values * 2),
        ("doubt", lambda values: values + 1.0),
        ("present", lambda values: values + 1),
    ],
)
def test_a_hostile_state_is_refused(name, change):
    problem, _, _ = half()
    state = fit_label_spreading(lay_together(problem), np.arange(10), k=5, spread=0.9).to_state()
    arrays = {**state.arrays, name: change(state.arrays[name])}
    with pytest.raises(BadModelFile, match="model"):
        FAMILY.load(State(state.spec, arrays, state.strings))


@pytest.mark.parametrize("spec", [{"k": 0}, {"k": 511}, {"stores_training_rows": False}])
def test_a_hostile_spec_is_refused(spec):
    problem, _, _ = half()
    state = fit_label_spreading(lay_together(problem), np.arange(10), k=5, spread=0.9).to_state()
    with pytest.raises(BadModelFile, match="model"):
        FAMILY.load(State({**state.spec, **spec}, state.arrays, state.strings))


def test_a_value_and_a_table_without_features_are_refused_with_the_reason():
    folds = partition_folds(np.arange(10) % 5)
    numbers = regression(np.arange(10.0), numbers=np.ones((10, 1)))
    with pytest.raises(NotApplicable, match="target is a number"):
        FAMILY.cross_fit(numbers, folds, RunContext(0, numbers))
    empty = classification(np.arange(10) % 2, 2, numbers=np.ones((10, 0)))
    with pytest.raises(NotApplicable, match="no features"):
        FAMILY.cross_fit(empty, folds, RunContext(0, empty))


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    problem, rest, _ = half()
    model = fit_label_spreading(lay_together(problem), np.arange(10), k=5, spread=0.9)
    given, heavy = predict_elsewhere("rung.families.table.label_spreading", model, rest)
    assert heavy == []
    assert given.tobytes() == model.predict(rest).tobytes()
