"""Options that say how rows depend reach the workbench as they were typed."""

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from rung.cli.app import app
from rung.errors import UsageError


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    rng = np.random.default_rng(3)
    path = tmp_path_factory.mktemp("division") / "t.csv"
    frame = pl.DataFrame({"lon": rng.uniform(0, 90, 300), "lat": rng.uniform(-45, 45, 300)})
    frame.with_columns(y=pl.Series(rng.normal(size=300)), day=pl.Series(np.arange(300))).write_csv(
        path
    )
    return str(path)


def run(*words):
    return CliRunner().invoke(app, [*words])


def test_blocks_and_effective_rows_are_printed(table, tmp_path):
    words = ["--space", "lon,lat", "--block-size", "18", "--families", "constant,linear"]
    found = run("fit", table, "--target", "y", *words, "--no-ledger", "--out", str(tmp_path / "r"))
    said = " ".join(found.output.split())
    assert found.exit_code == 0, said
    assert "blocks of 18 degrees on the sphere" in said
    assert "independent ones" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--time", "day", "--gap", "7d"], "has the unit 'd'"),
        (["--buffer", "3"], "says nothing without space"),
        (["--time", "day", "--space", "lon,lat"], "ask two questions"),
        (["--space", "lon"], "is not two columns"),
    ],
)
def test_what_cannot_be_done_is_one_message(table, words, said):
    found = run("check", table, "--target", "y", *words)
    assert isinstance(found.exception, UsageError)
    assert said in str(found.exception)
