"""The range of a variogram, and the size of blocks that follows."""

import numpy as np
import pytest

from rung.core.block_size import (
    cheap_residuals,
    count_stretches,
    find_block_size,
    fit_range,
    variogram,
)
from rung.core.blocks import BlockGrid, coordinates, count_blocks


def field(rng, n, reach):
    """A Gaussian field with exponential covariance, whose range is `reach`, on the unit square."""
    xy = rng.random((n, 2))
    distance = np.sqrt(((xy[:, None] - xy) ** 2).sum(axis=2))
    root = np.linalg.cholesky(np.exp(-3 * distance / reach) + 1e-8 * np.eye(n))
    return xy, root @ rng.standard_normal(n)


@pytest.mark.parametrize("reach", [0.1, 0.25])
def test_the_range_of_a_gaussian_field_is_found_within_a_factor_of_two(reach):
    rng = np.random.default_rng(3)
    found = []
    for _ in range(5):
        xy, z = field(rng, 500, reach)
        found.append(fit_range(*variogram(xy, z[:, None]))[0])
    assert reach / 2 < np.median(found) < 2 * reach


def test_noise_has_no_range_and_gives_about_a_hundred_blocks():
    rng = np.random.default_rng(0)
    xy = rng.random((1_000, 2))
    noise = rng.standard_normal((1_000, 1))
    found = find_block_size(*xy.T, noise, is_sphere=False, sample=np.arange(1_000))
    assert found.range == 0
    assert 90 <= found.n_blocks <= 130
    assert not found.is_capped


def test_blocks_are_smaller_than_the_range_where_too_few_would_be_left():
    rng = np.random.default_rng(0)
    xy = rng.random((600, 2))
    found = find_block_size(*xy.T, xy, is_sphere=False, sample=np.arange(600))
    assert found.is_capped
    assert found.size < found.range
    assert 10 <= found.n_blocks < 20
    assert found.n_blocks == count_blocks(BlockGrid(False, found.size), *xy.T)


def test_other_units_of_a_plane_give_the_same_blocks_in_other_units():
    rng = np.random.default_rng(7)
    xy, z = field(rng, 400, 0.2)
    one = find_block_size(*xy.T, z[:, None], is_sphere=False, sample=np.arange(400))
    other = find_block_size(*(1_000 * xy.T), z[:, None], is_sphere=False, sample=np.arange(400))
    assert other.size == pytest.approx(1_000 * one.size)
    assert other.range == pytest.approx(1_000 * one.range)


def test_a_range_on_the_sphere_is_in_degrees_of_a_great_circle():
    rng = np.random.default_rng(1)
    longitude, latitude = (
        rng.uniform(-180, 180, 800),
        np.degrees(np.arcsin(rng.uniform(-1, 1, 800))),
    )
    points = coordinates(BlockGrid(True, 1.0), longitude, latitude)
    angle = np.degrees(np.arccos(np.clip(points @ points.T, -1, 1)))
    root = np.linalg.cholesky(np.exp(-3 * angle / 25) + 1e-6 * np.eye(800))
    values = root @ rng.standard_normal((800, 4))
    found = find_block_size(longitude, latitude, values, is_sphere=True, sample=np.arange(800))
    assert 1.5 * 15 < found.range < 1.5 * 40


def test_one_place_alone_gives_one_block_and_no_range():
    found = find_block_size(
        np.ones(30), np.ones(30), np.arange(30.0)[:, None], is_sphere=False, sample=np.arange(30)
    )
    assert (found.range, found.n_blocks) == (0, 1)


def test_the_variogram_of_a_straight_line_is_half_the_squared_distance():
    x = np.arange(50.0)
    lags, half, counts = variogram(x[:, None], x[:, None])
    assert np.allclose(half[:2], lags[:2] ** 2 / 2, rtol=0.2)
    assert counts.sum() == sum(50 - lag for lag in range(1, 25))


def test_residuals_are_what_a_line_does_not_explain_missing_cells_at_the_mean():
    rng = np.random.default_rng(0)
    x, noise = rng.standard_normal(500), rng.standard_normal(500)
    holed = np.where(np.arange(500) < 5, np.nan, x)
    left = cheap_residuals(holed[:, None], (3 * x + noise)[:, None])[:, 0]
    assert np.corrcoef(left[5:], noise[5:])[0, 1] > 0.98


def test_stretches_are_as_many_as_times_that_are_alike_fit_into_the_span():
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((1_000, 1))
    assert count_stretches(np.arange(1_000), noise) == 1_000
    for n_levels, low, high in ((20, 8, 40), (5, 1, 4)):
        levels = np.repeat(rng.standard_normal((n_levels, 4)), 1_000 // n_levels, axis=0)
        assert low <= count_stretches(np.arange(1_000), levels) <= high


def test_rows_of_one_moment_say_nothing_of_a_distance():
    """A class of pairs without any distance once ended the search for a range."""
    lags = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    rising = np.array([9.9, 0.3, 0.6, 0.8, 0.95, 1.0])
    counts = np.full(6, 50.0)
    assert fit_range(lags, rising, counts) == fit_range(lags[1:], rising[1:], counts[1:])
    assert fit_range(lags, rising, counts)[0] > 0
    assert fit_range(np.zeros(4), np.ones(4), np.ones(4)) == (0.0, 0.0)
