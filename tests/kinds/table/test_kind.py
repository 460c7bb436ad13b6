"""Which data are a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

import rung
from rung.errors import UsageError
from rung.kinds.kind import recognise


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        ("stars.csv", {}),
        ("stars.PARQUET", {}),
        ("notes.txt", {"target": "y"}),
        (pl.DataFrame({"x": [1]}), {}),
        (np.zeros((2, 2)), {}),
        ({"x": [1], "y": [2]}, {}),
    ],
)
def test_a_target_or_the_looks_of_a_table_make_one(data: Any, asked: dict[str, Any]) -> None:
    assert recognise(data, asked).name == "table"


def test_a_table_without_a_target_is_asked_for_it() -> None:
    with pytest.raises(UsageError, match="needs the column to predict"):
        rung.fit({"x": [1.0, 2.0]})


def test_a_target_and_a_reading_contradict_each_other() -> None:
    with pytest.raises(UsageError, match="names a column of a table, and reading 'lines'"):
        recognise("notes.txt", {"target": "y", "reading": "lines"})
