"""Mixtures of Gaussians obey the laws of probability, with cells missing or not."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from rung.density.gaussians import (
    SHAPES,
    Categories,
    GaussianMix,
    fit_from,
    joint_log_densities,
    log_density,
)


def _two_clouds(n=120, d=3, seed=0):
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(size=(n, d)), 0.5 * rng.normal(size=(n, d)) + 4])


def _mixture(seed=0, k=3, d=3):
    rng = np.random.default_rng(seed)
    roots = rng.normal(size=(k, d, d))
    covariances = roots @ roots.transpose(0, 2, 1) + np.eye(d)
    return GaussianMix(rng.dirichlet(np.ones(k)), rng.normal(size=(k, d)), covariances)


def test_densities_are_those_of_scipy():
    mixture, X = _mixture(), np.random.default_rng(1).normal(size=(20, 3))
    expected = [
        np.log(weight) + multivariate_normal(mean, covariance).logpdf(X)
        for weight, mean, covariance in zip(
            mixture.weights, mixture.means, mixture.covariances, strict=True
        )
    ]
    np.testing.assert_allclose(joint_log_densities(mixture, X), np.transpose(expected), rtol=1e-12)


def test_a_missing_cell_is_summed_out():
    mixture, x = _mixture(), np.array([0.3, np.nan, -1.2])
    grid = np.linspace(-40, 40, 20_001)
    rows = np.column_stack([np.full_like(grid, 0.3), grid, np.full_like(grid, -1.2)])
    summed = np.trapezoid(np.exp(log_density(mixture, rows)), grid)
    assert np.exp(log_density(mixture, x[None]))[0] == pytest.approx(summed, rel=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("missing", [0.0, 0.2])
@pytest.mark.parametrize("prior_rows", [0.0, 1.0])
def test_the_objective_never_falls(shape, missing, prior_rows):
    rng = np.random.default_rng(2)
    X = _two_clouds(60)
    X[rng.random(X.shape) < missing] = np.nan
    X = X[~np.isnan(X).all(axis=1)]
    shares = rng.dirichlet(np.ones(3), size=len(X))
    found = fit_from(X, shares, shape, limit=(40, 1e-9), prior=(prior_rows, 0.1))
    assert len(found.objective) > 5
    assert np.diff(found.objective).min() > -1e-6


def test_components_are_found_where_rows_were_drawn():
    X = _two_clouds()
    shares = np.eye(2)[(X[:, 0] > 2).astype(int)]
    found = fit_from(X, shares, "full")
    np.testing.assert_allclose(found.means[1], 4, atol=0.2)
    np.testing.assert_allclose(np.diagonal(found.covariances[1]), 0.25, atol=0.1)
    np.testing.assert_allclose(found.weights, 0.5, atol=0.01)


@pytest.mark.parametrize(
    ("shape", "n"), [("full", 29), ("tied", 17), ("diagonal", 20), ("spherical", 14)]
)
def test_free_numbers_are_counted(shape, n):
    ones = GaussianMix(np.full(3, 1 / 3), np.zeros((3, 3)), np.tile(np.eye(3), (3, 1, 1)), shape)
    assert ones.n_parameters == n


def test_levels_are_weighed_and_counted_as_one_row_after_the_other():
    rng = np.random.default_rng(4)
    codes = rng.integers(-1, 3, (30, 2))
    bases = (np.array([0.2, 0.3, 0.5]), np.array([0.1, 0.6, 0.3]))
    given, shares = Categories(codes, bases), rng.dirichlet(np.ones(4), 30)
    tables = given.tables(shares, 2.0)
    expected = np.zeros((30, 4))
    for j, (table, base) in enumerate(zip(tables, bases, strict=True)):
        counts = 2.0 * np.tile(base, (4, 1))
        for row, level in enumerate(codes[:, j]):
            if level >= 0:
                counts[:, level] += shares[row]
                expected[row] += np.log(table[:, level])
        np.testing.assert_allclose(table, counts / counts.sum(axis=1, keepdims=True))
    np.testing.assert_allclose(given.log_probabilities(tables), expected)
