"""Groups of rows in one call: repeated rows, strides, and the size of a program's work."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.autograd import MLP, Value
from rung.autograd.arrays import ArrayReplay, _BlockRows
from rung.autograd.tape import record


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_adding_to_rows_counts_each_as_often_as_it_is_named(rows):
    part = np.random.default_rng(0).normal(size=(len(rows), 2))
    found, expected = np.zeros((10, 2)), np.zeros((10, 2))
    _BlockRows(rows).add(found, part)
    np.add.at(expected, rows, part)
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-15)
    np.testing.assert_array_equal(_BlockRows(rows).read(expected), expected[rows])


@pytest.mark.parametrize("rows", [[3], [0, 1, 2], [1, 4, 7]])
def test_rows_at_equal_distances_are_read_without_copying(rows):
    block = np.zeros((8, 2))
    assert np.shares_memory(_BlockRows(rows).read(block), block)


def test_a_row_alone_and_in_a_batch_are_the_same():
    model = MLP(3, [6, 6, 1], generator=random.Random(4))
    replay = ArrayReplay(record(model, [1.0, 1.0, 1.0]))
    X = np.random.default_rng(1).normal(size=(7, 3))
    columns, n_rows = replay.columns([X])
    together = replay.forward(columns, n_rows)[0]
    alone = [replay.forward(columns[:, [i]], 1)[0, 0] for i in range(7)]
    np.testing.assert_allclose(together, alone, rtol=1e-13)
    np.testing.assert_allclose(together, [model(list(x)).data for x in X], rtol=1e-13)


def test_results_are_the_callers_own():
    replay = ArrayReplay(record(lambda x: x * 2.0, 1.0))
    first = replay.forward(np.array([[1.0]]), 1)
    replay.forward(np.array([[5.0]]), 1)
    assert first.tolist() == [[2.0]]


def test_sigmoid_is_stable_on_both_sides():
    replay = ArrayReplay(record(lambda x: x.sigmoid(), 1.0))
    x = np.array([[-700.0, -3.0, 0.0, 3.0, 700.0]])
    expected = [Value(float(one)).sigmoid().data for one in x[0]]
    np.testing.assert_allclose(replay.forward(x, 5)[0], expected, rtol=1e-14)
