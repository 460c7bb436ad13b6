import numpy as np
import pytest

from rung.svm.kernels import Radial, kernel_scores, median_gamma, rbf


def points(n_rows=300, width=4):
    return np.random.default_rng(0).normal(size=(n_rows, width))


def test_the_kernel_is_that_of_scikit_learn():
    from sklearn.metrics.pairwise import rbf_kernel

    X = points()
    np.testing.assert_allclose(rbf(X, X[:50], 0.3), rbf_kernel(X, X[:50], 0.3), atol=1e-12)


def test_products_of_features_with_all_rows_as_landmarks_are_the_kernel():
    X = points(150)
    Z = Radial.of(X, 0.3, explained=1e-8).features(X)
    np.testing.assert_allclose(Z @ Z.T, rbf(X, X, 0.3), atol=1e-6)


def test_landmarks_left_out_are_explained_by_the_others():
    X = points(150, 2)
    radial = Radial.of(X, 0.05, explained=1e-5)
    Z = radial.features(X)
    assert len(radial.landmarks) < 75
    np.testing.assert_allclose(Z @ Z.T, rbf(X, X, 0.05), atol=1.1e-5)


def test_landmarks_that_coincide_are_kept_once():
    assert len(Radial.of(np.ones((20, 2)), 1.0).landmarks) == 1


def test_features_with_some_rows_as_landmarks_are_the_nystroem_approximation():
    X, gamma = points(150), 0.05
    landmarks = X[:40]
    Z = Radial.of(landmarks, gamma).features(X)
    some = rbf(X, landmarks, gamma)
    wanted = some @ np.linalg.pinv(rbf(landmarks, landmarks, gamma)) @ some.T
    np.testing.assert_allclose(Z @ Z.T, wanted, atol=1e-5)


def test_landmarks_that_coincide_do_no_harm():
    Z = Radial.of(np.ones((20, 2)), 1.0).features(np.zeros((3, 2)))
    assert np.isfinite(Z).all()


@pytest.mark.parametrize("n_rows", [1, 7, 255, 256, 257])
def test_scores_of_a_row_do_not_depend_on_rows_beside_it(n_rows):
    X = points()
    coefficients = np.random.default_rng(1).normal(size=(90, 3))
    whole = kernel_scores(X, X[:90], 0.3, coefficients)
    np.testing.assert_allclose(whole, rbf(X, X[:90], 0.3) @ coefficients, atol=1e-10)
    part = kernel_scores(X[-n_rows:], X[:90], 0.3, coefficients)
    assert part.tobytes() == whole[-n_rows:].tobytes()


def test_the_median_distance_is_that_of_all_pairs():
    from scipy.spatial.distance import pdist

    X = points(100)
    np.testing.assert_allclose(median_gamma(X), 1 / np.median(pdist(X, "sqeuclidean")))


def test_rows_that_coincide_have_reach_one():
    assert median_gamma(np.full((5, 2), 1e6 + 0.1)) == 1.0
    assert median_gamma(np.zeros((1, 0))) == 1.0
