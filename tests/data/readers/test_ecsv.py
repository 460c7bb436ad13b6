"""A file of this format is told by its first bytes."""

import pytest

from rung.data.readers.reader import Source, find_reader


@pytest.mark.parametrize(
    ("head", "file", "reader"),
    [
        (b"# %ECSV 1.0\n# ---\n", "t.txt", "ecsv"),
        (b"# ECSV\na,b\n1,2\n", "t.csv", "delimited"),
    ],
)
def test_the_format_is_told_by_its_first_bytes(head, file, reader):
    assert find_reader(Source(file, data=head)).name == reader
