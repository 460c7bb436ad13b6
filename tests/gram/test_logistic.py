import numpy as np
import pytest

from rung.gram.logistic import NewtonRows, compact, fit_logistic, row_losses, shares


def draw(n_classes, n_rows=300, width=4, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, width))
    scores = X @ rng.normal(size=(width, n_classes)) + rng.gumbel(size=(n_rows, n_classes))
    y = scores.argmax(axis=1)
    y[:n_classes] = np.arange(n_classes)
    return X, y, rng.uniform(0.2, 2.0, n_rows)


def rows_of(X, y, weight, n_classes):
    table = np.concatenate([np.ones((len(X), 1)), X], axis=1)
    return NewtonRows(table, y, weight / weight.sum(), n_classes)


@pytest.mark.parametrize("n_classes", [2, 4])
@pytest.mark.parametrize("penalty", [1.0, 1e-2, 1e-5])
def test_coefficients_equal_those_of_scikit_learn(n_classes, penalty):
    from sklearn.linear_model import LogisticRegression

    X, y, weight = draw(n_classes)
    oracle = LogisticRegression(C=1 / (penalty * weight.sum()), tol=1e-12, max_iter=20_000)
    oracle.fit(X, y, sample_weight=weight)
    theta = fit_logistic(rows_of(X, y, weight, n_classes), penalty)
    np.testing.assert_allclose(theta[1:].T, oracle.coef_, atol=1e-5)
    offset = theta[0] - theta[0].mean() if n_classes > 2 else theta[0]
    given = oracle.intercept_
    np.testing.assert_allclose(offset, given - given.mean() if n_classes > 2 else given, atol=1e-5)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_newton_and_l_bfgs_agree(n_classes, monkeypatch):
    X, y, weight = draw(n_classes)
    rows = rows_of(X, y, weight, n_classes)
    newton = fit_logistic(rows, 1e-3)
    monkeypatch.setattr("rung.gram.logistic.NEWTON_PARAMETERS", 0)
    climbed = fit_logistic(rows, 1e-3)
    np.testing.assert_allclose(climbed[1:], newton[1:], atol=2e-3)


@pytest.mark.parametrize("n_classes", [3, 7])
def test_few_columns_give_the_fit_that_pairs_of_classes_give(n_classes, monkeypatch):
    rng = np.random.default_rng(5)
    X = np.column_stack([np.ones(200), rng.normal(size=(200, 2))])
    y = (X[:, 1] + rng.normal(size=200)).argsort().argsort() * n_classes // 200
    own = NewtonRows(X, y, np.full(200, 1 / 200), n_classes)
    narrow = fit_logistic(own, 1e-3)
    monkeypatch.setattr("rung.gram.logistic.NARROW", 0)
    np.testing.assert_allclose(narrow, fit_logistic(own, 1e-3), atol=1e-12)


def test_sparse_and_dense_rows_give_the_same_fit(monkeypatch):
    rng = np.random.default_rng(3)
    X = (rng.random((200, 12)) < 0.1).astype(float)
    y = rng.integers(0, 3, 200)
    monkeypatch.setattr("rung.gram.logistic.NEWTON_PARAMETERS", 0)
    dense = rows_of(X, y, np.ones(200), 3)
    sparse = NewtonRows(compact(dense.X, 3), y, dense.weight, 3)
    assert not isinstance(sparse.X, np.ndarray)
    np.testing.assert_allclose(fit_logistic(sparse, 1e-2), fit_logistic(dense, 1e-2), atol=1e-4)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_separable_classes_give_finite_coefficients(n_classes):
    y = np.arange(90) % n_classes
    X = (10.0 * y + np.linspace(0, 1, 90))[:, None]
    theta = fit_logistic(rows_of(X, y, np.ones(90), n_classes), 1e-7)
    assert np.isfinite(theta).all()
    assert row_losses(np.c_[np.ones(90), X] @ theta, y).max() < 0.1


@pytest.mark.parametrize("n_scores", [1, 3])
def test_losses_are_minus_the_log_of_shares(n_scores):
    scores = np.random.default_rng(0).normal(size=(20, n_scores)) * 5
    y = np.arange(20) % max(n_scores, 2)
    share = shares(scores)
    chosen = np.where(y == 1, share[:, 0], 1 - share[:, 0])
    if n_scores > 1:
        chosen = share[np.arange(20), y]
        np.testing.assert_allclose(share.sum(axis=1), 1.0)
    np.testing.assert_allclose(row_losses(scores, y), -np.log(chosen), rtol=1e-9)


def test_scores_of_any_size_give_finite_losses():
    scores = np.array([[1e300, -1e300, 0.0]])
    assert row_losses(scores, np.array([0]))[0] == 0.0
    assert shares(np.array([[-1e300]]))[0, 0] == 0.0
