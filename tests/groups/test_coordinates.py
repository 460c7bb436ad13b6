"""Coordinates know no units, and their distances are Gower's."""

import numpy as np
import pytest

from rung.data import read_table
from rung.groups.coordinates import gower, learn_coordinates, rounding


def test_units_of_a_column_change_no_coordinate():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(60, 3))
    one = read_table(X).dataset
    two = read_table(X * np.array([1e30, 1e-30, 7])).dataset
    np.testing.assert_allclose(
        learn_coordinates(one).place(one), learn_coordinates(two).place(two), rtol=1e-9, atol=1e-9
    )


def test_a_missing_cell_is_filled_from_the_others():
    rng = np.random.default_rng(3)
    a = rng.normal(size=200)
    b = 2 * a + 0.01 * rng.normal(size=200)
    b[0], truth = np.nan, 2 * a[0]
    table = read_table({"a": a, "b": b}).dataset
    found = learn_coordinates(table)
    filled = found.place(table)[0, 1] * found.scale[1] + found.centre[1]
    assert filled == pytest.approx(truth, abs=0.3)
    assert found.notes == ("1 missing cells were filled by regression on the others",)


def test_squared_distances_of_coordinates_are_gowers():
    rng = np.random.default_rng(4)
    letters = np.array(list("abc"))[rng.integers(0, 3, 40)]
    table = read_table({"x": rng.normal(size=40), "c": letters.tolist()}).dataset
    found = learn_coordinates(table)
    place = found.place(table)
    squares = ((place[:, None] - place[None]) ** 2).sum(axis=2)
    expected = gower(found.landmarks, found.landmarks, found.scale)
    assert np.corrcoef(squares.ravel(), expected.ravel())[0, 1] > 0.98


@pytest.mark.parametrize(("column", "step"), [(np.tile([1, 2, 5.0], 20), 1), (np.arange(60.0), 0)])
def test_rounding_is_found_where_numbers_repeat(column, step):
    assert rounding(column) == step
