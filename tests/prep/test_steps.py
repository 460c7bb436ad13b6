"""The step in which a column is written is found in any unit, and in no other numbers."""

import numpy as np
import pytest

from rung.prep.steps import FEWEST_VALUES, find_step

RNG = np.random.default_rng(0)
VALUES = RNG.normal(20.0, 2.0, 1000)


def step(values):
    return find_step(np.unique(values))


@pytest.mark.parametrize("digits", [0, 1, 3, 5])
def test_digits_are_counted(digits):
    assert step(VALUES.round(digits)) == pytest.approx(10.0**-digits, rel=1e-12) or digits == 0


def test_a_step_is_no_part_of_a_step():
    assert step(np.rint(VALUES * 100) * 0.25) == pytest.approx(0.25, rel=1e-12)


@pytest.mark.parametrize("factor", [1e-30, 1 / 3, 7e-19, 1e30])
def test_the_step_goes_with_the_unit(factor):
    assert step(VALUES.round(4) * factor) == pytest.approx(1e-4 * factor, rel=1e-12)


@pytest.mark.parametrize("shift", [1e3, -1e7, 1e9, 1e12])
def test_the_origin_does_not_matter(shift):
    shifted = VALUES.round(4) + shift
    assert step(shifted) == step(shifted - shift)


def test_numbers_of_all_digits_have_no_step():
    assert step(VALUES) == 0.0
    assert step(np.exp(VALUES)) == 0.0


def test_one_value_between_steps_leaves_no_step():
    values = VALUES.round(2)
    values[0] += 0.003
    assert step(values) == pytest.approx(0.001, rel=1e-12)
    values[0] += 0.0001234567
    assert step(values) == 0.0


def test_few_values_have_no_step():
    assert step(np.arange(FEWEST_VALUES - 1.0)) == 0.0
    assert step(np.arange(float(FEWEST_VALUES))) == 1.0
    assert step(np.empty(0)) == 0.0


def test_a_range_that_overflows_has_no_step():
    assert step(np.append(np.arange(100.0), [-1.7e308, 1.7e308])) == 0.0
