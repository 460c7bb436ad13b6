"""A delimiter of several characters becomes one that stands nowhere else."""

import pytest

from rung.data.readers.delimiters import single_delimiter
from rung.errors import UnreadableFile


@pytest.mark.parametrize("sign", ["::", "||", ";;", "~|~", "&&"])
def test_a_run_of_signs_that_stands_equally_often_on_each_line_is_found(sign):
    text = "\n".join(sign.join(row) for row in (("a", "b", "c"), ("1", "2", "3"), ("4", "5", "6")))
    data, delimiter, _ = single_delimiter(text.encode(), None)
    assert data.decode() == text.replace(sign, delimiter)


@pytest.mark.parametrize("text", ["a,b\n1,,2\n", "x;;y\n1;2;3\n", "a: b\n1: 2\n"])
def test_empty_cells_are_no_delimiter_of_two_characters(text):
    assert single_delimiter(text.encode(), None)[:2] == (text.encode(), None)


def test_a_declared_run_is_taken_as_it_is():
    assert single_delimiter(b"a<>b\n1<>2", "<>")[0] == b"a\x1fb\n1\x1f2"
    with pytest.raises(UnreadableFile, match="'<>' cannot be told apart"):
        single_delimiter(b"a<>b\x1f\t|;~^", "<>")


def test_a_line_of_dashes_parts_columns_but_not_through_a_cell():
    assert single_delimiter(b"a  b\n-- --\nx  y\n", None)[0] == b"a\x1fb\nx\x1fy\n"
    assert single_delimiter(b"a  b\n-- --\nxxxx\n", None)[1] is None
