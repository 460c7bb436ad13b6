import numpy as np
import pytest

from rung.svm import margins
from rung.svm.kernels import Radial, rbf
from rung.svm.margins import MarginRows, fit_margins, fit_values, settle_margins


def rows(n_rows=120, width=3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, width))
    y = np.sign(X[:, 0] + X[:, 1] ** 2 - 1 + 0.4 * rng.normal(size=n_rows))
    return X, y, rng.uniform(0.2, 2.0, n_rows)


@pytest.mark.parametrize("cost", [0.01, 1.0])
def test_linear_margins_are_those_of_liblinear(cost):
    from sklearn.svm import LinearSVC

    X, y, weight = rows()
    found = fit_margins(MarginRows(X, y[:, None], weight), cost)
    # liblinear punishes the intercept too; a large scale of it makes that vanish.
    peer = LinearSVC(C=cost, tol=1e-10, max_iter=1_000_000, intercept_scaling=100.0)
    peer.fit(X, y, sample_weight=weight)
    ours = X @ found[1:, 0] + found[0, 0]
    np.testing.assert_allclose(ours, peer.decision_function(X), atol=1e-3)


@pytest.mark.parametrize("cost", [0.1, 10.0])
def test_kernel_margins_are_those_of_libsvm(cost):
    """Squared hinge is the hard-margin machine with 1 / (2 C w) added to the diagonal."""
    from sklearn.svm import SVC

    X, y, weight = rows()
    gamma = 0.5
    radial = Radial.of(X, gamma, explained=1e-9)
    found = fit_margins(MarginRows(radial.features(X), y[:, None], weight), cost)
    kernel = rbf(X, X, gamma)
    peer = SVC(kernel="precomputed", C=1e6, tol=1e-8)
    peer.fit(kernel + np.diag(1 / (2 * cost * weight)), y)
    theirs = kernel[:, peer.support_] @ peer.dual_coef_[0] + peer.intercept_
    ours = rbf(X, radial.landmarks, gamma) @ radial.fold(found[1:])[:, 0] + found[0, 0]
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_kernel_values_are_those_of_kernel_ridge_in_closed_form():
    X, _, weight = rows()
    y = X[:, 0] ** 2 + X[:, 1]
    cost, gamma = 5.0, 0.5
    radial = Radial.of(X, gamma, explained=1e-9)
    found = fit_values(MarginRows(radial.features(X), y[:, None], weight), cost)
    kernel, n_rows = rbf(X, X, gamma), len(X)
    system = np.zeros((n_rows + 1, n_rows + 1))
    system[0, 1:] = system[1:, 0] = 1.0
    system[1:, 1:] = kernel + np.diag(1 / (2 * cost * weight))
    dual = np.linalg.solve(system, np.r_[0.0, y])
    ours = rbf(X, radial.landmarks, gamma) @ radial.fold(found[1:])[:, 0] + found[0, 0]
    np.testing.assert_allclose(ours, kernel @ dual[1:] + dual[0], atol=1e-5)


def test_a_row_of_weight_two_counts_as_two_rows():
    X, y, _ = rows(60)
    twice = np.where(np.arange(60) < 20, 2.0, 1.0)
    many = np.repeat(np.arange(60), twice.astype(int))
    one = fit_margins(MarginRows(X, y[:, None], twice), 1.0)
    other = fit_margins(MarginRows(X[many], y[many, None], np.ones(len(many))), 1.0)
    np.testing.assert_allclose(one, other, atol=1e-7)


def test_classes_together_are_classes_one_by_one():
    X, y, weight = rows()
    Y = np.stack([y, np.sign(X[:, 2])], axis=1)
    both = fit_margins(MarginRows(X, Y, weight), 1.0)
    for j in range(2):
        alone = fit_margins(MarginRows(X, Y[:, [j]], weight), 1.0)
        np.testing.assert_allclose(both[:, [j]], alone, atol=1e-6)


def test_a_start_changes_nothing_but_the_way():
    X, y, weight = rows()
    lesson = MarginRows(X, y[:, None], weight)
    stiff = fit_margins(lesson, 0.01)
    np.testing.assert_allclose(
        fit_margins(lesson, 1.0, start=stiff), fit_margins(lesson, 1.0), atol=1e-7
    )


def test_a_fit_that_the_steps_do_not_suffice_for_says_so(monkeypatch):
    X, y, weight = rows()
    lesson = MarginRows(X, y[:, None], weight)
    assert settle_margins(lesson, 1.0)[1]
    monkeypatch.setattr(margins, "STEPS", 2)
    assert not settle_margins(lesson, 1.0)[1]
