import numpy as np
import polars as pl
import pytest

from rung.core.dataset import Column
from rung.data import conform
from rung.data.differences import tell_far

MAG = Column("mag", "number", span=(18.0, 24.0))
BAND = Column("band", "category", levels=("g", "r"))


def said(column, cells):
    told = []
    conform({column.name: cells}, [column], tell=told.append)
    return [(one.code, one.severity, one.message) for one in told]


@pytest.mark.parametrize(
    ("values", "count"),
    [([12.0, 30.0], 0), ([11.9, 20.0], 1), ([30.1, 11.0, np.nan], 2), ([np.nan], 0), ([], 0)],
)
def test_far_is_farther_outside_than_the_range_is_wide(values, count):
    told = []
    tell_far(np.array(values), MAG, told.append)
    assert [one.message.split(": ")[1].split(" of ")[0] for one in told] == [str(count)] * bool(
        count
    )


def test_a_constant_column_and_one_of_unknown_range_say_nothing():
    tell_far(np.array([1e9]), Column("x", "number", span=(1.0, 1.0)), pytest.fail)
    tell_far(np.array([1e9]), Column("x", "number"), pytest.fail)


def test_a_few_unknown_categories_are_a_note_and_many_a_warning():
    few = said(BAND, ["g", "g", "r", "i", "i", "z", "g", "g"])
    assert few == [
        (
            "unknown_codes",
            "info",
            (
                "column 'band': 3 of 8 cells hold categories unknown to training, such as 'i' (2), 'z'; "
                "training has 'g', 'r'"
            ),
        )
    ]
    assert said(BAND, ["i", "z", "g"])[0][1] == "warning"


def test_a_few_words_among_numbers_are_counted_and_many_refused():
    cells = [*map(str, np.linspace(18, 24, 199)), "cloudy"]
    (found,) = said(MAG, cells)
    assert found[0] == "odd_cells"
    assert "1 of 200 cells, such as 'cloudy', are no numbers as in training" in found[2]


@pytest.mark.parametrize("column", [MAG, BAND])
def test_a_column_without_any_value_is_told_of_ten_rows_or_more(column):
    empty = pl.Series([None] * 12, dtype=pl.String)
    assert [code for code, *_ in said(column, empty)] == ["no_value"]
    assert said(column, empty[:9]) == []


def test_the_same_rows_as_in_training_say_nothing():
    assert said(MAG, [18.0, 24.0, 21.0]) == []
    assert said(BAND, ["g", "r", None]) == []
