"""Binary tables of few bytes and many cells are refused before a cell is read."""

import io

import polars as pl
import pytest

from rung.data.binary import is_binary_table, read_binary
from rung.errors import UnreadableFile

FRAME = pl.DataFrame({"a": [1, 2, 3], "b": [0.5, None, 2.5]})


def written(frame, kind):
    buffer = io.BytesIO()
    getattr(frame, f"write_{kind}")(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["parquet", "ipc"])
def test_a_table_comes_back(kind):
    data = written(FRAME, kind)
    assert is_binary_table(data)
    assert read_binary(data, "t", len(data)).equals(FRAME)
    assert not is_binary_table(b"a,b\n")


@pytest.mark.parametrize("kind", ["parquet", "ipc"])
def test_many_rows_of_one_value_are_refused_with_size_and_limit(kind, monkeypatch):
    monkeypatch.setattr("rung.data.limits.LEAST", 1_000_000)
    data = written(pl.select(pl.repeat(7, 3_000_000, dtype=pl.Int64).alias("a")), kind)
    with pytest.raises(UnreadableFile, match=r"'t' unpacks to about 24 MB; accepted are 1 MB"):
        read_binary(data, "t", 100)


@pytest.mark.parametrize("kind", ["parquet", "ipc"])
def test_too_many_columns_are_refused(kind, monkeypatch):
    monkeypatch.setattr("rung.data.limits.MOST_COLUMNS", 1)
    with pytest.raises(UnreadableFile, match="'t' has 2 columns; accepted are 1 at most"):
        read_binary(written(FRAME, kind), "t", 100)
