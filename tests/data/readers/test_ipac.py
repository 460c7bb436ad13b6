"""A file of this format is told by its first bytes."""

import pytest

from rung.data.readers.reader import Source, find_reader


@pytest.mark.parametrize(
    ("head", "file", "reader"),
    [
        (b"\\fixlen = T\n|a   |b  |\n", "t.txt", "ipac"),
        (b"|a|b|\n|1|2|\n", "t.txt", "delimited"),
    ],
)
def test_the_format_is_told_by_its_first_bytes(head, file, reader):
    assert find_reader(Source(file, data=head)).name == reader
