import numpy as np
import pytest

from rung.core.folds import partition_folds
from rung.gram.polynomial_logistic import (
    expand,
    fit_nested_polynomial_logistic,
    highest_logistic_degree,
)
from tests.tables import SerialContext, classification, scrambled


def rings(n_rows=300, n_classes=2, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, 2)) * [1.0, 100.0] + [3.0, -50.0]
    radius = (X[:, 0] - 3.0) ** 2 + ((X[:, 1] + 50.0) / 100.0) ** 2 + rng.normal(size=n_rows) / 3
    ranks = np.argsort(np.argsort(radius))
    return classification(ranks * n_classes // n_rows, n_classes, numbers=X)


def fit(problem, folds, **options):
    context = SerialContext(problem)
    return fit_nested_polynomial_logistic(problem, folds, context, **options)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_rings_are_told_apart_by_squares(n_classes):
    problem, folds = rings(n_classes=n_classes), partition_folds(np.arange(300) % 5)
    assert all(fitted.degree >= 2 for fitted in fit(problem, folds, degrees=(1, 2, 3)))


def test_coefficients_are_those_of_scikit_learn_on_expanded_columns():
    from sklearn.linear_model import LogisticRegression

    problem, folds = rings(), partition_folds(np.arange(300) % 3)
    fitted = fit(problem, folds, degrees=(2,), penalties=(1e-2,))[-1]
    rows = np.arange(300)
    encoder = expand(problem, SerialContext(problem), rows, degree=2)
    X = encoder.matrix(problem.design, rows)
    np.testing.assert_allclose(X.std(axis=0), 1.0, rtol=1e-9)
    peer = LogisticRegression(C=1 / (1e-2 * 300), tol=1e-10, max_iter=1000).fit(X, problem.y)
    own = np.r_[fitted.coefficients, fitted.products * encoder.scale[:, None]]
    np.testing.assert_allclose(own[:, 1] - own[:, 0], peer.coef_[0], rtol=1e-4)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_held_out_rows_do_not_touch_a_bit_of_a_split(n_classes):
    problem, folds = rings(n_classes=n_classes), partition_folds(np.arange(300) % 4)
    before = fit(problem, folds, degrees=(1, 2))
    for i, split in enumerate(folds.splits):
        after = fit(scrambled(problem, split.test, i), folds, degrees=(1, 2))[i]
        assert (after.degree, after.penalty) == (before[i].degree, before[i].penalty)
        for name in ("coefficients", "products", "intercept", "terms"):
            assert getattr(after, name).tobytes() == getattr(before[i], name).tobytes()


def test_the_degree_drops_aloud_where_columns_would_be_too_many():
    y = np.arange(1000) % 2
    assert highest_logistic_degree(classification(y, 2, numbers=np.zeros((1000, 3)))) == (3, "")
    wide = classification(y, 2, numbers=np.zeros((1000, 20)))
    assert highest_logistic_degree(wide)[1].startswith("degree 3 would need 1,770 columns")
    assert highest_logistic_degree(classification(y, 2, numbers=np.zeros((1000, 70))))[0] == 1


def test_rows_are_left_out_aloud_where_the_matrix_would_be_too_large(monkeypatch):
    monkeypatch.setattr("rung.gram.polynomial_logistic.FIT_CELLS", 1_200)
    fits = fit(rings(), partition_folds(np.arange(300) % 4), degrees=(2,), penalties=(1e-2,))
    assert fits[-1].n_used < fits[-1].n_train == 300
