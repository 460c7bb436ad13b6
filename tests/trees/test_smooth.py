import numpy as np
import pytest

from rung.trees.nodes import single_leaf
from rung.trees.prune import stump
from rung.trees.smooth import depth, smooth_values

WEIGHT = np.array([6.0, 2.0, 4.0])


def test_values_are_m_estimates_from_the_root_down():
    given = smooth_values(stump(), WEIGHT, np.array([3.0]), rows=2.0).value[:, 0]
    root = (6 * 0.0 + 2 * 3.0) / 8
    np.testing.assert_allclose(given, [root, (2 * -1 + 2 * root) / 4, (4 * 1 + 2 * root) / 6])


def test_no_rows_more_change_nothing():
    given = smooth_values(stump(), WEIGHT, np.array([3.0]), rows=0.0)
    np.testing.assert_array_equal(given.value, stump().value)


@pytest.mark.parametrize("rows", [0.5, 5.0, 1e9])
def test_shares_go_on_summing_to_one(rows):
    leaf = single_leaf(np.array([0.0, 1.0]))
    given = smooth_values(leaf, np.array([7.0]), np.array([0.5, 0.5]), rows=rows).value
    np.testing.assert_allclose(given.sum(), 1.0)
    assert (given > 0).all()


def test_depth_counts_cuts():
    assert depth(stump()) == 1
    assert depth(single_leaf(np.array([1.0]))) == 0
