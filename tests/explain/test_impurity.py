"""Impurity of trees and forests by column: with its bias named, and noise told from what holds."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import UsageError
from rung.explain.impurity import impurity
from tests.explain.held import of_family

RNG = np.random.default_rng(8)
N = 300
TABLE = pl.DataFrame({"coin": RNG.integers(0, 2, N).astype(float), "noise": RNG.normal(size=N)})
TABLE = TABLE.with_columns(y=pl.col("coin") + pl.Series(RNG.normal(size=N)))


def test_noise_is_by_heart_and_a_coin_is_not() -> None:
    found = {one.column: one for one in impurity(of_family(TABLE, "y", "forest", folds=3))}
    assert found["noise"].learned > 0.2
    assert found["noise"].is_by_heart
    assert not found["coin"].is_by_heart
    for key in ("learned", "held_out"):
        assert sum(getattr(one, key) for one in found.values()) == pytest.approx(1.0)


def test_shares_of_classes_are_of_columns_whatever_stands_for_them() -> None:
    labels = TABLE.with_columns(
        y=pl.when(pl.col("y") > 0.5).then(pl.lit("up")).otherwise(pl.lit("down")),
        coin=pl.when(pl.col("coin") > 0).then(pl.lit("heads")).otherwise(pl.lit("tails")),
    )
    found = impurity(of_family(labels, "y", "tree", folds=3))
    assert found[0].column == "coin"
    assert found[0].learned > 0.5


def test_a_run_says_the_bias_first_and_refuses_what_has_no_cuts() -> None:
    run = rung.fit(TABLE, "y", families=["linear", "tree"], explain=False, ledger=False)
    found = run.explain.impurity("tree")
    assert "it favours columns with many values" in repr(found).splitlines()[1]
    assert found.frame().columns == ["column", "learned", "held_out", "by_heart"]
    assert "Share on held-out rows" in found._repr_html_()
    with pytest.raises(UsageError, match=r"Linear has no cuts .* of this run tree has"):
        run.explain.impurity("linear")
