import numpy as np
import pytest

from rung.density.held import MOST_HELD, HeldDensities, hold


def test_a_row_below_all_held_ones_is_one_in_n_plus_one() -> None:
    assert HeldDensities(np.zeros(9), "sealed").rate(np.array([-1.0])) == 0.1


def test_the_rate_of_fresh_rows_is_no_greater_than_named() -> None:
    rng = np.random.default_rng(0)
    rates = [
        (hold(rng.normal(size=99), "sealed").rate(rng.normal(size=50)) <= 0.05).mean()
        for _ in range(200)
    ]
    assert np.mean(rates) == pytest.approx(0.05, abs=0.01)


def test_a_rate_is_that_of_rows_held_out() -> None:
    held = hold(np.random.default_rng(0).normal(size=50_000), "sealed")
    new = np.random.default_rng(1).normal(size=20_000)
    for level in (0.01, 0.05, 0.2):
        assert np.mean(held.rate(new) <= level) == pytest.approx(level, rel=0.2)


def test_of_many_rows_evenly_spaced_ones_are_kept() -> None:
    logs = np.arange(50_000.0)
    held = hold(logs, "sealed")
    assert len(held.logs) == MOST_HELD
    assert held.rate(np.array([25_000.0]))[0] == pytest.approx(0.5, abs=0.002)
