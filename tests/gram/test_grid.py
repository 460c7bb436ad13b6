import numpy as np
import pytest

from rung.gram.grid import Grid, condition_number, solve_grid, standard
from rung.gram.ridge import GramMoments


def drawn(n_rows=80, width=6, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, width)) * np.logspace(-2, 2, width) + 3.0
    return X, X @ rng.normal(size=width) + rng.normal(size=n_rows)


def moments(X, y):
    table = np.column_stack([np.ones(len(y)), y, X])
    return GramMoments(table.T @ table)


@pytest.mark.parametrize("unit_variance", [False, True])
@pytest.mark.parametrize("penalty", [10.0, 1e-2, 1e-6])
def test_every_leading_block_is_the_ridge_of_scikit_learn(unit_variance, penalty):
    from sklearn.linear_model import Ridge

    X, y = drawn()
    found = solve_grid(moments(X, y), [2, 6], Grid((1, 2), (penalty,), unit_variance))
    for own, width in zip(found.coefficients[:, 0], (2, 6), strict=True):
        scale = X[:, :width].std(axis=0) if unit_variance else 1.0
        peer = Ridge(alpha=penalty * len(y)).fit(X[:, :width] / scale, y)
        np.testing.assert_allclose(own[:width], peer.coef_ / scale, rtol=1e-8)
        assert not own[width:].any()


def test_without_a_penalty_it_is_least_squares():
    X, y = drawn()
    found = solve_grid(moments(X, y), [6], Grid((1,), (0.0,)))
    wanted = np.linalg.lstsq(np.c_[np.ones(len(y)), X], y, rcond=None)[0]
    np.testing.assert_allclose(found.coefficients[0, 0], wanted[1:], rtol=1e-8)
    residual = np.c_[np.ones(len(y)), y, X] @ found.residuals()[:, 0]
    np.testing.assert_allclose(residual, np.c_[np.ones(len(y)), X] @ wanted - y, atol=1e-9)


def test_columns_that_repeat_share_their_weight_and_do_not_explode():
    X, y = drawn()
    twice = np.c_[X, X[:, :2]]
    found = solve_grid(moments(twice, y), [8], Grid((1,), (0.0,))).coefficients[0, 0]
    alone = solve_grid(moments(X, y), [6], Grid((1,), (0.0,))).coefficients[0, 0]
    np.testing.assert_allclose(found[:2] + found[6:], alone[:2], rtol=1e-6)
    assert condition_number(moments(twice, y), 8) == np.inf


def test_a_column_that_does_not_vary_gets_no_weight():
    X, y = drawn()
    flat = np.c_[X[:, :2], np.full(len(y), 3.0)]
    found = solve_grid(moments(flat, y), [3], Grid((1,), (1e-3, 0.0)))
    assert not found.coefficients[0, :, 2].any()
    assert standard(moments(flat, y))[2][2] == 0.0


def test_the_condition_number_is_that_of_the_correlations():
    X, y = drawn()
    values = np.linalg.eigvalsh(np.corrcoef(X.T))
    np.testing.assert_allclose(
        condition_number(moments(X, y), 6), values[-1] / values[0], rtol=1e-8
    )
    assert condition_number(moments(np.ones((5, 1)), np.arange(5.0)), 1) == 1.0
