"""The test of a valley is exact."""

import numpy as np
import pytest
from scipy.stats import binom

from rung.density.gaussians import GaussianMix
from rung.groups.valleys import Valley, valley


def _pair(apart, weights=(0.5, 0.5), d=1):
    means = np.zeros((2, d))
    means[1, 0] = apart
    return GaussianMix(np.array(weights), means, np.tile(np.eye(d), (2, 1, 1)))


@pytest.mark.parametrize("beside", [(5, 9), (0, 4), (30, 31)])
@pytest.mark.parametrize("between", [0, 3, 12])
def test_levels_are_binomial(beside, between):
    one = Valley(beside, between)
    expected = max(binom.cdf(between, between + many, 0.5) for many in beside)
    assert one.level == pytest.approx(expected)
    filled = binom.sf(between - 1, between + min(beside), 0.25) < 0.1
    assert one.is_filled == filled


def test_a_flat_density_is_called_a_valley_no_more_often_than_the_level_says():
    """False alarms of an exact test at .05: 1,000 tables, 3.4 standard errors above .05 allowed."""
    rng, mixture = np.random.default_rng(0), _pair(1.0)
    levels = [valley(mixture, (0, 1), rng.uniform(-0.5, 1.5, (60, 1))).level for _ in range(1000)]
    assert np.mean(np.array(levels) <= 0.05) < 0.05 + 3.4 * np.sqrt(0.05 * 0.95 / 1000)


def test_windows_hold_the_rows_that_stand_in_them():
    X = np.array([[0.0], [0.5], [3.0], [3.1], [6.0], [5.9], [6.4], [20.0]])
    found = valley(_pair(6.0), (0, 1), X)
    assert (found.beside, found.between) == ((2, 3), 2)
