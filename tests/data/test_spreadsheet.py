"""A spreadsheet runs no text that rung writes, and rung reads it back as it was."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.data.readers.delimited import read_delimited
from rung.data.spreadsheet import to_csv
from rung.data.table import ReadOptions

FORMULAS = ("=1+1", "+1+1|cmd", "-2+3", "@SUM(A1)", "\tx", "=HYPERLINK(1;2)", '=a,"b"', "-inf")
PLAIN = ("-1.5", "+2", "-.5e-3", "-", "=", "a=b", "'", "'x", "", "−1", "6.", "x\n=1")
HEADER = ReadOptions(delimiter=",", header=True)


def cells(data):
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe_in_cells_and_in_names(text):
    written = cells(to_csv(pl.DataFrame({text: [text, "b"]})))
    assert [row[0] for row in written] == [f"'{text}", f"'{text}", "b"]


@pytest.mark.parametrize("text", PLAIN)
def test_other_texts_and_numbers_stay_as_they_are(text):
    assert cells(to_csv(pl.DataFrame({"a": [text], "x": [-1.5]})))[1] == [text, "-1.5"]


@pytest.mark.parametrize("n_marks", [0, 1, 2])
@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_and_their_apostrophes_read_back(text, n_marks):
    value = "'" * n_marks + text
    frame = pl.DataFrame({value: [value, "b"], "x": ["1", "2"]})
    found = read_delimited(to_csv(frame), "t.csv", HEADER)
    assert found.frame.equals(frame)
    (finding,) = [one for one in found.findings if one.code == "apostrophe"]
    assert finding.columns == (value,)
    assert finding.message.startswith("1 cells begin with an apostrophe")


LETTERS = st.text(st.sampled_from("'=+-@1a.e \t"), min_size=1, max_size=5)


@given(st.lists(LETTERS, min_size=1, max_size=4))
def test_any_texts_read_back(texts):
    frame = pl.DataFrame({"a": [*texts, "end"], "b": ["x"] * (len(texts) + 1)})
    assert read_delimited(to_csv(frame), "t.csv", HEADER).frame.equals(frame)
