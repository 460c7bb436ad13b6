"""A file of this format is told by its first bytes."""

import pytest

from rung.data.readers.reader import Source, find_reader


@pytest.mark.parametrize(
    ("head", "file", "reader"),
    [
        (b"#   1 NUMBER  Running number\n#   2 X_IMAGE\n1 2\n", "t.cat", "sextractor"),
        (b"# 1 2 3\n# 4 5 6\n1 2\n", "t.cat", "delimited"),
    ],
)
def test_the_format_is_told_by_its_first_bytes(head, file, reader):
    assert find_reader(Source(file, data=head)).name == reader
