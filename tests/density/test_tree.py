"""The tree is the one of most mutual information, and implies what its edges say."""

import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree

from rung.data import read_table
from rung.density.tree import _likeliest_correlation, fit_tree, spanning_tree


def _table(columns):
    return read_table(columns).dataset


def test_the_tree_is_that_of_an_independent_implementation():
    rng = np.random.default_rng(0)
    for n in (2, 5, 12):
        information = rng.random((n, n)) + 0.01
        information = np.triu(information, 1) + np.triu(information, 1).T
        other = minimum_spanning_tree(np.where(information > 0, 10 - information, 0)).nonzero()
        expected = {frozenset(edge) for edge in zip(*other, strict=True)}
        assert {frozenset(edge) for edge in spanning_tree(information)} == expected


def test_a_chain_of_columns_is_found_as_a_chain():
    rng = np.random.default_rng(1)
    chain = [rng.normal(size=400)]
    for _ in range(3):
        chain.append(0.9 * chain[-1] + 0.4 * rng.normal(size=400))
    table = _table({name: chain[i] for name, i in zip("dbca", (3, 1, 2, 0), strict=True)})
    correlation = fit_tree(table, np.arange(400)).correlation
    # d-c, c-b, b-a are edges: what is implied along the chain is the product
    d, b, c, a = range(4)
    assert correlation[d, a] == pytest.approx(
        correlation[d, c] * correlation[c, b] * correlation[b, a], rel=1e-12
    )


def test_a_correlation_is_the_likeliest_and_independent_scores_have_none():
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 4000))
    two = 0.8 * one + 0.6 * other
    found, gain = _likeliest_correlation(one, two)
    assert found == pytest.approx(0.8, abs=0.02)
    assert gain == pytest.approx(-0.5 * np.log(1 - 0.64), abs=0.04)
    assert _likeliest_correlation(one, other)[1] < 0.001
