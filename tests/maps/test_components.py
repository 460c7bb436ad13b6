"""As many components as there are, and none in noise; trust as scikit-learn has it."""

import numpy as np
import pytest
from sklearn.manifold import trustworthiness as of_sklearn

from rung.maps.components import find_components, principal_axes, trustworthiness


def _planes(n, k, d, noise, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, k)) @ rng.normal(size=(k, d)) + noise * rng.normal(size=(n, d))
    return (X - X.mean(axis=0)) / X.std(axis=0)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_components_are_counted(k):
    found = find_components(_planes(300, k, 8, 0.3, seed=k))
    assert found.n_real == k
    assert found.n_predicting == k


def test_noise_has_no_component_that_reconstructs_a_held_out_cell():
    found = find_components(np.random.default_rng(0).normal(size=(300, 6)))
    assert found.n_predicting == 0
    assert found.errors[0] == pytest.approx(1, abs=0.02)
    assert found.n_real <= 1


def test_axes_are_orthogonal_and_shares_sum_to_one():
    axes, shares = principal_axes(_planes(100, 2, 5, 0.5))
    np.testing.assert_allclose(axes.T @ axes, np.eye(5), atol=1e-12)
    assert shares.sum() == pytest.approx(1)
    assert (np.diff(shares) <= 0).all()


def test_intervals_hold_the_axis_and_words_name_only_columns_that_are_sure():
    rng = np.random.default_rng(1)
    base = rng.normal(size=(300, 1))
    X = np.column_stack([base, base, rng.normal(size=(300, 1))])
    X = X + 0.3 * rng.normal(size=(300, 3)) * np.array([1, 1, 0])
    found = find_components((X - X.mean(axis=0)) / X.std(axis=0))
    assert (found.low[:2, 0] > 0.6).all()
    assert (found.high[:2, 0] < 0.8).all()
    assert found.low[2, 0] < 0 < found.high[2, 0]
    said = found.words(("a", "b", "c"), 0)
    assert "a" in said
    assert "b" in said
    assert " c " not in said


def test_trust_is_that_of_scikit_learn():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(80, 5))
    placed = X[:, :2] + 0.1 * rng.normal(size=(80, 2))
    expected = of_sklearn(X, placed, n_neighbors=7)
    assert trustworthiness(X, placed, 7) == pytest.approx(expected, rel=1e-12)
