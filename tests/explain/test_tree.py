"""Whole trees: every row stands in the node that its rules lead to, the typical tree is typical."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.core.dataset import Dataset
from rung.explain.tree import typical_tree
from rung.trees.walk import walk

RNG = np.random.default_rng(4)
N = 300
X, Z = RNG.normal(size=(2, N))
KIND = RNG.choice(["a", "b"], N)
VALUES = pl.DataFrame({"x": X, "z": Z, "kind": KIND, "y": np.where(X > 0, 3.0, 0.0) + 0.1 * Z})


@cache
def fit(family: str) -> rung.Run:
    return rung.fit(VALUES, "y", families=[family], test_fraction=0.0, ledger=False)


def tree(family: str) -> dict:
    return next(one for one in fit(family).result.sections["tree"] if one["family"] == family)


def test_counts_of_children_add_up_and_the_root_holds_all_rows() -> None:
    found = tree("tree")
    nodes = {one["node"]: one for one in found["nodes"]}
    assert nodes[0]["n"] == N
    assert nodes[0]["mean"] == pytest.approx(VALUES["y"].mean(), rel=1e-4)
    for one in nodes.values():
        assert sum(one["counts"]) == one["n"]
        children = [other for other in nodes.values() if other["parent"] == one["node"]]
        if children:
            assert sum(other["n"] for other in children) == one["n"]


def test_the_rule_of_the_first_split_holds_for_as_many_rows_as_it_says() -> None:
    first = next(one for one in tree("tree")["nodes"] if one["parent"] == 0)
    name, sign, limit = first["rule"].split()
    assert (name, sign) == ("x", "≤")
    assert first["n"] == (float(limit.replace("\N{MINUS SIGN}", "-")) >= X).sum()


def test_means_of_nodes_are_means_of_the_target() -> None:
    nodes = tree("tree")["nodes"]
    low = next(one for one in nodes if one["parent"] == 0)
    assert low["mean"] == pytest.approx(VALUES["y"].to_numpy()[X <= 0].mean(), abs=0.02)


@pytest.mark.parametrize("family", ["forest", "boosting"])
def test_the_most_typical_tree_follows_all_trees(family: str) -> None:
    found = tree(family)
    assert found["n_trees"] > 10
    assert found["nodes"][0]["n"] == N
    model = fit(family).model.model
    columns = fit(family).model.columns
    codes = (KIND == "b").astype(np.int32)
    rows = Dataset(columns, {"x": X, "z": Z, "kind": codes}, N)
    single = typical_tree(model, rows)
    alone = walk(single.nodes, single.encoder.matrix(rows))[:, -1]
    assert np.corrcoef(alone, model.predict(rows)[:, 0])[0, 1] > 0.9


def test_classes_have_a_count_each() -> None:
    table = VALUES.with_columns(
        y=pl.when(pl.col("x") > 0).then(pl.lit("up")).otherwise(pl.lit("down"))
    )
    run = rung.fit(table, "y", families=["tree"], test_fraction=0.0, ledger=False)
    (found,) = run.result.sections["tree"]
    assert found["classes"] == ["down", "up"]
    assert found["nodes"][0]["counts"] == [int((X <= 0).sum()), int((X > 0).sum())]
