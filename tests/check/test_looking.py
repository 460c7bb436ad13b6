"""A first look at a table: counts, strengths and gaps against values worked by hand."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from rung.check.looking import look, strengths
from rung.data import read_table

RNG = np.random.default_rng(8)
N = 400
X = RNG.normal(size=N)
KIND = RNG.choice(["a", "b", "c"], N)
TABLE = pl.DataFrame(
    {
        "x": X,
        "rises": np.exp(X),
        "noise": RNG.normal(size=N),
        "kind": KIND,
        "renamed": np.array(["A", "B", "C"])[np.searchsorted(["a", "b", "c"], KIND)],
        "shifted": (KIND == "a") * 50.0 + RNG.normal(size=N),
        "gappy": [None if i < 100 else float(i) for i in range(N)],
        "few": RNG.integers(1, 4, N),
    }
)
DATA = read_table(TABLE).dataset


def found(target: str | None = None) -> dict:
    return look(DATA, target)


def column(name: str, target: str | None = None) -> dict:
    return next(one for one in found(target)["columns"] if one["name"] == name)


def test_every_known_cell_is_counted_once() -> None:
    for one in found()["columns"]:
        assert sum(one["counts"]) == N - one["missing"]
        assert len(one["edges"]) == (0 if one["levels"] else len(one["counts"]) + 1)


def test_few_numbers_have_a_bar_each() -> None:
    one = column("few")
    assert one["counts"] == [int((TABLE["few"] == value).sum()) for value in (1, 2, 3)]
    assert one["edges"] == [0.5, 1.5, 2.5, 3.5]


def test_what_is_a_function_of_another_has_strength_one() -> None:
    pairs = {tuple(one["columns"]): one["strength"] for one in found()["pairs"]}
    assert pairs["x", "rises"] == pytest.approx(1.0)
    assert pairs["kind", "renamed"] == pytest.approx(1.0, abs=0.01)
    assert pairs["kind", "shifted"] > 0.8
    assert not any("noise" in names for names in pairs)


def test_rank_correlation_is_that_of_scipy() -> None:
    from scipy.stats import spearmanr

    other = X + RNG.normal(size=N)
    table = read_table(pl.DataFrame({"x": X, "other": other})).dataset
    theirs = abs(spearmanr(X, other).statistic)
    assert strengths(table, table.columns)[0, 1] == pytest.approx(theirs)


def test_many_levels_of_nothing_have_hardly_a_strength() -> None:
    """Levels that each hold four rows explain a quarter of the variance by chance alone."""
    table = read_table(pl.DataFrame({"x": X, "id": [f"k{i % 100}" for i in range(N)]})).dataset
    assert strengths(table, table.columns)[0, 1] < 0.3


def test_the_target_by_a_column_is_its_mean_in_parts() -> None:
    by = column("kind", "shifted")["by"]
    means = dict(zip(by["places"], by["series"][0], strict=True))
    for level in "abc":
        expected = TABLE.filter(pl.col("kind") == level)["shifted"].mean()
        assert means[level] == pytest.approx(expected)
    shares = column("shifted", "kind")["by"]
    assert np.sum(shares["series"], axis=0) == pytest.approx(np.ones(len(shares["places"])))


def test_gaps_are_found_where_they_are() -> None:
    (stripe,) = found()["missing"]
    assert stripe["name"] == "gappy"
    assert stripe["shares"][0] == 1.0
    assert stripe["shares"][-1] == 0.0
    assert stripe["share"] == 0.25


def test_the_look_is_json_and_its_first_rows_are_those_of_the_table() -> None:
    json.dumps(found("x"), allow_nan=False)
    assert found()["head"][0][3] == KIND[0]
    assert found()["head"][0][6] == ""
