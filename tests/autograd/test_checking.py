"""Three sources of a derivative, and which is the odd one."""

from __future__ import annotations

import numpy as np
import pytest

from rung.autograd import Value, check_gradients
from rung.errors import UsageError


def product(a, b):
    return a * b + b.tanh()


def product_by_hand(a, b):
    return b, a + 1 - np.tanh(b) ** 2


def test_right_derivatives_agree_in_all_three():
    check = check_gradients(product_by_hand, product, 0.5, -2.0)
    assert check.agrees
    assert str(check) == "all 2 derivatives agree: by hand, tape and differences"
    one = check.derivatives[1]
    assert one.manual == pytest.approx(one.tape, rel=1e-14)
    assert one.manual == pytest.approx(one.difference, rel=1e-9)


def test_a_slip_of_the_hand_is_found_at_its_place():
    check = check_gradients(
        lambda x: [[2 * x[0], x[1]]], lambda x: x[0] ** 2 + x[1] ** 2, [3.0, 4.0]
    )
    assert [(one.place, one.off) for one in check.off] == [(1, "manual")]
    assert "1 of 2 derivatives disagree" in str(check)


@pytest.mark.parametrize("share", [1e-6, -1e-6])
def test_a_slip_of_one_in_a_million_is_found(share):
    check = check_gradients(lambda x: [3 * x * x * (1 + share)], lambda x: x**3, 2.0)
    assert [one.off for one in check.off] == ["manual"]


def test_a_function_that_cuts_its_tape_is_found():
    check = check_gradients(lambda x: [2 * x], lambda x: x * Value(x.data), 3.0)
    assert [one.off for one in check.off] == ["tape"]


def test_a_corner_puts_the_differences_off():
    check = check_gradients(lambda x: [0.0], lambda x: x.relu(), 0.0)
    assert [one.off for one in check.off] == ["difference"]


def test_three_opinions_are_called_so():
    check = check_gradients(lambda x: [7.0], lambda x: x * Value(x.data), 3.0)
    assert [one.off for one in check.off] == ["all"]


@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_keep_their_shape_and_order(order):
    X = np.asarray([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], order=order)
    weights = np.arange(6.0).reshape(2, 3)
    check = check_gradients(
        lambda X: [weights * np.exp(X)], lambda X: (weights * np.exp(X)).sum(), X
    )
    assert check.agrees
    assert len(check.derivatives) == 6


def test_arguments_stay_as_they_were():
    X = np.array([1.0, 2.0])
    check_gradients(lambda X: [2 * X], lambda X: (X * X).sum(), X)
    assert X.dtype == np.float64
    assert X.tolist() == [1.0, 2.0]


def test_derivatives_of_another_shape_are_refused():
    with pytest.raises(UsageError, match=r"by hand have \[1\] numbers; accepted: \[2\]"):
        check_gradients(lambda x: [1.0], lambda x: x[0] + x[1], [1.0, 2.0])
