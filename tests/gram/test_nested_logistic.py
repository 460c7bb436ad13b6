import numpy as np
import pytest

from rung.core.folds import given_folds, partition_folds
from rung.gram import nested_logistic
from rung.gram.nested_logistic import PENALTIES, fit_nested_logistic
from tests.tables import SerialContext, classification, mixed_table, scrambled

N_ROWS = 120


def mixed_problem(n_classes, *, weighted=False):
    parts = mixed_table(N_ROWS, weighted=weighted)
    signal = parts["numbers"][:, 0] + np.random.default_rng(3).normal(size=N_ROWS)
    ranks = np.argsort(np.argsort(signal))
    return classification(ranks * n_classes // N_ROWS, n_classes, **parts)


def fit(problem, folds):
    return fit_nested_logistic(problem, folds, SerialContext(problem))


def bits(fitted):
    state = fitted.encoder.to_state()
    return (
        {name: array.tobytes() for name, array in state.arrays.items()},
        dict(state.strings),
        fitted.coefficients.tobytes(),
        fitted.intercept.tobytes(),
        fitted.present.tobytes(),
        fitted.penalty,
    )


@pytest.mark.parametrize("costly", [False, True])
@pytest.mark.parametrize(("n_classes", "weighted"), [(2, False), (2, True), (3, True)])
def test_held_out_rows_do_not_touch_a_bit_of_a_split(n_classes, weighted, costly, monkeypatch):
    if costly:
        monkeypatch.setattr(nested_logistic, "COSTLY_CELLS", 0)
    problem = mixed_problem(n_classes, weighted=weighted)
    folds = partition_folds(np.arange(N_ROWS) % 4)
    before = fit(problem, folds)
    for i in (0, 3):
        after = fit(scrambled(problem, folds.splits[i].test, i), folds)
        assert bits(after[i]) == bits(before[i])


@pytest.mark.parametrize("n_classes", [2, 3])
def test_the_final_fit_is_that_of_scikit_learn_at_the_same_penalty(n_classes):
    from sklearn.linear_model import LogisticRegression

    problem = mixed_problem(n_classes, weighted=True)
    fitted = fit(problem, partition_folds(np.arange(N_ROWS) % 4))[-1]
    weight = problem.weights(np.arange(N_ROWS))
    oracle = LogisticRegression(C=1 / (fitted.penalty * weight.sum()), tol=1e-10, max_iter=20_000)
    X = fitted.encoder.matrix(problem.design)
    oracle.fit(X, problem.y, sample_weight=weight)
    scores = X @ fitted.coefficients + fitted.intercept
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares, oracle.predict_proba(X), atol=1e-5)


def test_noise_is_given_a_stiff_penalty_and_signal_a_supple_one():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(200, 10))
    folds = partition_folds(np.arange(200) % 5)
    noise = fit(classification(rng.integers(0, 2, 200), 2, numbers=X), folds)
    signal = fit(classification(X[:, 0] > 0, 2, numbers=X), folds)
    assert noise[-1].penalty >= 0.1
    assert signal[-1].penalty <= 1e-3


def test_an_early_end_of_the_path_does_not_change_the_choice(monkeypatch):
    problem = mixed_problem(3)
    folds = partition_folds(np.arange(N_ROWS) % 4)
    short = [fitted.penalty for fitted in fit(problem, folds)]
    monkeypatch.setattr(nested_logistic, "CLEARLY_WORSE", np.inf)
    assert [fitted.penalty for fitted in fit(problem, folds)] == short


def test_a_first_window_without_inner_splits_takes_the_fallback():
    problem = mixed_problem(2)
    folds = given_folds(
        [(np.array([5]), np.arange(60, 120)), (np.arange(60), np.arange(60, 120))],
        N_ROWS,
        np.zeros(N_ROWS, dtype=int),
    )
    fits = fit(problem, folds)
    assert fits[0].penalty == nested_logistic.FALLBACK
    assert all(fitted.penalty in PENALTIES for fitted in fits)


def test_a_table_too_large_is_fitted_on_a_stated_share(monkeypatch):
    monkeypatch.setattr(nested_logistic, "MOST_CELLS", 500)
    problem = mixed_problem(2)
    fitted = fit(problem, partition_folds(np.arange(N_ROWS) % 4))[-1]
    assert fitted.n_used < fitted.n_train == N_ROWS
