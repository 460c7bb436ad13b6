"""New rows are coded to the schema of a model, or refused with the cell that is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.dataset import Column
from rung.data import ReadOptions, conform, read_table
from rung.data.conforming import _NUMBERS, FEW_ROWS
from rung.errors import DataError

SCHEMA = (
    Column("size", "number"),
    Column("colour", "category", levels=("blue", "red")),
    Column("new", "boolean"),
    Column("when", "datetime"),
    Column("key", "category", "identifier", levels=("k1", "k2")),
    Column("y", "number", "target"),
)
HEADER = "when,colour,extra,size,new\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_columns_are_found_by_name_in_any_order_and_others_ignored(tmp_path: Path) -> None:
    text = HEADER + "2020-01-01,red,9,1.5,true\n,,9,,\n2020-01-02,green,9,2,false\n"
    data = conform(write(tmp_path / "t.csv", text), SCHEMA)
    assert data.columns == SCHEMA
    assert data.n_rows == 3
    np.testing.assert_array_equal(data.values["size"], [1.5, np.nan, 2.0])
    np.testing.assert_array_equal(data.values["colour"], [1, -1, -2])
    np.testing.assert_array_equal(data.values["new"], [1.0, np.nan, 0.0])
    np.testing.assert_array_equal(data.values["when"], [1577836800.0, np.nan, 1577923200.0])


def test_a_column_that_is_no_feature_may_be_absent(tmp_path: Path) -> None:
    text = HEADER + "2020-01-01,red,9,1.5,true\n"
    data = conform(write(tmp_path / "t.csv", text), SCHEMA)
    assert data.values["key"].tolist() == [-1]
    assert np.isnan(data.values["y"]).all()


def test_an_absent_feature_is_named_with_the_near_spelling() -> None:
    frame = pl.DataFrame({"Size": [1.0], "new": [True], "when": ["2020-01-01"]})
    with pytest.raises(DataError, match=r"columns 'size', 'colour' are missing .* rename 'Size'"):
        conform(frame, SCHEMA)


@pytest.mark.parametrize(
    ("column", "cells", "words"),
    [
        (SCHEMA[0], ["1", "big"], "'size' holds 'big' in row 2 .* trained with a number"),
        (SCHEMA[2], ["true", "maybe"], "'new' holds 'maybe' in row 2 .* true or false"),
        (SCHEMA[3], ["soon"], "'when' holds 'soon' in row 1 .* a date or time"),
        (SCHEMA[3], [5.0], "'when' holds '5' in row 1 .* a date or time"),
        (SCHEMA[0], [[1, 2]], "'size' holds .* in row 1"),
    ],
)
def test_a_cell_of_the_wrong_kind_is_shown(column: Column, cells: list[object], words: str) -> None:
    with pytest.raises(DataError, match=words):
        conform(pl.DataFrame({column.name: cells}), [column])


def test_typed_and_spelled_values_give_the_same_codes() -> None:
    column = Column("code", "category", levels=("1", "2", "x"))
    for cells in ([1, 2, None, 7], [1.0, 2.0, None, 7.0], ["1", "2", None, "7"]):
        assert conform(pl.DataFrame({"code": cells}), [column]).codes().T.tolist() == [
            [0, 1, -1, -2]
        ]


def test_numbers_serve_as_truth_values() -> None:
    for cells in ([1, 0], [True, False], ["1", "0"], ["True", "false"]):
        found = conform(pl.DataFrame({"new": cells}), [SCHEMA[2]]).values["new"]
        assert found.tolist() == [1.0, 0.0]


def test_infinite_numbers_are_missing() -> None:
    found = conform(pl.DataFrame({"size": [np.inf, 1.0]}), [SCHEMA[0]]).values["size"]
    np.testing.assert_array_equal(found, [np.nan, 1.0])


def test_a_table_without_names_is_known_by_its_schema(tmp_path: Path) -> None:
    schema = [Column("column_1", "number"), Column("column_3", "category", levels=("a",))]
    for text in ("1,2,a\n", "column_3,column_1\na,1\n"):
        data = conform(write(tmp_path / "t.csv", text), schema)
        assert data.values["column_1"].tolist() == [1.0]
        assert data.values["column_3"].tolist() == [0]


def test_one_row_of_strings_under_names_is_no_table_without_names(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "colour\nred\n")
    assert conform(path, [SCHEMA[1]]).values["colour"].tolist() == [1]


def test_the_order_of_dates_is_the_one_of_the_training_table(tmp_path: Path) -> None:
    trained = read_table(write(tmp_path / "a.csv", "d,x\n31/12/2020,1\n01/02/2021,2\n"))
    new = conform(write(tmp_path / "b.csv", "d,x\n01/02/2021,2\n"), trained.dataset.columns)
    assert new.values["d"].tolist() == [trained.dataset.values["d"][1]]


def test_declared_options_are_honoured(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", "1!5\n")
    schema = [Column("column_2", "number")]
    data = conform(path, schema, options=ReadOptions(delimiter="!", header=False))
    assert data.values["column_2"].tolist() == [5.0]


@given(st.permutations(range(4)))
def test_a_table_conforms_to_itself(order: list[int]) -> None:
    frame = pl.DataFrame(
        {
            "n": [1.5, None, 3.0, -1.0],
            "c": ["x", "y", None, "x"],
            "b": [True, None, False, True],
            "i": [2**60, 2**60 + 1, 5, 7],
        }
    )
    trained = read_table(frame).dataset
    again = conform(frame[order].select(reversed(frame.columns)), trained.columns)
    for column in trained.columns:
        np.testing.assert_array_equal(again.values[column.name], trained.values[column.name][order])


def test_sentinels_of_the_schema_are_missing_in_new_rows_however_they_are_stored() -> None:
    schema = [Column("x", "number", sentinels=(-99.9,))]
    texts = pl.DataFrame({"x": ["1.5", "-99.9", "-99.8", ""]})
    single = pl.DataFrame({"x": pl.Series([1.5, -99.9, -99.8, None], dtype=pl.Float32)})
    for frame in (texts, single):
        np.testing.assert_array_equal(
            np.isnan(conform(frame, schema).values["x"]), [False, True, False, True]
        )


CELLS = st.none() | st.sampled_from(["a", " a ", "b", "?", "NA", "", "\ufeffb", "A", "c\x1f", "-"])


@given(st.lists(CELLS | st.text(max_size=3), max_size=20), st.sets(st.text(min_size=1), max_size=4))
def test_few_strings_are_coded_as_many_are(strings: list[str | None], more: set[str]) -> None:
    levels = tuple(sorted({"a", "b", *more}))
    column = Column("x", "category", levels=levels)
    few = conform(pl.DataFrame({"x": pl.Series(strings, dtype=pl.String)}), [column])
    many = pl.Series([*strings, *["a"] * FEW_ROWS], dtype=pl.String)
    found = conform(pl.DataFrame({"x": many}), [column]).values["x"][: len(strings)]
    np.testing.assert_array_equal(few.values["x"], found)


@pytest.mark.parametrize("dtype", [*sorted(map(str, _NUMBERS)), "Boolean"])
@pytest.mark.parametrize("kind", ["number", "boolean"])
def test_typed_numbers_are_taken_as_a_cast_gives_them(dtype: str, kind: str) -> None:
    cells = [1, 0, None, 1] if dtype != "Boolean" else [True, False, None, True]
    series = pl.Series("x", cells, dtype=getattr(pl, dtype))
    wanted = series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    for rows in (slice(None), slice(0, 2)):
        found = conform(series[rows].to_frame(), [Column("x", kind)]).values["x"]  # type: ignore[arg-type]
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, wanted[rows])


def test_whole_numbers_beyond_doubles_are_rounded_as_a_cast_does() -> None:
    series = pl.Series("x", [2**63 - 1, 2**53 + 1, -(2**63), None])
    found = conform(series.to_frame(), [Column("x", "number")]).values["x"]
    np.testing.assert_array_equal(found[:3], series.cast(pl.Float64).to_numpy()[:3])


def test_a_frame_that_was_conformed_keeps_its_numbers() -> None:
    series = pl.Series("x", [1.0, float("inf")])
    conform(series.to_frame(), [Column("x", "number")])
    assert series.to_list() == [1.0, float("inf")]
