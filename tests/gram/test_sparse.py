"""Sums of sparse columns are those of scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix, random_array

from rung.gram.sparse import SparseRows, fit_sums, log_loss, squared, squared_hinge

RNG = np.random.default_rng(0)
X = csr_matrix(random_array((120, 30), density=0.2, rng=RNG))
SCORE = X @ RNG.normal(size=30) + 0.3 * RNG.normal(size=120)
WEIGHT = RNG.uniform(0.5, 1.5, 120)
TIGHT = 1e-14


def test_values_are_those_of_ridge_regression() -> None:
    from sklearn.linear_model import Ridge

    theta = fit_sums(SparseRows.of(X, SCORE[:, None], WEIGHT), squared, 0.7, tolerance=TIGHT)
    other = Ridge(alpha=0.7).fit(X.toarray(), SCORE, sample_weight=WEIGHT)
    assert np.allclose(theta[1:, 0], other.coef_, atol=1e-5)
    assert theta[0, 0] == pytest.approx(other.intercept_, abs=1e-5)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_log_odds_are_those_of_logistic_regression(n_classes: int) -> None:
    from sklearn.linear_model import LogisticRegression

    y = np.digitize(SCORE, np.quantile(SCORE, np.arange(1, n_classes) / n_classes))
    Y = (y[:, None] == np.arange(n_classes)).astype(float)[:, 1 if n_classes == 2 else 0 :]
    theta = fit_sums(SparseRows.of(X, Y, WEIGHT), log_loss, 0.5, tolerance=TIGHT)
    other = LogisticRegression(C=2.0, tol=1e-10, max_iter=10_000).fit(X, y, sample_weight=WEIGHT)
    assert np.allclose(theta[1:].T, other.coef_, atol=1e-4)


def test_margins_are_those_of_a_linear_support_vector_machine() -> None:
    from sklearn.svm import LinearSVC

    y = SCORE > 0
    theta = fit_sums(
        SparseRows.of(X, np.where(y, 1.0, -1.0)[:, None], np.ones(120)),
        squared_hinge,
        1.0,
        tolerance=TIGHT,
    )
    # Half the square here, the whole there; its intercept is penalised unless scaled up.
    other = LinearSVC(C=0.5, tol=1e-10, max_iter=100_000, intercept_scaling=1e4, dual=False)
    assert np.allclose(theta[1:, 0], other.fit(X, y).coef_[0], atol=1e-3)


def test_targets_that_do_not_vary_need_no_weights() -> None:
    theta = fit_sums(SparseRows.of(X, np.zeros((120, 1)), WEIGHT), squared, 1.0, tolerance=TIGHT)
    assert not theta.any()
