"""The distribution of one column is smooth, and its scores are normal quantiles."""

import numpy as np
import pytest

from rung.density.gaussians import log_density
from rung.density.one_column import fit_column
from rung.density.scores import normal_scores


def test_the_scores_of_a_column_are_its_normal_quantiles():
    from scipy.stats import norm

    column = np.random.default_rng(0).gamma(2.0, size=300)
    margin = fit_column(column)
    grid = np.linspace(-30, 60, 200_001)
    share = np.cumsum(np.exp(log_density(margin, grid[:, None]))) * (grid[1] - grid[0])
    for x in (0.2, 2.0, 7.0):
        expected = norm.ppf(np.interp(x, grid, share))
        assert normal_scores(margin, np.array([x]))[0] == pytest.approx(expected, abs=2e-3)
