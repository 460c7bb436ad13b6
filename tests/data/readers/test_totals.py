"""A row of sums below a table is no row; one whose numbers are none is kept, and said."""

import polars as pl

from rung.data.readers.totals import without_totals


def frame(*last):
    rows = [["a", "1.5", "x"], ["b", "2", "y"], ["c", "4.25", "x"], list(last)]
    return pl.DataFrame(rows, schema=["k", "n", "w"], orient="row")


def test_a_row_of_sums_or_means_is_left_out():
    for label, number in (("Total", "7.75"), ("Grand total:", "7.75"), ("Mean", "2.583")):
        left, [said] = without_totals(frame(label, number, ""))
        assert left.height == 3, label
        assert said.severity == "info"


def test_sums_are_known_as_people_write_them():
    rows = [["a", "$1,000"], ["b", "$2,500"], ["c", "$500"], ["TOTAL", "$4,000"]]
    assert without_totals(pl.DataFrame(rows, schema=["k", "n"], orient="row"))[0].height == 3


def test_a_row_called_total_with_other_numbers_is_kept_and_said():
    left, [said] = without_totals(frame("Total", "7.9", ""))
    assert left.height == 4
    assert (said.code, said.severity) == ("total_row", "warning")


def test_other_last_rows_are_rows():
    for last in (("d", "7.75", "x"), ("Totally", "7.75", ""), ("Total", "", "")):
        assert without_totals(frame(*last))[1] == []
