import numpy as np
import pytest

from rung.core.folds import Folds, partition_folds
from rung.errors import BadModelFile, NotApplicable
from rung.families.table import perceptron
from rung.families.table.perceptron import FAMILY, margins
from tests.tables import (
    SerialContext,
    assert_refuses_damage,
    assert_round_trip,
    classification,
    mixed_table,
    predict_elsewhere,
    regression,
    scrambled,
    state_bytes,
    table,
)

N_ROWS = 150


def test_a_margin_is_the_lead_over_the_best_of_the_others():
    scores = np.random.default_rng(0).normal(size=(20, 5))
    for c in range(5):
        others = np.delete(scores, c, axis=1).max(axis=1)
        np.testing.assert_array_equal(margins(scores)[:, c], scores[:, c] - others)
    assert not margins(np.ones((4, 3))).any()


def cross_fit(problem, n_folds=5):
    folds = partition_folds(np.arange(len(problem.y)) % n_folds)
    return FAMILY.cross_fit(problem, folds, SerialContext(problem))


def mixed_problem(n_classes=3):
    parts = mixed_table(N_ROWS, weighted=True)
    signal = parts["numbers"][:, 0] + np.random.default_rng(7).normal(size=N_ROWS)
    ranks = np.argsort(np.argsort(signal))
    return classification(ranks * n_classes // N_ROWS, n_classes, **parts)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_state_gives_back_the_same_bits_and_damage_is_refused(n_classes):
    problem = mixed_problem(n_classes)
    fitted = cross_fit(problem)
    assert_round_trip(FAMILY, fitted.model, problem.design)
    assert_refuses_damage(FAMILY, fitted.model)
    outputs, heavy = predict_elsewhere(perceptron.__name__, fitted.model, problem.design)
    assert not heavy
    np.testing.assert_array_equal(outputs, fitted.model.predict(problem.design))


def test_weights_of_another_length_are_refused():
    state = cross_fit(mixed_problem()).model.to_state()
    state.arrays["coefficients"][0, 0] = 3.0
    with pytest.raises(BadModelFile, match="length 1"):
        FAMILY.load(state)


def test_settings_count_the_mistakes_of_every_epoch_chosen():
    for one in cross_fit(mixed_problem()).settings:
        assert len(one["mistakes"]) == one["epochs"]
        assert not one["is_separable"]
        assert min(one["mistakes"]) > 0


def test_separable_rows_are_called_so_and_predicted_well():
    x = np.linspace(-1.0, 1.0, 80)
    x = x[np.abs(x) > 0.1]
    problem = classification(x > 0, 2, numbers=x[:, None])
    fitted = cross_fit(problem)
    assert all(one["is_separable"] for one in fitted.settings)
    labels = fitted.model.predict(problem.design).argmax(axis=1)
    assert (labels == problem.y).mean() > 0.97


def test_held_out_rows_change_no_model():
    problem = mixed_problem()
    folds = partition_folds(np.arange(N_ROWS) % 5)
    before = FAMILY.cross_fit(problem, folds, SerialContext(problem))
    other = scrambled(problem, folds.splits[2].test)
    after = FAMILY.cross_fit(other, folds, SerialContext(other))
    assert before.settings[2] == after.settings[2]


def test_probabilities_are_calibrated_by_rows_never_seen():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3_000, 2))
    share = 1 / (1 + np.exp(-1.5 * X[:, 0]))
    problem = classification(rng.random(3_000) < share, 2, numbers=X)
    outputs = cross_fit(problem).predictions[0][:, 1]
    truth = share[partition_folds(np.arange(3_000) % 5).splits[0].test]
    assert np.abs(outputs - truth).mean() < 0.05


def test_epochs_stop_where_rows_are_many(monkeypatch):
    monkeypatch.setattr(perceptron, "MOST_VISITS", 5 * 120)
    assert {one["epochs"] for one in cross_fit(mixed_problem()).settings} <= {1, 2, 5}
    monkeypatch.setattr(perceptron, "MOST_VISITS", 60)
    found = cross_fit(mixed_problem())
    assert {one["epochs"] for one in found.settings} == {1}
    assert max(one["mistakes"][0] for one in found.settings) <= 60
    assert found.notes[-1] == "visits 60 of 150 training rows, drawn at random"


def test_rows_that_all_weigh_nothing_count_the_same():
    parts = {"numbers": np.arange(30.0)[:, None]}
    y = np.arange(30) > 14
    plain = cross_fit(classification(y, 2, **parts)).model
    weightless = cross_fit(classification(y, 2, weight=np.zeros(30), **parts)).model
    design = table(**parts)
    np.testing.assert_array_equal(plain.coefficients, weightless.coefficients)
    assert np.isfinite(weightless.predict(design)).all()


@pytest.mark.parametrize("y", [np.zeros(24), np.r_[2, np.arange(23) % 2], np.arange(24) % 2 * 2])
@pytest.mark.parametrize("scale", [1.0, 1e300, 1e-300])
def test_odd_tables_give_finite_probabilities(y, scale):
    numbers = np.random.default_rng(0).normal(size=(24, 2)) * scale
    for outputs in cross_fit(classification(y, 3, numbers=numbers), 4).predictions:
        np.testing.assert_allclose(outputs.sum(axis=1), 1.0)


def test_folds_without_inner_splits_give_a_model_all_the_same():
    problem = mixed_problem()
    folds = partition_folds(np.arange(N_ROWS) % 5)
    bare = Folds(folds.splits, folds.atom, folds.in_train, ((),) * 6)
    fitted = FAMILY.cross_fit(problem, bare, SerialContext(problem))
    assert {one["epochs"] for one in fitted.settings} == {perceptron.FALLBACK}


def test_values_and_tables_without_features_are_refused():
    with pytest.raises(NotApplicable, match="number"):
        cross_fit(regression(np.arange(20.0), numbers=np.arange(20.0)[:, None]))
    with pytest.raises(NotApplicable, match="no features"):
        cross_fit(classification(np.arange(20) % 2, 2, numbers=np.zeros((20, 0))))


def test_the_same_bits_come_of_a_second_run():
    problem = mixed_problem()
    assert state_bytes(cross_fit(problem).model) == state_bytes(cross_fit(problem).model)
