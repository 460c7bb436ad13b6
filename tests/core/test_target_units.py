"""A target is learned in units of its own rows, in numbers whose sums are exact."""

import numpy as np
import pytest

from rung.core.target_units import FARTHEST, GRAIN, in_target_units, target_units

RNG = np.random.default_rng(0)
Y = np.round(RNG.normal(size=500), 2)


def units(y):
    return in_target_units(y, *target_units(y))


def test_the_offset_is_a_value_and_the_scale_the_largest_distance_from_it():
    assert target_units(np.array([-4.0, 1.0, 2.0])) == (1.0, 5.0)
    assert units(np.array([-4.0, 1.0, 2.0])).tolist() == pytest.approx([-1.0, 0.0, 0.2], abs=1e-10)


def test_a_target_of_one_value_has_no_scale_and_lies_at_zero():
    assert target_units(np.full(3, 7.0)) == (7.0, 0.0)
    assert units(np.full(3, 7.0)).tolist() == [0.0] * 3


@pytest.mark.parametrize("factor", [1e-30, 1e-7, 0.1, 1 / 3, 1e30])
def test_the_unit_leaves_no_trace(factor):
    assert np.array_equal(units(Y * factor), units(Y))


@pytest.mark.parametrize("shift", [1e3, -1e9, 2_460_000.5])
def test_the_origin_leaves_no_trace(shift):
    assert np.array_equal(units(Y + shift), units((Y + shift) - shift))


def test_sums_do_not_depend_on_the_order_of_rows():
    learned = units(RNG.normal(size=100_000))
    total = learned.sum()
    assert learned[::-1].sum() == total == np.cumsum(learned)[-1]
    assert (learned / GRAIN == np.rint(learned / GRAIN)).all()


def test_numbers_are_rounded_to_ten_digits_at_most():
    y = RNG.normal(size=1000)
    offset, scale = target_units(y)
    np.testing.assert_allclose(offset + scale * units(y), y, atol=1e-11 * scale)


def test_values_far_outside_are_bounded():
    assert in_target_units(np.array([1e300, -1e300]), 0.0, 1.0).tolist() == [FARTHEST, -FARTHEST]
