import numpy as np
import pytest

from rung.core.column_parts import unit_vectors
from rung.core.variogram import nearest_likeness, variogram

RNG = np.random.default_rng(0)


def test_the_pole_has_no_longitude() -> None:
    assert unit_vectors(np.array([0.0, 77.0]), np.array([90.0, 90.0])) == pytest.approx(
        np.array([[0, 0, 1.0]] * 2)
    )


def test_independent_values_are_as_unlike_as_chance_says() -> None:
    z = [nearest_likeness(RNG.uniform(size=(200, 2)), RNG.normal(size=200)).z for _ in range(300)]
    assert np.std(z) == pytest.approx(1.0, abs=0.15)
    assert np.mean(z) == pytest.approx(0.0, abs=0.2)


def test_equal_positions_count_as_near() -> None:
    points = np.repeat(RNG.uniform(size=(5, 2)), 40, axis=0)
    assert nearest_likeness(points, np.repeat(np.arange(5.0), 40)).share == pytest.approx(1.0)


def test_the_range_is_where_a_field_forgets() -> None:
    points = RNG.uniform(size=(1500, 2))
    reach = []
    for length in (0.02, 0.08):
        waves = RNG.normal(size=(2, 300)) / length
        field = np.cos(points @ waves + RNG.uniform(0, 6.3, 300)) @ RNG.normal(size=300)
        reach.append(variogram(points, field).reach)
    # A Gaussian covariance is down to a twentieth at 2.45 lengths.
    assert reach[1] == pytest.approx(2.45 * 0.08, rel=0.35)
    assert reach[0] < 0.5 * reach[1]


def test_noise_reaches_nowhere() -> None:
    assert variogram(RNG.uniform(size=(600, 2)), RNG.normal(size=600)).reach < 0.1
    assert variogram(np.zeros((50, 2)), RNG.normal(size=50)).reach == 0.0
