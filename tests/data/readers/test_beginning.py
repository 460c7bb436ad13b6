"""A table of words begins where its names stand, whatever stands above them."""

import pytest

from rung.data.readers.delimited import read_delimited
from rung.data.table import ReadOptions

BODY = [("Ann", "Rome", "ash"), ("Bob", "Oslo", "elm"), ("Cid", "Bern", "ash"), ("Eve", "Rome", "fir")] * 3  # fmt: skip
NAMES = "person,city,tree\n"
ROWS = "".join(",".join(row) + "\n" for row in BODY)


def read(text):
    table = read_delimited(text.encode(), "t.csv", ReadOptions())
    return table.frame.columns, table.frame.height


@pytest.mark.parametrize(
    "above",
    [
        "My list,,\n", "My list\n\n", ",My list,\n,,\n", "Ministry,,\nYearbook,,\n", ",,\n",
        "Station,44,\nHeight,12,\nOperator,Ann,\n,,\n",
        '"Data Source","Indicators",\n\n"Last Updated","2020-07-01",\n\n',
    ],
)  # fmt: skip
def test_what_stands_above_names_in_words_is_no_part_of_the_table(above):
    assert read(above + NAMES + ROWS) == (["person", "city", "tree"], 12)


def test_titles_above_two_columns_of_words_are_no_names():
    rows = "".join(f"{a},{b}\n" for a, b, _ in BODY)
    for above in ("List,\n", "List,\n,\n", ",List of all\n", "A\n"):
        assert read(above + "person,city\n" + rows) == (["person", "city"], 12), above


def test_names_that_lack_a_cell_which_no_row_fills_are_names():
    ended = ROWS.replace("\n", ",,\n")
    assert read(NAMES + ended) == (["person", "city", "tree"], 12)
    assert read("My list,,,,\n" + NAMES + ended) == (["person", "city", "tree"], 12)


def test_names_that_lack_that_of_row_names_are_names():
    keyed = "".join(f"r{i},{','.join(row)}\n" for i, row in enumerate(BODY))
    for above in ("", "My list\n", "My list,,,\n"):
        assert read(above + NAMES + keyed) == (["rownames", "person", "city", "tree"], 12)


def test_a_line_under_names_of_words_is_no_row():
    assert read(NAMES + "------,----,----\n" + ROWS) == (["person", "city", "tree"], 12)


@pytest.mark.parametrize(
    "above", ["", "Measurements\n", "Flow of spring\n\n", "\n\n", "Flow\n====\n", "Station,44\n"]
)
def test_the_line_above_a_single_column_of_values_names_it(above):
    text = above + "discharge\n" + "".join(f"{i * 1.5}\n" for i in range(12))
    assert read(text) == (["discharge"], 12)
