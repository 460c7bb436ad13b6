import numpy as np
import pytest

from rung.core.folds import partition_folds
from rung.gram.nested import fit_nested
from tests.tables import SerialContext, regression


def mixed_problem(n_rows=240, seed=0, *, weight=None, offset=0.0):
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(n_rows, 4)) * [1.0, 10.0, 1e-3, 5.0] + offset
    numbers[:, 3] = numbers[:, 0]
    numbers[rng.random(n_rows) < 0.2, 1] = np.nan
    codes = np.stack([rng.integers(-1, 6, n_rows), rng.integers(0, 60, n_rows)], axis=1)
    y = np.nan_to_num(numbers[:, 0] - offset) + 0.5 * (codes[:, 0] == 2) + rng.normal(size=n_rows)
    levels = ([f"a{i}" for i in range(6)], [f"b{i}" for i in range(60)])
    return regression(y + 100.0, numbers=numbers, codes=codes, levels=levels, weight=weight)


def fit(problem, folds):
    return fit_nested(problem, folds, SerialContext(problem))


def direct_ridge(problem, fitted, train):
    """Solve the normal equations of the centred, encoded training rows."""
    X, y = fitted.encoder.matrix(problem.design, train), problem.y[train]
    w = problem.weights(train)
    mean, centre = np.average(X, axis=0, weights=w), np.average(y, weights=w)
    left = ((X - mean) * w[:, None]).T @ (X - mean)
    left += fitted.penalty * w.sum() * np.eye(len(mean))
    slope = np.linalg.solve(left, ((X - mean) * w[:, None]).T @ (y - centre))
    return slope, centre - mean @ slope


@pytest.mark.parametrize("weighted", [False, True])
def test_coefficients_equal_a_direct_solve_of_the_encoded_rows(weighted):
    rng = np.random.default_rng(1)
    problem = mixed_problem(weight=rng.uniform(0.1, 3.0, 240) if weighted else None)
    folds = partition_folds(np.arange(240) % 5)
    for fitted, split in zip(fit(problem, folds), [*folds.splits, None], strict=True):
        train = np.arange(240) if split is None else split.train
        slope, intercept = direct_ridge(problem, fitted, train)
        np.testing.assert_allclose(fitted.coefficients, slope, atol=1e-8)
        np.testing.assert_allclose(fitted.intercept, intercept, atol=1e-8)
