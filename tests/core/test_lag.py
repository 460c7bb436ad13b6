import numpy as np
import pytest

from rung.core.lag import is_sorted, local_likeness, neighbour_correlation

RNG = np.random.default_rng(0)


def series(memory: float, n: int = 4000) -> np.ndarray:
    steps = RNG.normal(size=n)
    for i in range(1, n):
        steps[i] = memory * steps[i - 1] + np.sqrt(1 - memory**2) * steps[i]
    return steps


@pytest.mark.parametrize("memory", [0.0, 0.3, 0.7])
def test_the_correlation_of_neighbours_is_their_memory(memory: float) -> None:
    found = neighbour_correlation(series(memory))
    assert found.share == pytest.approx(memory, abs=0.05)
    assert local_likeness(series(memory)).share == pytest.approx(memory, abs=0.06)


def test_independent_values_are_as_unlike_as_chance_says() -> None:
    z = np.array([local_likeness(RNG.normal(size=500)).z for _ in range(400)])
    assert z.std() == pytest.approx(1.0, abs=0.35)
    assert np.mean(np.abs(z) > 3) < 0.02


def test_too_few_or_equal_values_say_nothing() -> None:
    for values in (np.arange(3.0), np.ones(100)):
        assert (local_likeness(values).z, neighbour_correlation(np.ones(9)).z) == (0.0, 0.0)


def test_sorted_runs_are_known_and_rare_events_are_not() -> None:
    assert is_sorted(np.sort(RNG.normal(size=300))[::-1])
    assert is_sorted(np.repeat([1.0, 2.0, 5.0], 50))
    assert not is_sorted(series(0.9))
    assert not is_sorted(np.ones(50))
