"""The density of one column follows heaps, bounds and tails, and its scores are normal quantiles."""

import numpy as np
import pytest

from rung.density.one_column import ColumnDensity, fit_column

COLUMNS = {
    "normal": lambda rng, n: rng.normal(size=n),
    "skewed": lambda rng, n: rng.gamma(2.0, size=n),
    "bounded": lambda rng, n: rng.random(n),
    "heavy": lambda rng, n: rng.standard_t(2, size=n),
    "heap": lambda rng, n: np.where(
        rng.random(n) < 0.9, rng.uniform(-1e-3, 1e-3, n), rng.lognormal(1, 1, n)
    ),
    "steps": lambda rng, n: (
        rng.choice([0, 1, 2, 6], n, p=[0.1, 0.6, 0.1, 0.2]) + rng.uniform(-0.1, 0.1, n)
    ),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_column_of_any_kind_has_a_proper_density_as_good_as_kernels(kind):
    """Integral, normal quantiles, their inverse, and held-out rows beside scikit-learn's kernels."""
    from scipy.stats import norm
    from sklearn.neighbors import KernelDensity

    rng = np.random.default_rng(0)
    train, held = COLUMNS[kind](rng, 1_000), COLUMNS[kind](rng, 1_000)
    found = fit_column(train)
    grid = np.unique([*found.numbers(np.linspace(-9, 9, 2_001)), *held])
    grid = np.unique([*grid, *np.linspace(grid[0], grid[-1], 40_001)])
    middle = (grid[1:] + grid[:-1]) / 2
    share = np.append(0.0, np.cumsum(np.exp(found.log_density(middle)) * np.diff(grid)))
    assert share[-1] == pytest.approx(1.0, abs=2e-3)
    points = found.numbers(np.linspace(-2.5, 2.5, 21))
    np.testing.assert_allclose(found.scores(points), np.linspace(-2.5, 2.5, 21), atol=1e-6)
    np.testing.assert_allclose(
        norm.cdf(found.scores(points)), np.interp(points, grid, share), atol=2e-3
    )
    kernels = (KernelDensity(bandwidth=one).fit(train[:, None]) for one in (3e-4, 0.02, 0.1, 0.3))
    best = max(each.score_samples(held[:, None]).mean() for each in kernels)  # by the rows held out
    assert found.log_density(held).mean() > best - 0.01


def test_a_normal_column_loses_almost_nothing_to_the_histogram():
    train, held = np.random.default_rng(1).normal(size=(2, 3_000))
    true = -0.5 * held**2 - 0.5 * np.log(2 * np.pi)
    assert fit_column(train).log_density(held).mean() > true.mean() - 0.003


@pytest.mark.parametrize("rows", [[], [0.0], [2.0, 2.0], [0.0, 1.0], [0.0] * 50 + [1.0] * 50])
def test_few_or_equal_numbers_have_a_density_too(rows):
    found = fit_column(np.array(rows))
    assert isinstance(found, ColumnDensity)
    assert np.isfinite(found.log_density(np.array([0.0, 1.0, -1e6, 1e6]))).all()


def test_a_row_absurdly_far_away_hides_no_heap():
    rng = np.random.default_rng(2)
    column = np.append(rng.normal(size=999), 1e9)
    found = fit_column((column - column.mean()) / column.std())
    unit = np.exp(found.log_density((np.zeros(1) - column.mean()) / column.std()))
    assert unit / column.std() == pytest.approx(0.4, rel=0.15)
