"""Rows are given one width, or the line that has none is named."""

import pytest

from rung.data.readers.fitting import fit_rows
from rung.data.readers.records import TextRecords
from rung.data.readers.scan import scan_records
from rung.data.table import ReadOptions
from rung.errors import UnreadableFile


def fit(text):
    data = text.encode()
    return fit_rows(
        TextRecords("t", data, ",", '"', 0, scan_records(data, ",", '"')), ReadOptions()
    )


def test_notes_below_are_left_out_but_a_row_of_one_cell_is_kept():
    assert len(fit("a,b,c\n1,2,3\n4,5,6\nSource: us,,\n").records) == 2
    assert len(fit("a,b,c\n1,2,3\n4,5,6\nsomething,,\n").records) == 3


def test_the_first_row_without_a_value_is_a_row_where_names_stand_above():
    assert len(fit("a,b,c\n,,u\n1,2,v\n3,4,u\n5,6,v\n").records) == 4


def test_a_line_of_another_width_is_named():
    with pytest.raises(UnreadableFile, match="line 3 of 't' has 4 fields; most lines have 2"):
        fit("a,b\n1,2\n3,4,5,6\n7,8\n")
