"""Values compare as numbers, and take numbers only."""

from __future__ import annotations

import numpy as np
import pytest

from rung.autograd import Value, topological_order
from rung.autograd.recording import recording
from rung.errors import UsageError


def test_values_are_ordered_as_their_numbers():
    a, b = Value(2.0), Value(2.0)
    assert a == 2
    assert a != 3.0
    assert a != "2"
    assert a < 3 <= Value(3.0)
    assert 3 > a >= b
    assert a
    assert not Value(0.0)


def test_a_value_is_found_as_itself_whatever_others_have_its_number():
    a, b = Value(2.0), Value(2.0)
    assert a != b
    assert (a == b, a == [a][0]) == (False, True)
    assert [a, b].index(b) == 1
    assert b not in [a, Value(2.0)]
    assert len({a, b}) == len({a: 0, b: 1}) == 2
    with recording():
        assert [a, b].index(b) == 1


def test_a_walk_with_a_list_of_the_nodes_seen_visits_each():
    def order(node, seen):
        if node not in seen:
            for parent in node.parents:
                order(parent, seen)
            seen.append(node)
        return seen

    a, b = Value(2.0), Value(2.0)
    end = a * 3.0 + b * 5.0
    assert order(end, []) == topological_order(end)


@pytest.mark.parametrize("given", ["3", None, [1.0], 1j, 10**400])
def test_a_value_holds_one_number(given):
    with pytest.raises(UsageError, match="a Value holds one number, not "):
        Value(given)


def test_recorded_functions_may_not_choose_by_a_number():
    x = Value(1.0)
    for ask in (
        lambda: x < 2,
        lambda: x >= 2,
        lambda: x == 1.0,
        lambda: max(x, x),
        lambda: bool(x),
    ):
        with recording(), pytest.raises(UsageError, match=r"a\.max\(b\) instead of max"):
            ask()
    assert x < 2


def test_numbers_of_numpy_become_plain_floats():
    for number in (np.float32(0.5), np.float64(0.5), np.int64(2)):
        assert type(Value(number).data) is float
        assert type((number * Value(2.0)).data) is float
    assert Value(2.0) == np.int64(2)
