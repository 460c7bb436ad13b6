"""The ridge is where the density is."""

import numpy as np
import pytest

from rung.density.gaussians import GaussianMix, log_density
from rung.groups.ridges import ridge_heights, ridge_ratios


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


def test_a_way_through_a_third_component_comes_after_every_other():
    means = np.array([[0.0], [3.0], [6.0], [40.0]])
    heights = ridge_heights(GaussianMix(np.full(4, 0.25), means, np.ones((4, 1, 1))))
    np.testing.assert_array_equal(heights, heights.T)
    # the ends of the line are parted by the middle, though no less dense a place lies between
    direct = [heights[0, 1], heights[1, 2], heights[2, 3]]
    assert max(heights[0, 2], heights[0, 3], heights[1, 3]) < min(direct)
    assert heights[0, 1] == pytest.approx(heights[1, 2], abs=1e-9)
