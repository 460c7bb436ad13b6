"""Every operation's slope, against differences, and named errors outside its domain."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.autograd.rules import FUNCTIONS, SLOPES, evaluate, sigmoid
from rung.errors import UndefinedOperation

BINARY = ("+", "-", "*", "/", "**", "max")


def test_functions_and_slopes_name_the_same_operations():
    assert set(FUNCTIONS) == set(SLOPES)


@pytest.mark.parametrize("name", sorted(set(SLOPES) - {"power"}))
@settings(max_examples=25, deadline=None)
@given(a=st.floats(0.25, 2.0), gap=st.floats(0.1, 1.0))
def test_slopes_are_those_of_differences(name, a, gap):
    operands = [a, a + gap] if name in BINARY else [a]
    _, slopes = evaluate(name, *operands)
    for side, slope in enumerate(slopes):
        moved = [list(operands), list(operands)]
        moved[0][side] += 1e-5
        moved[1][side] -= 1e-5
        rise = (FUNCTIONS[name](*moved[0]) - FUNCTIONS[name](*moved[1])) / 2e-5
        assert slope == pytest.approx(rise, rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("exponent", [-2.0, -1.0, 0.0, 1.0, 2.0, 3.0])
def test_a_whole_power_derives_at_a_negative_base(exponent):
    out, (slope, _) = evaluate("power", -1.5, exponent)
    assert out == (-1.5) ** exponent
    assert slope == exponent * (-1.5) ** (exponent - 1)


def test_the_power_zero_derives_at_zero():
    assert evaluate("power", 0.0, 0.0) == (1.0, (0.0, 0.0))


@settings(max_examples=50, deadline=None)
@given(st.floats(-700, 700))
def test_sigmoid_keeps_its_digits_on_both_sides(x):
    assert sigmoid(x) == pytest.approx(1.0 / (1.0 + math.exp(-x)), rel=1e-14)


@pytest.mark.parametrize(
    ("name", "operands"), [("/", (1.0, 1e-320)), ("+", (1.7e308, 1.7e308)), ("sin", (math.inf,))]
)
def test_what_overflows_is_undefined(name, operands):
    with pytest.raises(UndefinedOperation, match="no finite value"):
        evaluate(name, *operands)
