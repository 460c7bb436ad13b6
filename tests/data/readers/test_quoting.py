"""Records with odd quotes are read so that fewest quotes are plain characters."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.data.readers.quoting import best_reading, straighten

cells = st.text("ab ,\"'1", max_size=6)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6))
def test_clean_quotes_give_the_same_cells(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    found = straighten(out.getvalue().encode(), ",", '"').decode()
    assert list(csv.reader(io.StringIO(found))) == rows


@pytest.mark.parametrize(
    ("line", "width", "reading"),
    [
        ('1,"03:00,3', 3, ["1", '"03:00', "3"]),
        ('""a, b","c"', 2, ['"a, b', "c"]),
        ('"10" pipe, long",2', 2, ['10" pipe, long', "2"]),
        ('"$4,"Chair, Print","With, four","x"', 4, ['"$4', "Chair, Print", "With, four", "x"]),
        ('a,b,"', 3, ["a", "b", '"']),
    ],
)
def test_the_width_of_the_table_tells_which_quotes_are_characters(line, width, reading):
    assert best_reading(line, ",", '"', width) == reading


def test_a_quoted_cell_may_hold_a_line_end_beside_an_odd_one():
    found = straighten(b'a,b\n1,"x\ny"\n2,"z\n', ",", '"')
    assert list(csv.reader(io.StringIO(found.decode()))) == [["a", "b"], ["1", "x\ny"], ["2", '"z']]
