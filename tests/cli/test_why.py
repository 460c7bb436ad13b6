"""The commands that show and compare: explain, look, compare."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

import rung
from rung.cli.app import app

RNG = np.random.default_rng(13)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("why")
    x, z = RNG.normal(size=(2, 120))
    table = pl.DataFrame({"x": x, "z": z, "y": x + RNG.normal(size=120)})
    table.write_csv(folder / "t.csv")
    for name, drop in (("first", ()), ("second", ("x",))):
        rung.fit(table, "y", out=folder / name, families=["linear"], drop=drop, ledger=False)
    return folder


def run(*words: object) -> str:
    found = CliRunner().invoke(app, [str(word) for word in words])
    assert found.exit_code == 0, found.output
    return found.output


def test_explain_says_that_rows_must_be_new_to_the_model(made: Path) -> None:
    text = run("explain", made / "first", made / "t.csv")
    assert "only if the model has not learned from these" in text
    assert "x: " in text
    found = json.loads(run("explain", made / "first" / "model.rung", made / "t.csv", "--json"))
    assert found["n_rows"] == 120


def test_look_prints_every_column_and_writes_a_page(made: Path, tmp_path: Path) -> None:
    text = run("look", made / "t.csv", "--target", "y", "--out", tmp_path / "l.html")
    assert "120 rows, 3 columns" in text
    assert (tmp_path / "l.html").exists()
    assert json.loads(run("look", made / "t.csv", "--json"))["n_columns"] == 3


def test_compare_says_which_is_worse_and_what_was_asked_otherwise(made: Path) -> None:
    text = run("compare", made / "first", made / "second")
    assert "the second is worse" in text
    assert "drop: [] and ['x']" in text
