"""Records and fields are found as Python's own reader finds them."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from rung.data.readers.scan import line_number, scan_records

cell = st.text(alphabet='ab,;"\n é', max_size=4)
tables = st.lists(st.lists(cell, min_size=1, max_size=4), min_size=1, max_size=6)


@given(tables)
def test_field_counts_agree_with_the_standard_library(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    scan = scan_records(written.getvalue().encode(), ",", '"')
    assert scan.fields.tolist() == [len(row) for row in rows]
    assert scan.first_stray == -1


@given(st.text(alphabet="ab,\n", min_size=1))
def test_records_are_the_lines_where_there_are_no_quotes(text: str) -> None:
    data = text.encode()
    scan = scan_records(data, ",", None)
    found = [data[a:b].decode() for a, b in zip(scan.starts, scan.ends, strict=True)]
    assert found == text.removesuffix("\n").split("\n")
    assert scan.fields.tolist() == [line.count(",") + 1 for line in found]


def test_a_quote_inside_a_field_is_found_where_it_stands() -> None:
    data = b'a,"b"\nc,5" pipe\n"open,d\n'
    stray = scan_records(data, ",", '"').first_stray
    assert line_number(data, stray) == 2
