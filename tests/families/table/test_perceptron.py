import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.core.folds import Folds, partition_folds
from rung.errors import BadModelFile, NotApplicable
from rung.families.table import perceptron
from rung.families.table.perceptron import FAMILY, learn, margins
from rung.trees.sample import Sample
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
Y = np.arange(N_ROWS) % 3


def rows_with_ones(seed, n_rows, width, n_classes, *, weighted=False):
    rng = np.random.default_rng(seed)
    X = np.concatenate([np.ones((n_rows, 1)), rng.normal(size=(n_rows, width))], axis=1)
    y = (X[:, 1] + rng.normal(size=n_rows)).argsort().argsort() * n_classes // n_rows
    weight = rng.uniform(0.3, 2.0, n_rows) if weighted else np.ones(n_rows)
    return Sample(X, y, weight)


def row_by_row(sample, n_classes, orders):
    """Learn as the books say: one row after the other, all weights added up after each visit."""
    weights = np.zeros((sample.X.shape[1], n_classes))
    total, mistakes, n_visits = np.zeros_like(weights), [], 0
    for order in orders:
        mistakes.append(0)
        for i in order:
            scores = sample.X[i] @ weights
            own, scores[sample.y[i]] = scores[sample.y[i]], -np.inf
            if own <= scores.max():
                weights[:, sample.y[i]] += sample.weight[i] * sample.X[i]
                weights[:, scores.argmax()] -= sample.weight[i] * sample.X[i]
                mistakes[-1] += 1
            total += weights
            n_visits += 1
    return total / n_visits, weights, mistakes


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("n_classes", [2, 3, 7])
def test_blocks_take_the_steps_that_one_row_after_the_other_takes(n_classes, weighted):
    sample = rows_with_ones(1, 200, 4, n_classes, weighted=weighted)
    orders = [np.random.default_rng(i).permutation(200) for i in range(4)]
    average, last, mistakes = row_by_row(sample, n_classes, orders)
    learned = learn(sample, n_classes, orders, (2, 4))
    assert list(learned.mistakes) == mistakes
    np.testing.assert_allclose(learned.last, last, atol=1e-10)
    np.testing.assert_allclose(learned.average[1], average, atol=1e-10)
    np.testing.assert_allclose(learned.average[0], row_by_row(sample, n_classes, orders[:2])[0])


def test_two_classes_learn_the_weights_of_scikit_learn():
    from sklearn.linear_model import Perceptron

    sample = rows_with_ones(2, 300, 5, 2)
    given_ = learn(sample, 2, [np.arange(300)] * 3, (3,)).last
    oracle = Perceptron(max_iter=3, tol=None, shuffle=False, fit_intercept=False)
    oracle.fit(sample.X, sample.y)
    np.testing.assert_allclose(given_[:, 1], oracle.coef_[0], atol=1e-9)
    np.testing.assert_allclose(given_[:, 0], -oracle.coef_[0], atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.floats(0.05, 0.6))
def test_separable_rows_end_without_mistakes_within_the_bound_of_novikoff(seed, width, gap):
    rng = np.random.default_rng(seed)
    X = np.concatenate([np.ones((120, 1)), rng.normal(size=(120, width))], axis=1)
    plane = rng.normal(size=width + 1)
    plane /= np.linalg.norm(plane)
    X = X[np.abs(X @ plane) >= gap]
    if not len(X):
        return
    y = (X @ plane > 0).astype(int)
    bound = (np.linalg.norm(X, axis=1).max() / gap) ** 2
    orders = [rng.permutation(len(X)) for _ in range(int(bound) + 2)]
    learned = learn(Sample(X, y, np.ones(len(X))), 2, orders, (len(orders),))
    assert sum(learned.mistakes) <= bound
    assert learned.mistakes[-1] == 0
    assert ((X @ learned.last).argmax(axis=1) == y).all()


def test_after_an_epoch_without_mistakes_the_average_moves_on_to_the_last_weights():
    sample = rows_with_ones(3, 60, 2, 2)
    sample = Sample(sample.X, (sample.X[:, 1] > 0).astype(int), sample.weight)
    sample = sample.take(np.flatnonzero(np.abs(sample.X[:, 1]) > 0.3))
    orders = [np.random.default_rng(i).permutation(len(sample.y)) for i in range(40)]
    learned = learn(sample, 2, orders, (40,))
    assert len(learned.mistakes) < 40
    np.testing.assert_allclose(learned.average[0], row_by_row(sample, 2, orders)[0], atol=1e-10)


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
