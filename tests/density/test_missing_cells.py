"""Rows with missing cells: both steps equal those of one row and component at a time."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from rung.density.missing_cells import RowsByCells, patterns


def _rows():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(40, 3)) @ np.array([[1.0, 0.5, 0.0], [0, 1, 0.3], [0, 0, 2]])
    X[rng.random(X.shape) < 0.2] = np.nan
    X[0] = np.nan
    shares = rng.dirichlet(np.ones(2), len(X))
    roots = rng.normal(size=(2, 3, 3))
    return X, shares, rng.normal(size=(2, 3)), roots @ roots.transpose(0, 2, 1) + np.eye(3)


def test_rows_are_parted_by_which_cells_are_missing():
    X = np.array([[1.0, np.nan], [2.0, 3.0], [np.nan, np.nan], [4.0, np.nan]])
    found = [(rows.tolist(), seen.tolist()) for rows, seen in patterns(X)]
    assert sorted(found) == [([0, 3], [0]), ([1], [0, 1]), ([2], [])]


def test_densities_are_those_of_the_known_cells():
    X, _, means, covariances = _rows()
    found = RowsByCells(X, "full").log_densities(means, covariances)
    for row, logs in zip(X, found, strict=True):
        seen = np.flatnonzero(~np.isnan(row))
        for k in range(2):
            own = covariances[k][np.ix_(seen, seen)]
            hoped = multivariate_normal(means[k][seen], own).logpdf(row[seen]) if len(seen) else 0
            assert logs[k] == pytest.approx(hoped, abs=1e-9)


def test_moments_are_those_of_rows_filled_one_at_a_time():
    X, shares, means, covariances = _rows()
    counts, centres, scatter = RowsByCells(X, "full").moments(shares, means, covariances)
    for k in range(2):
        filled, spare = X.copy(), np.zeros((3, 3))
        for i, row in enumerate(X):
            lost, seen = np.flatnonzero(np.isnan(row)), np.flatnonzero(~np.isnan(row))
            between = covariances[k][np.ix_(lost, seen)]
            weights = between @ np.linalg.pinv(covariances[k][np.ix_(seen, seen)])
            filled[i, lost] = means[k][lost] + weights @ (row[seen] - means[k][seen])
            left = covariances[k][np.ix_(lost, lost)] - weights @ between.T
            spare[np.ix_(lost, lost)] += shares[i, k] * left
        mean = np.average(filled, axis=0, weights=shares[:, k])
        about = (filled - mean).T @ ((filled - mean) * shares[:, [k]]) + spare
        assert counts[k] == pytest.approx(shares[:, k].sum())
        np.testing.assert_allclose(centres[k], mean, atol=1e-7)
        np.testing.assert_allclose(scatter[k], about, atol=1e-7)
