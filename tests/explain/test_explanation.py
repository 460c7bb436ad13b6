"""Explanations of a run: what they are called, when they are left out, that they are JSON."""

from __future__ import annotations

import json

import numpy as np
import polars as pl

import rung
from rung.core.dataset import Column, Dataset
from rung.explain.explanation import cell_text, discover, thinned

RNG = np.random.default_rng(11)
X = RNG.normal(size=(150, 2))
TABLE = pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": X[:, 0] + RNG.normal(size=150)})


def fit(**options: object) -> rung.Run:
    return rung.fit(TABLE, "y", families=["linear"], ledger=False, **options)


def test_every_explanation_is_in_the_result_under_its_name() -> None:
    table = TABLE.with_columns(y=pl.col("a") * pl.col("b"))
    run = rung.fit(
        table, "y", families=["linear", "tree"], ledger=False, choose="leader", subgroups="a"
    )
    asked = [one for one in discover() if one.asked_by in {"", "subgroups"}]
    wanted = {one.name for one in asked if "table" in one.kinds}
    # Of columns of text, and of positions: this table has none.
    wanted -= {"telling_words", "residual_map"}
    assert set(run.result.sections) == {*wanted, "applicability"}
    assert "tree" not in fit().result.sections


def test_a_run_without_explanations_has_none_and_says_so() -> None:
    plain = fit(explain=False).result
    assert set(plain.sections) == {"applicability"}
    assert plain.options["explain"] is False
    assert "--no-explain" in plain.command.words
    assert "explain" not in fit().result.options


def test_explanations_are_the_same_for_any_number_of_threads() -> None:
    first, second = (json.dumps(fit(threads=n).result.sections) for n in (1, 2))
    assert first == second
    json.loads(first, parse_constant=lambda name: 1 / 0)  # no NaN, no Infinity


def test_where_the_choice_keeps_no_models_the_best_family_that_does_is_opened() -> None:
    run = rung.fit(TABLE, "y", families=["linear", "neighbours"], metric="mae", ledger=False)
    shown = {
        name: [one["family"] for one in run.result.sections[name]]
        for name in ("importance", "effects", "truth")
    }
    assert shown["importance"] == shown["effects"] == ["linear"]
    assert run.result.choice.family in shown["truth"]


def test_numbers_keep_six_digits() -> None:
    assert thinned({"x": [1 / 3, 10, True, "1.23456789", None]}) == {
        "x": [0.333333, 10, True, "1.23456789", None]
    }


def test_cells_of_times_are_written_as_dates_and_others_as_they_are() -> None:
    column, number = Column("when", "datetime"), Column("x", "number")
    seconds = np.array([0.0, 1596146400.0, -86400.0, np.nan, 1e300])
    table = Dataset((column, number), {"when": seconds, "x": seconds}, 5)
    said = [cell_text(table, column, i) for i in range(5)]
    assert said == ["1970-01-01", "2020-07-30T22:00:00", "1969-12-31", "missing", "1e+300"]
    assert cell_text(table, number, 1) == "1.5961464e+09"
