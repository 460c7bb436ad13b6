"""A file of this format is told by its first bytes."""

import pytest

from rung.data.readers.reader import Source, find_reader


@pytest.mark.parametrize(
    ("head", "file", "reader"),
    [
        (b"#K IRAF = x\n#N ID X\n", "t.mag", "daophot"),
        (b"#Key x\n1 2\n", "t.mag", "delimited"),
    ],
)
def test_the_format_is_told_by_its_first_bytes(head, file, reader):
    assert find_reader(Source(file, data=head)).name == reader
