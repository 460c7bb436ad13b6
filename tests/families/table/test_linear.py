import csv
from itertools import pairwise

import numpy as np
import pytest

from rung.core.family import Problem, State
from rung.core.folds import given_folds, partition_folds
from rung.errors import BadModelFile, DataError, NotApplicable
from rung.families.table.linear import FAMILY
from tests.realdata import real_data
from tests.tables import (
    SerialContext,
    assert_refuses_damage,
    assert_round_trip,
    classification,
    mixed_table,
    predict_elsewhere,
    regression,
    table,
)

N_ROWS = 150


def mixed_problem(n_classes):
    parts = mixed_table(N_ROWS, weighted=True)
    signal = parts["numbers"][:, 0] + (parts["codes"][:, 0] == 2)
    signal += np.random.default_rng(7).normal(size=N_ROWS)
    if n_classes == 0:
        return regression(signal, **parts)
    ranks = np.argsort(np.argsort(signal))
    return classification(ranks * n_classes // N_ROWS, n_classes, **parts)


def cross_fit(problem, n_folds=5):
    folds = partition_folds(np.arange(len(problem.y)) % n_folds)
    return FAMILY.cross_fit(problem, folds, SerialContext(problem))


@pytest.mark.parametrize("n_classes", [0, 2, 4])
def test_state_gives_back_the_same_bits_and_damage_is_refused(n_classes):
    problem = mixed_problem(n_classes)
    fitted = cross_fit(problem)
    assert_round_trip(FAMILY, fitted.model, problem.design)
    assert_refuses_damage(FAMILY, fitted.model)
    assert all(settings["n_columns"] > 4 for settings in fitted.settings)
    for prediction in fitted.predictions if n_classes else ():
        np.testing.assert_allclose(prediction.sum(axis=1), 1.0)


ODD_NUMBERS = {
    "one": np.arange(24.0)[:, None],
    "all missing": np.full((24, 2), np.nan),
    "constant": np.full((24, 1), 1e9 + 0.1),
    "twice the same": np.repeat(np.arange(24.0)[:, None], 2, axis=1),
    "huge": np.linspace(-1e300, 1e300, 24)[:, None],
    "offset": 1e9 + np.arange(24.0)[:, None] * 1e-3,
    "tiny": np.linspace(-1e-300, 1e-300, 24)[:, None],
    "half missing": np.where(np.arange(24) % 2, np.nan, np.arange(24.0))[:, None],
}
ODD_TARGETS = {
    "line": (0, np.arange(24.0)),
    "constant": (0, np.full(24, 0.1)),
    "far": (0, 1e12 + np.arange(24.0)),
    "one class": (3, np.ones(24)),
    "one row of a class": (3, np.r_[2, np.arange(23) % 2]),
    "every row a class": (24, np.arange(24)),
    "two of three": (3, np.arange(24) % 2 * 2),
}


@pytest.mark.parametrize("numbers", ODD_NUMBERS)
@pytest.mark.parametrize("target", ODD_TARGETS)
def test_odd_tables_give_finite_predictions(numbers, target):
    n_classes, y = ODD_TARGETS[target]
    parts = {"numbers": ODD_NUMBERS[numbers]}
    problem = classification(y, n_classes, **parts) if n_classes else regression(y, **parts)
    for prediction in cross_fit(problem, 4).predictions:
        assert prediction.shape[1] == problem.n_outputs
        assert np.isfinite(prediction).all()


@pytest.mark.parametrize("target", ["line", "far"])
@pytest.mark.parametrize("numbers", ["one", "twice the same", "offset"])
def test_a_straight_line_is_found(numbers, target):
    problem = regression(ODD_TARGETS[target][1], numbers=ODD_NUMBERS[numbers])
    given = cross_fit(problem).model.predict(problem.design)[:, 0]
    np.testing.assert_allclose(given - problem.y, 0.0, atol=2e-3)


@pytest.mark.parametrize("n_rows", [2, 3, 5])
@pytest.mark.parametrize("n_classes", [0, 2])
def test_a_handful_of_rows_gives_a_result(n_rows, n_classes):
    parts = {"numbers": np.arange(float(n_rows))[:, None]}
    y = np.arange(n_rows)
    problem = classification(y % 2, 2, **parts) if n_classes else regression(y, **parts)
    fitted = cross_fit(problem, min(n_rows, 3))
    assert all(np.isfinite(prediction).all() for prediction in fitted.predictions)


def test_classes_absent_from_training_have_half_a_row():
    y = np.r_[np.arange(19) % 2, 2]
    problem = classification(y, 3, numbers=np.arange(20.0)[:, None])
    order = np.argsort(np.arange(20) % 5, kind="stable")
    fitted = cross_fit(problem)
    held_out = fitted.predictions[19 % 5]
    assert 19 in order
    np.testing.assert_allclose(held_out[:, 2], (1 / 32) / (1 + 1 / 32))


def test_unseen_and_missing_levels_and_other_schemas_are_handled():
    codes = np.random.default_rng(0).integers(0, 2, size=(60, 1))
    problem = regression(codes[:, 0] * 10.0, codes=codes, levels=[["a", "b"]])
    model = cross_fit(problem).model
    turned = table(codes=[[0], [1], [2], [-1], [-2]], levels=[["b", "a", "new"]])
    given = model.predict(turned)[:, 0]
    np.testing.assert_allclose(given[:2], [10.0, 0.0], atol=1e-3)
    assert given[2] == given[3] == given[4]
    assert 3.0 < given[2] < 7.0
    with pytest.raises(DataError, match="x0"):
        model.predict(table(numbers=np.ones((2, 1))))


def test_tables_without_features_are_refused_with_the_reason():
    problem = Problem("regression", table(numbers=np.ones((10, 0))), np.arange(10.0))
    with pytest.raises(NotApplicable, match="no features"):
        cross_fit(problem)


def test_outputs_that_do_not_fit_together_are_refused():
    state = cross_fit(mixed_problem(3)).model.to_state()
    twice = {**state.arrays, "classes": np.zeros(3, dtype=np.int64)}
    with pytest.raises(BadModelFile, match="do not fit together"):
        FAMILY.load(State(state.spec, twice, state.strings))
    with pytest.raises(BadModelFile, match="link"):
        FAMILY.load(State({**state.spec, "link": "exec"}, state.arrays, state.strings))
    with pytest.raises(BadModelFile, match="do not fit together"):
        FAMILY.load(State({**state.spec, "link": "identity"}, state.arrays, state.strings))


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    model, design = cross_fit(mixed_problem(3)).model, mixed_problem(3).design
    given, heavy = predict_elsewhere("rung.families.table.linear", model, design)
    assert heavy == []
    assert given.tobytes() == model.predict(design).tobytes()


def test_xgass_gas_fractions_are_explained_to_77_percent():
    """The known row for this table: R2 .768 with a plain linear fit on unshuffled folds."""
    names = ["model_r", "NUVr", "expAB_r", "petrR50_r", "CINDX", "INCL"]
    with real_data("xgass/xGASS_representative_sample.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if float(row["NUVr"]) > -90]
    X = np.array([[float(row[name]) for name in names] for row in rows])
    y = np.array([float(row["lgGF"]) for row in rows])
    problem = regression(y, numbers=X)
    edges = np.linspace(0, len(y), 6).round().astype(int)
    pairs = [
        (np.setdiff1d(np.arange(len(y)), np.arange(a, b)), np.arange(a, b))
        for a, b in pairwise(edges)
    ]
    folds = given_folds(pairs, len(y), np.arange(len(y)))
    fitted = FAMILY.cross_fit(problem, folds, SerialContext(problem))
    scores = [
        1 - np.mean((y[split.test] - given[:, 0]) ** 2) / y[split.test].var()
        for split, given in zip(folds.splits, fitted.predictions, strict=True)
    ]
    assert abs(np.mean(scores) - 0.768) < 0.003
