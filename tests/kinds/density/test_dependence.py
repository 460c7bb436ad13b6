"""Edges are counted over folds, whichever way they point."""

import numpy as np

from rung.data import read_table
from rung.density.tree_fitting import fit_tree
from rung.kinds.density.dependence import tree_facts


def test_an_edge_is_found_in_the_folds_that_have_it():
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    y = np.concatenate([x[:200] + 0.1 * rng.normal(size=200), rng.normal(size=200)])
    table = read_table({"x": x, "y": y}).dataset
    trees = [fit_tree(table, rows) for rows in (np.arange(200), np.arange(200, 400))]
    found = tree_facts(trees[0], trees, ["x", "y"])
    (edge,) = found["edges"]
    assert (edge["parent"], edge["child"], edge["folds"], edge["rows"]) == ("x", "y", 1, 200)
    assert edge["information"] > 1.5
    assert found["n_folds"] == 2
