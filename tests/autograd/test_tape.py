"""Recording: what ends up on the tape, and what is refused."""

from __future__ import annotations

import random
from itertools import cycle

import numpy as np
import pytest

from rung.autograd import Value
from rung.autograd.tape import flatten, record
from rung.errors import UsageError


def test_inputs_parameters_and_constants_are_told_apart():
    weight = Value(3.0)
    tape = record(lambda x: (x * weight + 2.0) ** 2, 1.0)
    rules = [step.rule for step in tape.steps]
    assert sorted(rules) == ["*", "+", "constant", "constant", "input", "parameter", "power"]
    assert [value for _, value in tape.parameters] == [weight]
    assert [number for _, number in tape.constants] == [2.0, 2.0]
    assert tape.single


def test_operands_come_before_what_is_made_of_them():
    tape = record(lambda x: [x[0] * x[1], (x[0] * x[1]).exp()], [1.0, 2.0])
    for position, step in enumerate(tape.steps):
        assert all(parent < position for parent in step.parents)
    assert len(tape.outputs) == 2
    assert not tape.single


def test_inputs_without_a_part_have_no_place():
    assert record(lambda x, y: y * 2.0, [1.0, 2.0], 3.0).inputs[:2] == (-1, -1)


def test_lists_and_arrays_flatten_in_reading_order():
    assert flatten([1, [2, (3, 4)], np.array([[5.0], [6.0]])]) == [1, 2, 3, 4, 5.0, 6.0]
    tape = record(lambda x: x[0][0] + x[1][1], np.eye(2))
    assert tape.widths == (4,)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * 2.0 if x > 0 else x,
        lambda x: max(x, x * 2.0),
        lambda x: x.exp() if x else x,
    ],
)
def test_a_choice_by_a_number_is_refused_with_the_way_out(function):
    with pytest.raises(
        UsageError, match=r"takes the same way for every input.*relu, abs, or a\.max"
    ):
        record(function, 1.0)


WEIGHT = Value(0.5)
SIGNS = cycle([1, -1])


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * x.data,
        lambda x: x.exp() if x.data < 1.1 else x,
        lambda x: -(WEIGHT * x).log() if x.data > 0 else WEIGHT * x,
        lambda x: (2.0 - x).log() * x.data,
        lambda x: x * float(int(x.data)),
        lambda x: x * WEIGHT.data,
    ],
    ids=["data", "near choice", "far choice", "undefined near", "rounded", "parameter"],
)
def test_a_number_may_not_be_taken_out_of_its_value(function):
    with pytest.raises(UsageError, match=r"'\.data'.*change with its numbers; keep \.data, random"):
        record(function, 1.0)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * random.random(),
        lambda x: x * Value(random.random()),
        lambda x: (1.0 - x).log() * random.random(),
        lambda x: [x * x, x][:: next(SIGNS)],
    ],
    ids=["constant", "parameter", "undefined near", "order"],
)
def test_chance_and_memory_are_noticed(function):
    random.seed(0)
    with pytest.raises(UsageError, match=r"change with its numbers.*keep \.data, random numbers"):
        record(function, 0.9)


def test_a_function_that_is_defined_nowhere_near_is_recorded():
    assert record(lambda x: (1.0 - x).log(), 0.9).steps[-1].rule == "log"
    narrow = record(lambda x: (1.0 - x).log() + (x - 0.8).log(), 0.9)
    assert [step.rule for step in narrow.steps].count("log") == 2


def test_looking_at_a_number_is_allowed_again_afterwards():
    x = Value(2.0)
    record(lambda y: x * y, 1.0)
    assert x.data == 2.0


def test_a_recording_needs_an_example():
    with pytest.raises(UsageError, match=r"no example; accepted: one argument or more"):
        record(lambda: Value(1.0))
