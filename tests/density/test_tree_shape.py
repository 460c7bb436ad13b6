"""The tree is the one of most mutual information."""

import numpy as np
from scipy.sparse.csgraph import minimum_spanning_tree

from rung.density.tree_shape import spanning_tree


def test_the_tree_is_that_of_an_independent_implementation():
    rng = np.random.default_rng(0)
    for n in (2, 5, 12):
        information = rng.random((n, n)) + 0.01
        information = np.triu(information, 1) + np.triu(information, 1).T
        other = minimum_spanning_tree(np.where(information > 0, 10 - information, 0)).nonzero()
        expected = {frozenset(edge) for edge in zip(*other, strict=True)}
        assert {frozenset(edge) for edge in spanning_tree(information)} == expected


def test_numbers_that_hang_together_have_one_category_above_them_at_most():
    rng = np.random.default_rng(1)
    for _ in range(30):
        information = rng.random((7, 7))
        information = np.triu(information, 1) + np.triu(information, 1).T
        edges = spanning_tree(information, n_numbers=4)
        assert not [edge for edge in edges if edge[0] < 4 <= edge[1]]
        children = [child for _, child in edges]
        assert len(set(children)) == len(children)
        reached = set(range(4, 7))
        for parent, child in edges:
            assert parent in reached or not any(c == parent for _, c in edges)
            reached.add(child)


def test_what_holds_less_than_an_edge_must_is_not_drawn():
    assert spanning_tree(np.array([[0, 0.2], [0.2, 0]]), 0.3) == []
