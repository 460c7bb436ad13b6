"""Coordinates, rules and comparisons with a column."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, mutual_info_score

from rung.data import read_table
from rung.groups.agreement import adjusted_rand, compare_labels, mutual_information
from rung.groups.coordinates import gower, learn_coordinates, rounding
from rung.groups.rules import find_rules


def test_indices_of_agreement_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    one, two = rng.integers(0, 4, 200), rng.integers(0, 3, 200)
    two[:90] = one[:90] % 3
    assert adjusted_rand(one, two) == pytest.approx(adjusted_rand_score(one, two), rel=1e-12)
    assert mutual_information(one, two) == pytest.approx(mutual_info_score(one, two), rel=1e-9)


def test_a_column_that_has_nothing_to_do_with_groups_is_not_claimed():
    rng = np.random.default_rng(1)
    found = compare_labels(rng.integers(0, 3, 300), rng.integers(0, 2, 300))
    assert found.level > 0.05
    assert found.low < 0 < found.high


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
    expected = gower(*found.landmarks, *found.landmarks, found.scale)
    assert np.corrcoef(squares.ravel(), expected.ravel())[0, 1] > 0.98


@pytest.mark.parametrize(("column", "step"), [(np.tile([1, 2, 5.0], 20), 1), (np.arange(60.0), 0)])
def test_rounding_is_found_where_numbers_repeat(column, step):
    assert rounding(column) == step


def test_a_rule_names_the_column_that_makes_a_group_with_its_held_out_accuracy():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(300, 2))
    labels = (X[:, 1] > 0.5).astype(int)
    first, second = find_rules(X, ["a", "b"], labels)
    assert second.text.startswith("b > 0.")
    assert second.accuracy > 0.97
    assert second.base == pytest.approx(max(labels.mean(), 1 - labels.mean()))
    assert first.depth == 1
