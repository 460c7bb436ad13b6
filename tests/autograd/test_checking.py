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


GRAVITY = 6.674e-11


@pytest.mark.parametrize(
    "by_hand",
    [
        lambda m, M, r: (0.0, 0.0, 0.0),
        lambda m, M, r: (-GRAVITY * M / r**2, -GRAVITY * m / r**2, GRAVITY * m * M / r**3),
    ],
    ids=["zeros", "slips"],
)
def test_wrong_derivatives_of_small_numbers_are_found(by_hand):
    check = check_gradients(by_hand, lambda m, M, r: GRAVITY * m * M / r**2, 2.0, 3.0, 1.5)
    assert [one.off for one in check.derivatives] == ["manual"] * 3


@pytest.mark.parametrize("unit", [1e-30, 1e-19, 1e-9, 1.0, 1e9, 1e30])
@pytest.mark.parametrize("x", [0.0, 0.3, 1e-9, 1.7])
@pytest.mark.parametrize("name", ["sin", "exp", "inverse"])
def test_the_unit_changes_no_answer(unit, x, name):
    function, by_hand = {
        "sin": (lambda x: (x / unit).sin(), lambda x: np.cos(x / unit) / unit),
        "exp": (lambda x: (x / unit).exp() * unit, lambda x: np.exp(x / unit)),
        "inverse": (lambda x: 1 / (x / unit + 2), lambda x: -1 / unit / (x / unit + 2) ** 2),
    }[name]
    assert check_gradients(lambda x: [by_hand(x)], function, x * unit).agrees
    slip = check_gradients(lambda x: [by_hand(x) * (1 + 1e-6)], function, x * unit)
    assert [one.off for one in slip.off] == ["manual"]


@pytest.mark.parametrize(
    ("by_hand", "function", "x"),
    [
        (lambda x: [1 / x], lambda x: x.log(), 5e-7),
        (lambda x: [-1 / x**2], lambda x: 1 / x, 5e-7),
        (lambda x: [np.cos(x)], lambda x: x.sin(), 1e6),
        (lambda X: [1 / X], lambda X: np.log(X).sum(), np.array([5e-7, 3.0, 1e20])),
        (lambda x: [1.0], lambda x: (x + 1e8) - 1e8, 0.5),
    ],
    ids=["near a pole of log", "near a pole", "many waves away", "units side by side", "offset"],
)
def test_right_derivatives_are_not_blamed_where_the_usual_step_does_not_fit(by_hand, function, x):
    assert check_gradients(by_hand, function, x).agrees


def test_a_slip_that_differences_cannot_resolve_is_found_by_the_tape():
    check = check_gradients(lambda x: [0.0], lambda x: 1e6 + 1e-9 * x, 1.0)
    assert [one.off for one in check.off] == ["manual"]


def test_what_cancels_is_no_slip():
    check = check_gradients(lambda x: [1e-17], lambda x: x * 0.1 + x * 0.2 - x * 0.3, 3.0)
    assert check.derivatives[0].tape != 1e-17
    assert check.agrees


def test_a_corner_that_the_step_would_cross_is_stepped_around():
    assert check_gradients(lambda x: [0.0], lambda x: x.relu(), -1e-5).agrees
    assert check_gradients(lambda x: [1.0], lambda x: (x - 1.0).relu(), 1.0 + 1e-6).agrees
