"""Tables in memory come in with their values unchanged, whatever library holds them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from rung.data import read_table
from rung.data.frames import to_polars
from rung.errors import DataError

try:
    import pyarrow as pa
except ImportError:  # rung needs none; `make test-frames` runs this file without it
    pa = None
NEEDS_PYARROW = pytest.mark.skipif(pa is None, reason="pyarrow is not installed")

FRAMES = [
    pl.DataFrame,
    pd.DataFrame,
    pytest.param(getattr(pa, "table", None), marks=NEEDS_PYARROW, id="table"),
    pl.LazyFrame,
]
VALUES: dict[str, list[Any]] = {"a": [1, 2, 3], "b": ["x", None, "z"], "c": [1.5, None, -2.0]}


@pytest.mark.parametrize("make", FRAMES)
def test_every_kind_of_frame_gives_the_same_table(make: Any) -> None:
    frame, label, findings = to_polars(make(VALUES))
    assert frame.fill_nan(None).to_dict(as_series=False) == VALUES
    assert label in ("DataFrame", "Table", "LazyFrame")
    assert findings == []


@pytest.mark.parametrize("kind", [">i4", "<i8", ">f8", "f2", "f4", "u1", "?"])
def test_arrays_of_any_byte_order_keep_their_values(kind: str) -> None:
    array = np.array([[0, 1], [1, 0], [1, 1]]).astype(kind)
    frame, label, _ = to_polars(array)
    assert label == "array"
    assert frame.columns == ["column_1", "column_2"]
    assert np.array_equal(frame.to_numpy().astype(float), array.astype(float))


def test_a_dictionary_is_a_table_of_its_columns() -> None:
    frame, label, _ = to_polars({"a": np.array([1.0, 2.0]), "b": ["x", None]})
    assert (label, frame.to_dict(as_series=False)) == (
        "dictionary",
        {"a": [1.0, 2.0], "b": ["x", None]},
    )


@pytest.mark.parametrize("columns", [{"a": [1, 2], "b": [1]}, {"a": 3}, {"a": [[1], [2]]}])
def test_columns_of_different_shapes_are_refused(columns: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="the columns have shapes"):
        to_polars(columns)


def test_a_structured_array_brings_its_names() -> None:
    array = np.array([(1, 2.5, b"q")], dtype=[("i", ">i4"), ("f", ">f8"), ("s", "S3")])
    assert to_polars(array)[0].to_dicts() == [{"i": 1, "f": 2.5, "s": "q"}]


def test_an_array_of_objects_may_mix_numbers_and_none() -> None:
    array = np.array([[1, "a"], [None, "b"]], dtype=object)
    assert to_polars(array)[0].rows() == [(1, "a"), (None, "b")]


def test_repeated_and_numeric_names_in_pandas_are_told_apart() -> None:
    frame, _, findings = to_polars(pd.DataFrame([[1, 2, 3]], columns=["x", "x", 7]))
    assert frame.columns == ["x", "x_2", "7"]
    assert [finding.code for finding in findings] == ["renamed"]


def test_a_column_of_mixed_objects_becomes_strings() -> None:
    frame, _, _ = to_polars(pd.DataFrame({"m": ["a", 1, None]}))
    assert frame["m"].to_list() == ["a", "1", None]


def test_nullable_pandas_integers_beyond_float_are_exact() -> None:
    big = 2**53 + 1
    frame, _, _ = to_polars(pd.DataFrame({"i": pd.array([big, None], dtype="Int64")}))
    assert frame["i"].to_list() == [big, None]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({1, 2}, "type 'set' was given; accepted is a path"),
        (5, "type 'int' was given"),
        (np.zeros(3), r"array of shape \(3,\)"),
        (np.zeros((2, 2, 2)), r"array of shape \(2, 2, 2\)"),
        (np.zeros(2, dtype=[("x", "f8", (2,))]), "nested fields"),
    ],
)
def test_what_is_no_table_is_refused(source: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        to_polars(source)


@pytest.mark.parametrize("unit", ["Y", "M", "D", "h", "m", "s", "ms", "us", "ns"])
def test_times_of_any_unit_are_read(unit):
    days = np.array(["1999-01-01", "2001-01-01", "NaT"], dtype=f"datetime64[{unit}]")
    values = read_table({"t": days, "x": np.arange(3.0)}).dataset.values["t"]
    assert values[:2].tolist() == [915148800.0, 978307200.0]
    assert np.isnan(values[2])
