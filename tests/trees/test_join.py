"""Joined trees are walked as their sum, and can be taken apart."""

import numpy as np
import pytest

from rung.trees.join import first_trees, join
from rung.trees.nodes import single_leaf, validate
from rung.trees.prune import stump
from rung.trees.walk import walk

X = np.array([[-1.0], [0.5], [2.0], [np.nan]])


def test_the_walk_of_joined_trees_is_the_sum_of_their_walks():
    parts = [stump(), single_leaf(np.array([0.25])), stump()]
    joined = join(parts)
    validate(joined, 1)
    assert joined.n_trees == 3
    assert np.array_equal(walk(joined, X), sum(walk(part, X) for part in parts))


def test_joining_forests_is_associative():
    one = join([stump(), stump()])
    left, right = join([one, stump()]), join([stump(), one])
    for name, array in left.to_arrays().items():
        assert np.array_equal(array, right.to_arrays()[name])


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_the_first_trees_are_a_forest_of_their_own(count):
    parts = [stump(), single_leaf(np.array([7.0])), stump()]
    taken = first_trees(join(parts), count)
    validate(taken, 1)
    assert np.array_equal(walk(taken, X), walk(join(parts[:count]), X))


def test_trees_of_other_precision_or_width_are_not_joined():
    with pytest.raises(AssertionError):
        join([stump(), single_leaf(np.array([0.5, 0.5]))])
