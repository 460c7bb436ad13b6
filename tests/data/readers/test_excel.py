"""A sheet is read as a person reads it."""

import polars as pl
import pytest

from rung.errors import DataError
from tests.data.readers.samples import read
from tests.data.readers.sheets import write_sheets


def test_a_sheet_is_read_below_its_title(tmp_path):
    pytest.importorskip("fastexcel")
    path = write_sheets(
        tmp_path / "t.xlsx",
        {"Log": [["Station A"], [], ["x", "y"], [1, 2.5], [2, 3.5]], "Other": [["a"], [1]]},
    )
    with pytest.raises(DataError, match=r"2 tables: Log .*; Other .*'t.xlsx::Log'"):
        read(path)
    found = read(path, table="Log").frame
    assert found.columns == ["x", "y"]
    assert found.cast(pl.Float64).rows() == [(1.0, 2.5), (2.0, 3.5)]
