"""Columns that delimiters at the ends of rows make are left out; a column that has a name is not."""

import polars as pl
import pytest

from rung.data.readers.edges import drop_empty_edges, name_shorter_header
from rung.errors import UnreadableFile

FRAME = pl.DataFrame({"1": ["", ""], "2": ["5", "6"], "3": ["", " "]})


def test_only_nameless_empty_columns_at_the_ends_are_left_out():
    frame, names, units, said = drop_empty_edges(FRAME, ["", "x", ""], ["", "m", ""])
    assert (frame.width, names, units) == (1, ["x"], ["m"])
    assert "2 columns without any cell" in said[0].message
    assert drop_empty_edges(FRAME, ["a", "x", "b"], [])[1] == ["a", "x", "b"]


def test_a_name_that_is_lacking_is_that_of_row_names_or_of_an_empty_last_column():
    frame = pl.DataFrame({"1": ["a", "b"], "2": ["5", "5"]})
    assert name_shorter_header(frame, ["x"], "t")[0] == ["rownames", "x"]
    assert name_shorter_header(FRAME, ["x", "y"], "t")[0] == ["x", "y", ""]
    with pytest.raises(UnreadableFile, match="either the first column has no name, or the last"):
        name_shorter_header(pl.DataFrame({"1": ["a", "a"], "2": ["5", "5"]}), ["x"], "t")
