"""Far outside is where a column's own tails do not reach."""

import numpy as np
import pytest

from rung.core.tails import far_limits

TAILS = {
    "pareto": lambda rng, n: rng.pareto(1.5, n),
    "log-normal": lambda rng, n: rng.lognormal(0, 2, n),
    "student": lambda rng, n: rng.standard_t(2, n),
    "normal": lambda rng, n: rng.normal(size=n),
    "uniform": lambda rng, n: rng.uniform(size=n),
}


@pytest.mark.parametrize("name", TAILS)
def test_rows_like_those_of_training_are_hardly_ever_far_outside(name) -> None:
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(300):
        low, high = far_limits(TAILS[name](rng, 1_000))
        new = TAILS[name](rng, 250)
        wrong += bool(((new < low) | (new > high)).any())
    # One in a hundred tables as large as training, by the rule: here tables are a quarter of it.
    assert wrong <= 5


def test_another_unit_is_far_outside_whatever_the_tails() -> None:
    rng = np.random.default_rng(1)
    for name, power in (("normal", 1e3), ("uniform", 1e3), ("log-normal", 1e6), ("pareto", 1e6)):
        values = np.abs(TAILS[name](rng, 1_000))
        low, high = far_limits(values)
        assert (values * power > high).mean() > 0.9, name
        assert low <= 0 < high


def test_limits_follow_the_unit_of_a_column() -> None:
    values = np.random.default_rng(2).pareto(1.5, 500)
    low, high = far_limits(values)
    assert far_limits(1e-3 * values + 5) == pytest.approx((1e-3 * low + 5, 1e-3 * high + 5))


def test_few_rows_and_none_have_the_range_or_no_limit() -> None:
    assert far_limits(np.array([0.0, 1.0, np.nan])) == (-1.0, 2.0)
    assert far_limits(np.array([3.0, 3.0])) == (-np.inf, np.inf)
    assert far_limits(np.zeros(0)) == (-np.inf, np.inf)
