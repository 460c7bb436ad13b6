"""Comments and skipped lines are parted from the table; a name that begins so is none."""

import pytest

from rung.data.readers.comments import strip_comments
from rung.data.table import ReadOptions
from rung.errors import UsageError


def data(text, **options):
    return strip_comments(text.encode(), ReadOptions(**options)).data.decode()


def test_comments_above_and_among_rows_are_no_rows():
    assert data("# a\na,b\n  # c\n1,2\n") == "a,b\n\n1,2\n"


@pytest.mark.parametrize("text", ["%fat,age\n1,2\n", "!x,y\n1,2\n", "a,b\n#1,2\n"])
def test_a_sign_that_begins_a_name_or_a_cell_is_kept(text):
    assert data(text) == text


def test_a_declared_sign_is_one_and_no_other():
    assert data("; c\na;b\n1;2\n", comment=";") == "a;b\n1;2\n"


def test_lines_to_skip_are_counted_and_bounded():
    found = strip_comments(b"x\ny\na\n1\n", ReadOptions(skip_lines=2))
    assert (found.data, found.lines_before) == (b"a\n1\n", 2)
    with pytest.raises(UsageError, match="skip_lines=9 skips the whole file"):
        data("a\n1", skip_lines=9)
