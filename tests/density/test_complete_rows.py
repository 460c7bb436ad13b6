"""Products of matrices give what one component after the other gives."""

import numpy as np
import pytest

from rung.density import complete_rows
from rung.density.complete_rows import CompleteRows
from rung.density.gaussians import SHAPES, GaussianMix, joint_log_densities


@pytest.mark.parametrize("most_cells", [4_000_000, 100])
@pytest.mark.parametrize("n_columns", [0, 1, 4])
@pytest.mark.parametrize("shape", SHAPES)
def test_both_steps_equal_those_of_one_component_at_a_time(
    monkeypatch, shape, n_columns, most_cells
):
    """Far from the origin too: 1e6 deviations cost no more than six of the sixteen digits."""
    monkeypatch.setattr(complete_rows, "MOST_CELLS", most_cells)
    monkeypatch.setattr(complete_rows, "PART_CELLS", 100)
    rng, k = np.random.default_rng(0), 3
    X = rng.normal(size=(40, n_columns)) + 1e6
    roots = rng.normal(size=(k, n_columns, n_columns)) + 2 * np.eye(n_columns)
    covariances = roots @ roots.transpose(0, 2, 1)
    if shape == "tied":
        covariances[:] = covariances[0]
    if shape in {"diagonal", "spherical"}:
        covariances = covariances * np.eye(n_columns)
    mixture = GaussianMix(np.ones(k), X[:k], covariances, shape)
    rows = CompleteRows(X, shape)
    np.testing.assert_allclose(
        rows.log_densities(mixture.means, covariances), joint_log_densities(mixture, X), rtol=1e-9
    )

    shares = rng.dirichlet(np.ones(k), len(X))
    counts, means, scatter = rows.moments(shares)
    np.testing.assert_allclose(counts, shares.sum(axis=0))
    np.testing.assert_allclose(means, shares.T @ X / counts[:, None])
    centred = X - means[:, None]
    expected = (centred * shares.T[:, :, None]).transpose(0, 2, 1) @ centred
    if shape == "tied":
        scatter, expected = scatter.sum(axis=0), expected.sum(axis=0)
    if shape in {"diagonal", "spherical"}:
        expected = expected * np.eye(n_columns)
    np.testing.assert_allclose(scatter, expected, atol=1e-6)
