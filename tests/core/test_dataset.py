from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rung.core.dataset import Column, Dataset, datetime_parts
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
