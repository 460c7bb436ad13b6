"""The delimiter and the quotes are found from how well they explain the lines."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.data.readers.dialect import find_delimiter, normalise
from rung.errors import UsageError

words = st.text(alphabet="abc. 0123é", min_size=1, max_size=6).map(str.strip).filter(bool)


@given(st.lists(st.tuples(words, words, words), min_size=3), st.sampled_from(",;\t|"))
def test_a_delimiter_that_stands_nowhere_else_is_found(
    rows: list[tuple[str, str, str]], delimiter: str
) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows(rows)
    assert find_delimiter(written.getvalue().encode()) == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2\n2,5;3\n", ";"),
        ("a,b\n1;5,2\n", ","),
        ("  1   2.5\n 10  -3.5\n", " "),
        ("a b\n1 2\n", " "),
        ("just\none\ncolumn\n", ","),
        ("a,b c\n1,2 3\n4,5 6\n", ","),
    ],
)
def test_the_delimiter_is_the_one_a_person_would_name(text: str, delimiter: str) -> None:
    assert find_delimiter(text.encode()) == delimiter


@pytest.mark.parametrize(
    ("text", "data", "quote", "stray_at"),
    [
        ("a,b\n", "a,b\n", None, -1),
        ('"a,b",c\n', '"a,b",c\n', '"', -1),
        ("1,'-1'\n2,'1'\n", "1,'-1'\n2,'1'\n", "'", -1),
        ("1,it's\n", "1,it's\n", None, -1),
        ('a, "b, c"\nd, "e"\n', 'a,"b, c"\nd,e\n', '"', -1),
        ('a,"5\\" b"\nc,d\n', 'a,"5"" b"\nc,d\n', '"', -1),
        ('a,5" pipe\nc,d\n', 'a,5" pipe\nc,d\n', None, 3),
    ],
)
def test_quotes_are_straightened(text: str, data: str, quote: str | None, stray_at: int) -> None:
    written = normalise(text.encode(), ",", "t.csv")
    assert (written.data.decode(), written.quote, written.stray_at) == (data, quote, stray_at)


@pytest.mark.parametrize("delimiter", ["::", "", '"', "é", "\n"])
def test_a_delimiter_that_cannot_be_one_is_refused(delimiter: str) -> None:
    with pytest.raises(UsageError, match="is not accepted; accepted is one character"):
        normalise(b"a\n", delimiter, "t.csv")
