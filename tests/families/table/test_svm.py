import numpy as np
import pytest

from rung.core.family import Problem, State
from rung.core.folds import partition_folds
from rung.errors import BadModelFile, NotApplicable
from rung.families.table.svm import FAMILY
from rung.svm import margins
from tests.tables import (
    SerialContext,
    assert_refuses_damage,
    assert_round_trip,
    classification,
    predict_elsewhere,
    regression,
    table,
)

N_ROWS = 90


def problem(n_classes, *, straight=False):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N_ROWS, 2))
    signal = X[:, 0] + X[:, 1] if straight else np.hypot(X[:, 0], X[:, 1])
    parts = {"numbers": X, "codes": rng.integers(-1, 2, (N_ROWS, 1)), "levels": [["a", "b"]]}
    if not n_classes:
        return regression(signal, **parts)
    ranks = np.argsort(np.argsort(signal))
    return classification(ranks * n_classes // N_ROWS, n_classes, **parts)


def cross_fit(problem, n_folds=3):
    folds = partition_folds(np.arange(len(problem.y)) % n_folds)
    return FAMILY.cross_fit(problem, folds, SerialContext(problem))


@pytest.mark.parametrize("straight", [True, False])
@pytest.mark.parametrize("n_classes", [0, 2, 3])
def test_state_gives_back_the_same_bits_and_damage_is_refused(n_classes, straight):
    own = problem(n_classes, straight=straight)
    fitted = cross_fit(own)
    assert_round_trip(FAMILY, fitted.model, own.design)
    assert_refuses_damage(FAMILY, fitted.model)
    spec = fitted.model.to_state().spec
    assert spec["stores_training_rows"] == (spec["kernel"] == "radial")
    if not straight:
        assert spec["kernel"] == "radial"


def test_a_ring_is_found():
    own = problem(2)
    folds = partition_folds(np.arange(N_ROWS) % 3)
    given = cross_fit(own)
    right = [
        (prediction.argmax(axis=1) == own.y[split.test]).mean()
        for split, prediction in zip(folds.splits, given.predictions, strict=True)
    ]
    assert np.mean(right) > 0.85


def test_classes_absent_from_training_have_half_a_row():
    y = np.r_[np.arange(19) % 2, 2]
    own = classification(y, 3, numbers=np.arange(20.0)[:, None])
    held_out = cross_fit(own, 5).predictions[19 % 5]
    np.testing.assert_allclose(held_out[:, 2], (1 / 32) / (1 + 1 / 32))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gamma", np.array([0.0])),
        ("gamma", np.array([-1.0])),
        ("gamma", np.array([np.nan])),
        ("landmarks", np.zeros((0, 5))),
        ("line", np.zeros((2, 2))),
        ("present", np.array([1, 0, 2])),
    ],
)
def test_a_forged_part_is_refused(name, value):
    state = cross_fit(problem(3)).model.to_state()
    with pytest.raises(BadModelFile, match=r"of the (model|support)"):
        FAMILY.load(State(state.spec, {**state.arrays, name: value}, state.strings))


def test_a_file_that_denies_its_training_rows_is_refused():
    state = cross_fit(problem(2)).model.to_state()
    denied = {**state.spec, "stores_training_rows": False}
    with pytest.raises(BadModelFile, match="fit together"):
        FAMILY.load(State(denied, state.arrays, state.strings))


def test_tables_without_features_are_refused_with_the_reason():
    own = Problem("regression", table(numbers=np.ones((10, 0))), np.arange(10.0))
    with pytest.raises(NotApplicable, match="no features"):
        cross_fit(own)


def test_a_fresh_process_predicts_the_same_bits_with_nothing_heavy():
    own = problem(3)
    model = cross_fit(own).model
    given, heavy = predict_elsewhere("rung.families.table.svm", model, own.design)
    assert heavy == []
    assert given.tobytes() == model.predict(own.design).tobytes()


def test_machines_that_were_stopped_early_are_announced(monkeypatch):
    own = problem(2, straight=True)
    assert not any("stopped" in note for note in cross_fit(own).notes)
    monkeypatch.setattr(margins, "STEPS", 2)
    assert any("4 of 4 machines were stopped" in note for note in cross_fit(own).notes)
