"""Bytes that are no text are named for what they are."""

import pytest

from rung.data.refusing import near_file, refuse_binary
from rung.errors import UnreadableFile


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"%PDF-1.4", "is a PDF"),
        (b"\x93NUMPY", "is a numpy file"),
        (b"a\x00b", "holds binary data"),
    ],
)
def test_what_is_no_text_is_named(raw, words):
    with pytest.raises(UnreadableFile, match=words):
        refuse_binary(raw, "t")


def test_the_file_that_is_called_alike_is_named(tmp_path):
    (tmp_path / "stars.csv").touch()
    assert near_file(tmp_path / "star.csv") == "did you mean 'stars.csv'?"
