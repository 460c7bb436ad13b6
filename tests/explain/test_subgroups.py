"""Scores of groups of rows, their differences from the rest, and when nothing is said."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

import rung
from rung.core.dataset import Column
from rung.core.folds import partition_folds
from rung.core.metrics import METRICS
from rung.core.out_of_fold import OutOfFold
from rung.errors import UsageError
from rung.explain.subgroups import groups_of, subgroup_rows

RNG = np.random.default_rng(4)
N = 400
NOISE = RNG.normal(size=N)


def out_of_fold(error, unit=None):
    splits = partition_folds(np.arange(N) % 5).splits
    made = tuple(error[split.test][:, None] for split in splits)
    return OutOfFold(
        "regression",
        np.zeros(N),
        splits,
        {"m": made},
        unit=np.arange(N) if unit is None else unit,
    )


def rows_of(error, groups, metric="rmse", **options):
    named = [(str(i), own) for i, own in enumerate(groups)]
    return subgroup_rows(
        out_of_fold(error, **options), "m", METRICS[metric], named, n_compared=len(groups)
    )


def test_scores_and_differences_are_those_of_the_rows() -> None:
    first = np.arange(N) < 100
    error = NOISE * np.where(first, 3.0, 1.0)
    one, other = rows_of(error, [first, ~first])
    for row, own in ((one, first), (other, ~first)):
        assert row["value"] == pytest.approx(np.sqrt((error[own] ** 2).mean()))
    assert one["difference"] == pytest.approx(one["value"] - other["value"])
    assert (one["verdict"], other["verdict"]) == ("worse", "better")
    assert one["difference_low"] < one["difference"] < one["difference_high"]
    assert one["difference_low"] == pytest.approx(-other["difference_high"], rel=0.02)


def test_the_error_of_a_mean_in_a_group_is_the_textbook_one_widened_for_folds() -> None:
    own = np.arange(N) < 100
    (row,) = rows_of(NOISE, [own], metric="mae")
    size = np.abs(NOISE[own])
    from rung.core.compare import overlap_factor

    half = 1.984217 * size.std() / np.sqrt(100) * overlap_factor(5)
    assert (row["high"] - row["low"]) / 2 == pytest.approx(half, rel=0.01)


def test_a_difference_of_nothing_is_shown_in_at_most_one_of_twenty_tables() -> None:
    """Four groups of noise alike: a false alarm in any of them, 60 times; 5 % allow for 8."""
    alarms = 0
    for seed in range(60):
        error = np.random.default_rng([9, seed]).normal(size=N)
        rows = rows_of(error, [np.arange(N) % 4 == i for i in range(4)])
        alarms += any(row["verdict"] in ("worse", "better") for row in rows)
    assert alarms <= 8


def test_nothing_is_said_of_few_units_however_many_rows_they_have() -> None:
    first = np.arange(N) < 100
    error = NOISE * np.where(first, 3.0, 1.0)
    (few,) = rows_of(error, [np.arange(N) < 29])
    assert few["verdict"] == "too few to say"
    assert few["low"] is None
    (grouped,) = rows_of(error, [first], unit=np.arange(N) // 5)
    assert (grouped["n"], grouped["n_units"], grouped["verdict"]) == (100, 20, "too few to say")
    (nobody,) = rows_of(error, [np.zeros(N, dtype=bool)])
    assert (nobody["n"], nobody["value"]) == (0, None)


def test_a_group_without_any_mistake_is_bounded_by_its_size() -> None:
    splits = partition_folds(np.arange(N) % 5).splits
    right = np.column_stack([np.zeros(N), np.ones(N)])
    right[200:260] = [1.0, 0.0]
    oof = OutOfFold(
        "binary",
        np.ones(N, dtype=int),
        splits,
        {"m": tuple(right[split.test] for split in splits)},
        unit=np.arange(N),
        classes=("no", "yes"),
    )
    (row,) = subgroup_rows(
        oof, "m", METRICS["accuracy"], [("first", np.arange(N) < 200)], n_compared=1
    )
    assert (row["value"], row["high"]) == (1.0, 1.0)
    assert row["low"] == pytest.approx(0.025 ** (1 / 200))
    assert row["verdict"] == "better"


def test_columns_are_divided_by_level_by_value_or_at_quartiles() -> None:
    kinds = Column("k", "category", levels=("a", "b"))
    how, groups = groups_of(kinds, np.array([0, 1, 1, -1]))
    assert (how, [(name, rows.sum()) for name, rows in groups]) == (
        "one group a level",
        [("a", 1), ("b", 2), ("missing", 1)],
    )
    many = Column("k", "category", levels=tuple("abcdefghijklmno"))
    how, groups = groups_of(many, np.arange(15))
    assert (len(groups), groups[-1][0], groups[-1][1].sum()) == (13, "all other levels", 3)
    how, groups = groups_of(Column("x", "number"), np.array([1.0, 2, 2, np.nan]))
    assert how == "one group a value"
    values = RNG.normal(size=101)
    how, groups = groups_of(Column("x", "number"), values)
    assert how == "cut at its quartiles"
    assert sum(rows for _, rows in groups).tolist() == [1] * 101
    assert max(values[groups[0][1]]) <= min(values[groups[1][1]])
    (name, _), *_ = groups_of(Column("t", "datetime"), np.arange(10) * 86_400.0)[1]
    assert name == "1970-01-01 to 1970-01-03"


@cache
def fit() -> rung.Run:
    x = RNG.normal(size=N)
    kind = np.where(np.arange(N) % 2, "calm", "<b>wild</b>")
    y = x + NOISE * np.where(kind == "calm", 0.2, 2.0)
    table = pl.DataFrame({"x": x, "kind": kind, "age": RNG.normal(size=N), "y": y})
    return rung.fit(
        table, "y", features="x", families=["linear"], ledger=False, subgroups=["kind", "age"],
        explain=False,
    )  # fmt: skip


def test_groups_that_are_asked_for_stand_in_result_page_and_console(tmp_path) -> None:
    run = fit()
    assert set(run.result.sections) == {"applicability", "subgroups"}
    by_kind, by_age = run.result.sections["subgroups"]
    assert {row["group"]: row["verdict"] for row in by_kind["rows"]} == {
        "<b>wild</b>": "worse",
        "calm": "better",
    }
    assert by_age["n_compared"] == by_kind["n_compared"] == 6
    page = run.report(tmp_path / "page.html").read_text("utf-8")
    assert "&lt;b&gt;wild&lt;/b&gt;" in page
    assert "<b>wild" not in page
    assert "--subgroups=kind,age" in run.result.command.words
    found = run.explain.subgroups("kind")
    assert found.frame()["verdict"].to_list() == ["worse", "better"]
    assert "against the rest" in repr(found)
    assert found._repr_html_().startswith("<iframe")


def test_a_column_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="column 'kinds' of subgroups not found"):
        rung.fit(pl.DataFrame({"x": NOISE, "y": NOISE}), "y", subgroups="kinds", ledger=False)
    with pytest.raises(UsageError, match="column 'y' is none that rows can be grouped by"):
        fit().explain.subgroups("y")
