import numpy as np
import pytest

from rung.gram.ridge import PENALTIES, GramMoments, best_penalty, solve_path


def moments_of(X, y):
    table = np.concatenate([np.ones((len(y), 1)), y[:, None], X], axis=1)
    return GramMoments(table.T @ table)


@pytest.mark.parametrize("duplicated", [False, True])
def test_the_path_is_that_of_scikit_learn(duplicated):
    from sklearn.linear_model import Ridge

    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 5))
    X[:, 4] = X[:, 0] if duplicated else X[:, 4]
    y = X @ rng.normal(size=5) + rng.normal(size=80) + 7.0
    path = solve_path(moments_of(X, y))
    test_X, test_y = rng.normal(size=(30, 5)), rng.normal(size=30)
    losses = path.losses(moments_of(test_X, test_y))
    for i, penalty in enumerate(PENALTIES):
        oracle = Ridge(alpha=penalty * 80, solver="svd").fit(X, y)
        np.testing.assert_allclose(path.coefficients[:, i], oracle.coef_, atol=1e-8)
        squares = np.sum((test_y - oracle.predict(test_X)) ** 2)
        np.testing.assert_allclose(losses[i], squares, rtol=1e-8)


def test_ties_go_to_the_largest_penalty():
    assert list(PENALTIES) == sorted(PENALTIES, reverse=True)
    assert best_penalty(np.array([2.0, 1.0, 1.0])) == 1


def test_without_columns_the_mean_is_predicted():
    y = np.arange(5.0)
    path = solve_path(moments_of(np.zeros((5, 0)), y))
    np.testing.assert_allclose(path.losses(moments_of(np.zeros((5, 0)), y)), 10.0)
