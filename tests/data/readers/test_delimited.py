"""Text tables are read whole, or refused with the line that is wrong."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.data.readers.delimited import read_delimited
from rung.data.table import ReadOptions
from rung.errors import UnreadableFile

HEADED = ReadOptions(header=True)
cell = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=8)


def frame(text: str, options: ReadOptions | None = None) -> dict[str, list[str]]:
    found = read_delimited(text.encode(), "t.csv", options or ReadOptions()).frame
    return found.to_dict(as_series=False)


@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=6
        )
    ),
    st.sampled_from(",;\t|"),
)
def test_what_the_standard_library_writes_comes_back(rows: list[list[str]], delimiter: str) -> None:
    names = [f"c{i}" for i in range(len(rows[0]))]
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([names, *rows])
    table = frame(written.getvalue(), ReadOptions(delimiter=delimiter, header=True))
    assert list(table) == names
    assert [list(row) for row in zip(*table.values(), strict=True)] == rows


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n3,4\n",
        "a,b\n1,2\n3,4",
        "a,b\r\n1,2\r\n3,4\r\n",
        "a,b\r1,2\r3,4\r",
        "\ufeffa,b\n1,2\n3,4\n\n\n",
        "a;b\n1;2\n3;4\n",
        "a\tb\n1\t2\n3\t4\n",
        "a|b\n1|2\n3|4\n",
        "a b\n1 2\n3 4\n",
        "  a   b\n  1   2\n  3   4\n",
        "a, b\n1,2\n3,4\n",
        '"a","b"\n"1","2"\n"3","4"\n',
        "# made by hand\n#\na,b\n1,2\n3,4\n",
        "# made by hand\n# a b\n1 2\n3 4\n",
        "my table\n\na,b\n1,2\n3,4\n",
        "a,b\n5s,10n\n1,2\n3,4\n",
        "a,b\n1,2\n\n3,4,\n",
    ],
)
def test_one_table_written_in_many_ways_reads_the_same(text: str) -> None:
    assert frame(text) == {"a": ["1", "3"], "b": ["2", "4"]}


nasty = st.text(alphabet="ab1.,;\t |\"'\\#\n\r -\ufeffé", max_size=40)


@settings(max_examples=400)
@given(nasty.map(str.encode) | st.binary(max_size=30))
def test_any_bytes_give_a_table_or_one_clear_error(raw: bytes) -> None:
    try:
        table = read_delimited(raw, "t.csv", ReadOptions())
    except UnreadableFile:
        return
    assert table.frame.height > 0
    assert len(set(table.frame.columns)) == table.frame.width


def test_without_names_columns_are_numbered() -> None:
    assert frame("5,2\n3,4\n") == {"column_1": ["5", "3"], "column_2": ["2", "4"]}
    assert list(frame("a,b\n1,2\n", ReadOptions(header=False))) == ["column_1", "column_2"]


def test_a_blank_line_in_a_single_column_is_a_missing_cell() -> None:
    assert frame("x\n1\n\n3\n\n\n", HEADED) == {"x": ["1", "", "3"]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n3\n5,6\n", "line 3 of 't.csv' has 1 fields; most lines have 2"),
        ("a,b\n1,2\n3,4,5\n5,6\n", "line 3 of 't.csv' has 3 fields"),
        ("# c\n\na,b\n1,2\n3\n5,6\n", "line 5 of 't.csv' has 1 fields"),
        ("a,b,\n1,2,\n3,,4,\n5,6,\n", "line 3 of 't.csv' has 4 fields"),
        ("x\na,b\n1,2,3\n1,2,3\n1,2,3\n", "the names of .* are 2, and its rows have 3 cells"),
        ("a,b\n", "holds names .'a', 'b'. and no rows"),
        ("# only\n# remarks\n", "holds no rows"),
    ],
)
def test_a_broken_table_names_its_line(text: str, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        frame(text)


def test_a_line_number_counts_line_breaks_inside_quotes() -> None:
    with pytest.raises(UnreadableFile, match="line 4 of"):
        frame('a,b\n1,"x\ny"\n3\n5,6\n7,8\n')


def test_a_stray_quote_is_read_as_it_stands_and_reported() -> None:
    table = read_delimited(b'a,b\n1,5" pipe\n2,x\n', "t.csv", ReadOptions())
    assert table.frame["b"].to_list() == ['5" pipe', "x"]
    assert [finding.code for finding in table.findings] == ["stray_quote"]
    assert "line 2" in table.findings[0].message


def test_names_keep_their_blanks_unless_every_delimiter_brings_one() -> None:
    assert list(frame("Life ,b\n1,2\n")) == ["Life ", "b"]
    assert list(frame("a, b, c\n1, 2, 3\n")) == ["a", "b", "c"]


def test_a_cell_too_long_to_be_one_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="cell that cannot be read: field larger"):
        frame("col\n" + "x" * 200_000 + "\n")
