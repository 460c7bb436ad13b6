import numpy as np
import pytest

from rung.gram.smoothness import CurveProducts, Penalty, most_probable, noise, reweigh, solve
from rung.prep.knots import differences


def made(n_rows=300, seed=0):
    rng = np.random.default_rng(seed)
    X = np.concatenate([np.ones((n_rows, 1)), rng.normal(size=(n_rows, 6))], axis=1)
    y = X @ rng.normal(size=7) + rng.normal(size=n_rows)
    return X, y, CurveProducts(X.T @ X, X.T @ y, float(y @ y), float(n_rows))


def test_coefficients_are_those_of_ridge_regression():
    X, y, products = made()
    held = [Penalty(1, (np.eye(2),)), Penalty(3, (np.eye(4),))]
    fit = solve(products, held, [np.array([3.0]), np.array([50.0])])
    inner = X.T @ X + np.diag([0, 3, 3, 50, 50, 50, 50])
    np.testing.assert_allclose(fit.coefficients, np.linalg.solve(inner, X.T @ y), rtol=1e-7)
    assert fit.freedom == pytest.approx(np.trace(np.linalg.solve(inner, X.T @ X)))
    left = y - X @ fit.coefficients
    assert noise(products, fit) == pytest.approx(left @ left / (300 - fit.freedom))


def restricted(X, y, weight):
    """Return minus twice the log restricted likelihood of a ridge, up to a constant."""
    n_rows, width = X.shape
    inner = X.T @ X + weight * np.diag([0, *np.ones(width - 1)])
    left = y @ y - y @ X @ np.linalg.solve(inner, X.T @ y)
    free = n_rows - 1
    return free * np.log(left / free) + np.linalg.slogdet(inner)[1] - (width - 1) * np.log(weight)


def test_the_penalty_is_the_one_of_greatest_restricted_likelihood():
    X, y, products = made(60)
    held = [Penalty(1, (np.eye(6),))]
    _, (found,) = most_probable(products, held, [np.array([1.0])], rounds=500)
    tried = np.exp(np.linspace(-8, 8, 4001))
    best = tried[np.argmin([restricted(X, y, weight) for weight in tried])]
    assert found[0] == pytest.approx(best, rel=0.05)


def test_two_penalties_take_away_what_their_inverse_says():
    matrices = differences(np.array([0.0, 1.0, 3.0, 4.0, 6.0]))
    weights = np.array([2.0, 0.3])
    held = Penalty(0, matrices, np.full(5, 0.2))
    inverse = np.linalg.pinv(weights[0] * matrices[0] + weights[1] * matrices[1])
    expected = [np.sum(inverse * matrix) for matrix in matrices]
    np.testing.assert_allclose(held.prior(weights), expected, rtol=1e-8)


def test_a_column_of_noise_is_held_and_a_column_of_signal_is_not():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(400, 20))
    y = X[:, :10] @ rng.normal(size=10) * 3 + rng.normal(size=400)
    products = CurveProducts(X.T @ X, X.T @ y, float(y @ y), 400.0)
    held = [Penalty(0, (np.eye(10),)), Penalty(10, (np.eye(10),))]
    fit, (signal, nothing) = most_probable(products, held, [np.ones(1), np.ones(1)], rounds=60)
    assert nothing[0] > 50 * signal[0]
    assert fit.free[:10].sum() > 9.5


def test_penalties_stay_within_bounds_where_nothing_is_left_to_explain():
    X = np.eye(4)
    products = CurveProducts(X, np.zeros(4), 0.0, 4.0)
    held = [Penalty(0, (np.eye(4),))]
    fit = solve(products, held, [np.ones(1)])
    (found,) = reweigh(fit, held, [np.ones(1)], variance=noise(products, fit), unit=1.0)
    assert np.isfinite(found).all()
    assert found[0] > 0
