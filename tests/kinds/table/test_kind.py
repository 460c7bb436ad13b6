"""Which data are a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from rung.errors import UsageError
from rung.kinds.kind import recognise
from rung.kinds.table.asked import make_options

LIKE_TABLES = [
    "stars.csv",
    "stars.PARQUET",
    pl.DataFrame({"x": [1]}),
    np.zeros((2, 2)),
    {"x": [1], "y": [2]},
]


@pytest.mark.parametrize("data", [*LIKE_TABLES, "notes.txt"], ids=lambda one: type(one).__name__)
def test_a_target_makes_a_table_that_is_predicted(data: Any) -> None:
    assert recognise(data, {"target": "y"}).name == "table"


@pytest.mark.parametrize("data", LIKE_TABLES, ids=lambda one: type(one).__name__)
def test_without_a_target_the_looks_of_a_table_make_one_of_densities(data: Any) -> None:
    assert recognise(data, {}).name == "density"


def test_a_table_that_shall_be_predicted_is_asked_for_its_target() -> None:
    with pytest.raises(UsageError, match="needs the column to predict"):
        make_options(None, {})


def test_a_target_and_a_reading_contradict_each_other() -> None:
    with pytest.raises(UsageError, match="names a column of a table, and reading 'lines'"):
        recognise("notes.txt", {"target": "y", "reading": "lines"})
