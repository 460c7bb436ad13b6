"""The ridge is where the density is."""

import numpy as np
import pytest

from rung.density.gaussians import GaussianMix, log_density
from rung.groups.ridges import ridge_ratios


def _pair(apart, weights=(0.5, 0.5), d=1):
    means = np.zeros((2, d))
    means[1, 0] = apart
    return GaussianMix(np.array(weights), means, np.tile(np.eye(d), (2, 1, 1)))


@pytest.mark.parametrize("apart", [1.5, 3.0, 4.5])
def test_the_ridge_of_two_gaussians_falls_as_their_sum_does(apart):
    mixture = _pair(apart, (0.3, 0.7))
    line = np.linspace(0, apart, 2001)[:, None]
    density = np.exp(log_density(mixture, line))
    expected = density.min() / min(density[0], density[-1])
    assert ridge_ratios(mixture)[0, 1] == pytest.approx(expected, abs=5e-3)


def test_the_ridge_bends_with_the_components():
    covariances = np.array([[[1.0, 0.9], [0.9, 1.0]], [[1.0, -0.9], [-0.9, 1.0]]])
    mixture = GaussianMix(np.full(2, 0.5), np.array([[0.0, 0.0], [3.0, 0.0]]), covariances)
    line = np.linspace(0, 1, 50)[:, None] * np.array([3.0, 0.0])
    straight = log_density(mixture, line)
    on_line = np.exp(straight.min() - min(straight[0], straight[-1]))
    assert ridge_ratios(mixture)[0, 1] > 1.5 * on_line


def test_components_with_a_third_between_them_are_no_neighbours():
    means = np.array([[0.0], [4.0], [8.0]])
    ratios = ridge_ratios(GaussianMix(np.full(3, 1 / 3), means, np.ones((3, 1, 1))))
    assert ratios[0, 2] == 0
    assert ratios[0, 1] == pytest.approx(ratios[1, 2]) == pytest.approx(0.27, abs=0.01)
