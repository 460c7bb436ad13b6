"""A sample of a long table is looked at as a whole table is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from rung.data.stream import open_blocks
from rung.workbench.stream_checks import left_out, look_for_sentinels


@pytest.fixture
def path(tmp_path: Path) -> Path:
    generator = np.random.default_rng(0)
    frame = pl.DataFrame(generator.normal(size=(1000, 3)), schema=["x", "z", "y"])
    is_gone = pl.int_range(1000) % 10 == 0
    frame.with_columns(
        x=pl.when(is_gone).then(-99.0).otherwise(pl.col("x")),
        y=pl.when(is_gone).then(-99.0).otherwise(pl.col("y")),
        site=pl.lit("m31"),
    ).write_parquet(tmp_path / "t.parquet")
    return tmp_path / "t.parquet"


def test_sentinels_are_read_as_missing_and_in_the_target_an_alarm(path: Path) -> None:
    blocks, findings = look_for_sentinels(open_blocks(path, "y", block_rows=100), are_kept=False)
    assert blocks.sentinels == ((-99.0,), ())
    assert [(one.severity, one.columns) for one in findings] == [
        ("alarm", ("y",)),
        ("warning", ("x",)),
    ]
    X, y = blocks.read(0)
    assert np.isnan(X[:, 0]).sum() == 10
    assert (y == -99.0).sum() == 10


def test_kept_sentinels_stay_numbers_and_are_told(path: Path) -> None:
    blocks, findings = look_for_sentinels(open_blocks(path, "y", block_rows=100), are_kept=True)
    assert not np.isnan(blocks.read(0)[0]).any()
    assert "keep_sentinels=True asks" in findings[-1].remedy


def test_a_sample_comes_from_all_over_the_table(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rung.data.stream.SAMPLE_ROWS", 300)
    blocks = open_blocks(path, "y", block_rows=100)
    rows = pl.read_parquet(path)["z"]
    expected = pl.concat([rows[0:100], rows[300:400], rows[600:700]])
    assert blocks.sample(["z"])["z"].equals(expected)


def test_columns_and_rows_that_taught_nothing_are_told(path: Path) -> None:
    found = left_out(open_blocks(path, "y"), 990)
    assert [one.message for one in found] == [
        "'site' holds String, not numbers, and was left out",
        "10 of 1,000 rows have no target and were left out",
    ]
