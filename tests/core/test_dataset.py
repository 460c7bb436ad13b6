import pickle
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.column_parts import datetime_parts
from rung.core.dataset import MISSING, UNSEEN, Column, Dataset
from tests.core.tables import mixed_table

FIRST, LAST = datetime(1850, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 hypothesis wants naive ones


@given(st.datetimes(min_value=FIRST, max_value=LAST))
def test_parts_of_a_time_agree_with_the_standard_library(moment: datetime) -> None:
    aware = moment.replace(microsecond=0, tzinfo=UTC)
    parts = datetime_parts(np.array([aware.timestamp()]))[0]
    hour = aware.hour + aware.minute / 60 + aware.second / 3600
    day_of_year = aware.timetuple().tm_yday
    expected = [aware.year, aware.month, day_of_year, aware.weekday()]
    assert parts[1:5].tolist() == expected
    assert abs(parts[5] - hour) < 1e-6


def test_a_missing_time_has_no_parts() -> None:
    assert np.isnan(datetime_parts(np.array([np.nan]))).all()


def test_models_see_features_only() -> None:
    table = mixed_table(20)
    assert table.number_names == ("size",)
    assert [column.name for column in table.category_columns] == ["colour"]
    assert table.numbers().shape == (20, 1)
    assert table.codes(np.array([3, 4])).shape == (2, 1)


def test_a_declared_feature_is_seen() -> None:
    table = mixed_table(20).with_roles({"name": "feature"})
    assert [column.name for column in table.category_columns] == ["colour", "name"]


def test_taking_rows_keeps_levels_and_order() -> None:
    table = mixed_table(20)
    taken = table.take(np.array([5, 2]))
    assert taken.strings("name") == [table.strings("name")[5], table.strings("name")[2]]


def test_weights_are_found_by_role() -> None:
    columns = (Column("w", "number", "weight"), Column("a", "number"))
    table = Dataset(columns, {"w": np.array([1.0, 2.0]), "a": np.zeros(2)}, 2)
    assert table.weight is not None
    assert table.weight.tolist() == [1.0, 2.0]
    assert table.number_names == ("a",)


def every_kind() -> Dataset:
    """Return three rows with a column of every kind, strings first and last."""
    columns = (
        Column("word", "text", levels=("stone",)),
        Column("colour", "category", levels=("blue", "red")),
        Column("size", "number"),
        Column("when", "datetime"),
        Column("shape", "category", levels=("round", "square", "thin")),
        Column("is_new", "boolean"),
        Column("mass", "number", role="target"),
    )
    values = {
        "word": np.array([0, -1, 0], np.int32),
        "colour": np.array([1, MISSING, 0], np.int32),
        "size": np.array([0.5, np.nan, -2.0]),
        "when": np.array([86_400.0 * 31 + 21_600, np.nan, -3_600.0]),
        "shape": np.array([2, 0, UNSEEN], np.int32),
        "is_new": np.array([1.0, 0.0, np.nan]),
        "mass": np.array([7.0, 8.0, 9.0]),
    }
    return Dataset(columns, values, 3)


# Half past midnight is .5; 1970-02-01 was a Sunday, 1969-12-31 a Wednesday.
FIRST_ROW = [0.5, 31.25, 1970, 2, 32, 6, 6, 1]
NUMBERS = [FIRST_ROW, [np.nan] * 7 + [0], [-2, -1 / 24, 1969, 12, 365, 2, 23, np.nan]]
CODES = [[1, 2], [-1, 0], [0, -2]]


def test_models_see_the_numbers_and_codes_of_every_kind_in_the_order_of_the_columns() -> None:
    table = every_kind()
    parts = ("elapsed_days", "year", "month", "day_of_year", "weekday", "hour")
    assert table.number_names == ("size", *(f"when.{part}" for part in parts), "is_new")
    for rows in (None, slice(None), slice(1, 3), np.array([2, 0]), np.array([], int)):
        chosen = range(3) if rows is None else np.arange(3)[rows]
        numbers, codes = table.numbers(rows), table.codes(rows)
        wanted = np.array([NUMBERS[i] for i in chosen], float).reshape(len(chosen), 8)
        np.testing.assert_allclose(numbers, wanted, rtol=1e-12)
        assert codes.tolist() == [CODES[i] for i in chosen]
        assert (numbers.dtype, codes.dtype) == (np.float64, np.int32)
    assert table.number_columns(slice(0, 3)).__next__().base is table.values["size"]


@pytest.mark.parametrize("size", [1, 2, 3, 65_536])
def test_blocks_hold_all_rows_in_their_order(size: int) -> None:
    rows = np.array([2, 0, 1])
    blocks = list(every_kind().blocks(rows, size))
    assert [len(block) for block in blocks] == [min(size, 3 - i) for i in range(0, 3, size)]
    np.testing.assert_array_equal(np.concatenate(blocks), every_kind().numbers(rows))


def test_strings_are_the_levels_of_codes_and_none_where_missing() -> None:
    assert every_kind().strings("colour") == ["red", None, "blue"]
    assert every_kind().strings("shape") == ["thin", "round", None]


def test_values_can_not_be_replaced_and_survive_a_pickle() -> None:
    given = {"size": np.arange(3.0)}
    table = Dataset((Column("size", "number"),), given, 3)
    given["size"] = np.zeros(3)
    assert table.values["size"].tolist() == [0, 1, 2]
    with pytest.raises(TypeError, match="does not support item assignment"):
        table.values["size"] = np.zeros(3)  # type: ignore[index]
    again = pickle.loads(pickle.dumps(table))
    assert (again.columns, again.n_rows) == (table.columns, 3)
    assert again.values["size"].tolist() == [0, 1, 2]


def test_a_table_without_weights_has_none() -> None:
    assert every_kind().weight is None
