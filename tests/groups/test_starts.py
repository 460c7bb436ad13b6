"""As many components are chosen as rows were drawn from, and starts are spread."""

import numpy as np
import pytest

from rung.groups.starts import choose_mixture, nearest_shares, whiten


@pytest.mark.parametrize("k", [1, 2, 4])
def test_components_are_counted_where_rows_are_far_apart(k):
    rng = np.random.default_rng(k)
    X = (
        rng.normal(size=(240, 2))
        + 12 * np.array([[i % 2, i // 2] for i in range(k)])[np.arange(240) % k]
    )
    found = choose_mixture(X, np.random.default_rng(0))
    assert found.n_components == k
    np.testing.assert_allclose(found.weights, 1 / k, atol=0.02)


def test_starts_give_every_row_to_its_cloud():
    X = np.repeat(np.array([[0.0, 0], [9, 0], [0, 9]]), 20, axis=0)
    X += np.random.default_rng(0).normal(size=X.shape)
    shares = nearest_shares(X, 3, np.random.default_rng(1))
    assert sorted(shares.sum(axis=0).tolist()) == [20, 20, 20]


def test_whitened_columns_are_uncorrelated_and_a_sum_of_columns_is_left_out():
    X = np.random.default_rng(0).normal(size=(50, 2)) @ np.array([[3.0, 1], [0, 0.1]])
    turned = whiten(np.column_stack([X, X.sum(axis=1)]))
    np.testing.assert_allclose(turned.T @ turned / 50, np.eye(2), atol=1e-9)
