import numpy as np
import pytest

from rung.check.capped_target import CHECK, caps_of
from tests.check.made import looked, seen

RNG = np.random.default_rng(0)
Y = RNG.lognormal(size=2_000).round(4)


@pytest.mark.parametrize("unit", [1.0, 1e-6, -1.0])
def test_a_cap_is_found_at_either_end_in_any_unit(unit: float) -> None:
    capped = unit * np.minimum(Y, 4.0)
    ((value, count),) = caps_of(capped)
    assert (value, count) == (4.0 * unit, int((Y >= 4).sum()))


def test_the_finding_says_how_many_rows_and_where() -> None:
    n_rows = int((Y >= 4).sum())
    (found,) = looked(CHECK, seen(np.minimum(Y, 4.0), x=Y))
    assert found.message.startswith(f"{n_rows} training rows, {n_rows / 2_000:.1%}, have y at 4, ")
    assert "its largest value" in found.message


def test_smooth_targets_grades_and_zeros_are_not_capped() -> None:
    assert caps_of(Y) == []
    assert caps_of(RNG.integers(0, 10, 2_000).astype(float)) == []
    assert caps_of(np.maximum(RNG.normal(size=2_000), 0)) == []
    assert looked(CHECK, seen((Y > 4).astype(int), ("a", "b"), x=Y)) == ()


def test_a_target_that_stands_for_missing_is_no_cap() -> None:
    y = np.where(np.arange(2_000) < 100, -200.0, Y)
    assert looked(CHECK, seen(y, x=Y)) == ()
