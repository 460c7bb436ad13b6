import numpy as np
import pytest
from scipy.stats import multivariate_normal

from rung.density.gaussians import GaussianMix
from rung.families.class_mixtures import (
    LEAST_ROWS,
    ClassRows,
    component_logs,
    fit_class_mixtures,
    owners,
)

RNG = np.random.default_rng(0)


def rows(X, weight=None):
    X = np.asarray(X, dtype=float)
    weight = np.ones(len(X)) if weight is None else weight
    return ClassRows(X, np.empty((len(X), 0), dtype=int), weight, ())


def halves(X, codes, k):
    return np.eye(k)[np.arange(len(X)) * k // len(X)]


def two_heaps(n, shift):
    near = RNG.normal(size=(n, 2))
    return np.concatenate([near + shift, near[::-1] - shift])


def test_two_heaps_a_class_are_found_with_their_means():
    parts = [rows(two_heaps(200, 4.0)), rows(two_heaps(200, [8.0, -8.0]))]
    found = fit_class_mixtures(parts, 2, "full", start=halves, drawn=0.0)
    np.testing.assert_allclose(np.abs(found.means), [[4, 4], [4, 4], [8, 8], [8, 8]], atol=0.2)
    np.testing.assert_allclose(found.weights, 0.25, atol=1e-3)


def test_a_class_of_few_rows_has_fewer_components():
    parts = [rows(RNG.normal(size=(4 * LEAST_ROWS, 1))), rows(RNG.normal(size=(LEAST_ROWS + 1, 1)))]
    assert owners(parts, 4)[0].tolist() == [0, 0, 0, 0, 1]
    assert fit_class_mixtures(parts, 4, "tied", start=halves, drawn=1.0).n_components == 5


def test_tied_components_have_one_covariance_over_all_classes():
    parts = [rows(two_heaps(50, 3.0)), rows(RNG.normal(size=(70, 2)))]
    found = fit_class_mixtures(parts, 2, "tied", start=halves, drawn=0.0)
    assert (found.covariances == found.covariances[0]).all()


def test_many_rows_of_the_prior_give_the_covariance_within_classes():
    X = RNG.normal(size=(80, 2)) @ np.array([[1.0, 0.7], [0.0, 0.5]])
    parts = [rows(X), rows(3 * X + 5)]
    within = (80 * np.cov(X.T, bias=True) + 80 * np.cov(3 * X.T, bias=True)) / 160
    found = fit_class_mixtures(parts, 1, "full", start=halves, drawn=1e9)
    np.testing.assert_allclose(found.covariances, [within, within], atol=1e-4)


def test_weights_count_as_copies_of_rows():
    X = two_heaps(60, 2.0)
    weight = 1.0 + np.arange(120) % 2
    twice = np.repeat(X, weight.astype(int), axis=0)

    def by_sign(X, codes, k):
        return np.eye(2)[(X[:, 0] > 0).astype(int)]

    one, two = (
        fit_class_mixtures([part], 2, "full", start=by_sign, drawn=1.0)
        for part in (rows(X, weight), rows(twice))
    )
    np.testing.assert_allclose(one.means, two.means, atol=1e-9)
    np.testing.assert_allclose(one.covariances, two.covariances, atol=1e-9)


def test_missing_cells_at_random_leave_mean_and_covariance():
    true = np.array([[1.0, 0.8], [0.8, 1.0]])
    X = RNG.multivariate_normal([1.0, -1.0], true, 4000)
    X[RNG.random(X.shape) < 0.2] = np.nan
    X = X[np.isfinite(X).any(axis=1)]
    found = fit_class_mixtures([rows(X)], 1, "full", start=halves, drawn=0.0)
    np.testing.assert_allclose(found.means, [[1.0, -1.0]], atol=0.05)
    np.testing.assert_allclose(found.covariances, [true], atol=0.06)


@pytest.mark.parametrize("shape", ["full", "tied"])
def test_densities_are_those_of_scipy_with_missing_cells_summed_out(shape):
    covariance = np.array([[2.0, 0.5, 0.1], [0.5, 1.0, -0.3], [0.1, -0.3, 0.7]])
    mean = np.array([1.0, 0.0, -1.0])
    mixture = GaussianMix(np.ones(1), mean[None], covariance[None], shape)
    X = RNG.normal(size=(6, 3))
    X[1, 0], X[2, [0, 2]], X[3] = np.nan, np.nan, np.nan
    given = component_logs(mixture, X, np.empty((6, 0), dtype=int))[:, 0]
    for row, log in zip(X, given, strict=True):
        seen = np.flatnonzero(np.isfinite(row))
        wanted = 0.0
        if len(seen):
            part = covariance[np.ix_(seen, seen)]
            wanted = multivariate_normal(mean[seen], part).logpdf(row[seen])
        constant = 0.5 * len(seen) * np.log(2 * np.pi)
        assert log == pytest.approx(wanted + constant)


def test_a_row_has_the_same_bits_beside_any_others():
    mixture = fit_class_mixtures([rows(two_heaps(50, 2.0))], 2, "full", start=halves, drawn=1.0)
    X = RNG.normal(size=(301, 2))
    X[::7, 0] = np.nan
    codes = np.empty((301, 0), dtype=int)
    whole = component_logs(mixture, X, codes)
    for part in (slice(0, 1), slice(3, 97), slice(100, 301, 3)):
        assert component_logs(mixture, X[part], codes[part]).tobytes() == whole[part].tobytes()
