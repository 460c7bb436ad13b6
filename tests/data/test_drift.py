"""New rows are read as training was, and what differs is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from rung.core.dataset import Column, Notation
from rung.core.findings import Finding
from rung.data import ReadOptions, conform, read_table
from rung.errors import DataError

STATION = Column("x", "category", levels=("00101", "00205", "07300"))
POINTED = Column("x", "category", levels=("1.0", "2.0", "unknown"))
MAG = Column("x", "number", span=(18.0, 25.0))


def coded(column: Column, cells: list[object], **options: object) -> tuple[list[float], list[str]]:
    told: list[Finding] = []
    read = ReadOptions(**options)  # type: ignore[arg-type]
    found = conform(pl.DataFrame({"x": cells}), [column], options=read, tell=told.append)
    return found.values["x"].tolist(), [one.code for one in told]


@pytest.mark.parametrize(
    ("column", "cells", "codes", "said"),
    [
        (STATION, ["00101", "07300"], [0, 2], []),
        (STATION, ["101", "7300", "8"], [0, 2, -2], ["codes_matched", "unknown_codes"]),
        (STATION, [101, 7300, 8], [0, 2, -2], ["codes_matched", "unknown_codes"]),
        (POINTED, ["1", "2", "unknown"], [0, 1, 2], ["codes_matched"]),
        (POINTED, [1.0, 2.0, None], [0, 1, -1], ["codes_matched"]),
        (STATION, ["8", "9", "101"], [-2, -2, 0], ["codes_matched", "unknown_codes"]),
        (STATION, ["8", "00101", "00205"], [-2, 0, 1], ["unknown_codes"]),
        (STATION, ["101", "0101", "7300"], [-2, -2, 2], ["codes_matched", "unknown_codes"]),
        (Column("x", "category", levels=("01", "1")), ["1", "001", "2"], [1, -2, -2], ["unknown_codes"]),
        (Column("x", "category", levels=("NA", "ZW")), ["NA", "ZW", "?"], [0, 1, -1], []),
    ],
)  # fmt: skip
def test_codes_are_matched_as_numbers_where_one_belongs_to_one(
    column: Column, cells: list[object], codes: list[int], said: list[str]
) -> None:
    assert coded(column, cells) == (codes, said)
    many = coded(column, [*cells, *[None] * 100])
    assert (many[0][: len(cells)], many[1]) == (codes, said)


@pytest.mark.parametrize(
    ("cells", "missing", "said"),
    [
        ([20.0, 99.0, 99.0], [1, 2], ["new_sentinel"]),
        ([20.0, 99.0], [], ["new_sentinel"]),
        ([20.0, -99.0, -99.0], [1, 2], ["new_sentinel"]),
        ([20.0, -200.0, -200.0], [1, 2], ["new_sentinel"]),
        ([20.0, 1e20, 1e20], [1, 2], ["new_sentinel"]),
        ([20.0, 26.0, 26.0], [], []),
        ([20.0, 60.0, 60.0], [], ["far_outside"]),
        ([20.0, 98.0, 99.0, 99.0, 100.0], [], ["far_outside"]),
    ],
)
def test_a_new_number_far_outside_training_is_missing_if_it_repeats_and_said(
    cells: list[object], missing: list[int], said: list[str]
) -> None:
    values, codes = coded(MAG, cells)
    assert np.flatnonzero(np.isnan(values)).tolist() == missing
    assert codes == said
    assert coded(Column("x", "number"), cells) == (cells, [])


@pytest.mark.parametrize(
    ("notation", "cells", "numbers", "said"),
    [
        (Notation(".", ",", "$"), ["$1,234", "5"], [1234, 5], []),
        (Notation(",", ""), ["1,234", "2.5"], [1.234, 2.5], []),
        (Notation(",", "."), ["1.234", "2,5"], [1234, 2.5], []),
        (Notation(), ["1,234.5", "2"], [1234.5, 2], []),
        (Notation(), ["−3"], [-3], []),
        (Notation(), ["40%", "50%"], [40, 50], ["new_unit"]),
        (Notation(), ["1.5", "#N/A", "."], [1.5, np.nan, np.nan], ["new_token"]),
    ],
)
def test_numbers_are_read_as_in_training_and_otherwise_where_that_is_certain(
    notation: Notation, cells: list[object], numbers: list[float], said: list[str]
) -> None:
    values, codes = coded(Column("x", "number", notation=notation), cells)
    np.testing.assert_array_equal(values, numbers)
    assert codes == said


def test_what_could_be_either_or_has_another_unit_is_refused() -> None:
    with pytest.raises(DataError, match=r"'1,234' in row 1 .* say decimal"):
        coded(Column("x", "number"), ["1,234", "5,678"])
    assert coded(Column("x", "number"), ["1,234"], decimal=",")[0] == [1.234]
    with pytest.raises(DataError, match="'€5' in row 1"):
        coded(Column("x", "number", notation=Notation(unit="$")), ["€5", "€6"])


def test_tokens_of_training_are_missing_however_many_there_are(tmp_path: Path) -> None:
    training = pl.DataFrame({"x": [*map(str, np.arange(90) / 7), *["bad"] * 10]})
    (column,) = read_table(training).dataset.columns
    assert np.isnan(coded(column, ["bad", "bad", "1.5"])[0]).tolist() == [True, True, False]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_no_rows_give_no_rows(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"t.{suffix}"
    empty = pl.DataFrame(schema={"x": pl.String, "n": pl.Float64})
    empty.write_csv(path) if suffix == "csv" else empty.write_parquet(path)
    found = conform(path, [STATION, Column("n", "number", span=(0.0, 1.0))])
    assert found.n_rows == 0
    assert {name: len(values) for name, values in found.values.items()} == {"x": 0, "n": 0}
