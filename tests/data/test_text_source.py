"""Reading text files block by block."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.data import text_source as writing
from rung.data.text_source import open_text
from rung.errors import UnreadableFile, UsageError

TEXT = "zoé\r\n日本語 😀👩‍🔬\rlast"
UNIFIED = "zoé\n日本語 😀👩‍🔬\nlast"


def read(path):
    return "".join(open_text(path).pieces())


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_unicode_encoding_is_read_whatever_the_blocks(tmp_path, monkeypatch, encoding, size):
    path = tmp_path / "text.txt"
    path.write_bytes(TEXT.encode(encoding))
    monkeypatch.setattr(writing, "BLOCK", size)
    assert read(path) == UNIFIED
    assert open_text(path).findings == ()


@given(st.text(max_size=30))
def test_blocks_are_the_code_points_of_the_lines(text):
    lines = text.split("\n")
    blocks = list(open_text(lines).blocks())
    expected = [ord(c) for line in lines for c in f"{line}\n"]
    assert np.concatenate(blocks).tolist() == expected


def test_other_encodings_are_guessed_and_the_guess_is_told(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes("Zoé\nÅse\n".encode("cp1252"))
    assert read(path) == "Zoé\nÅse\n"
    assert [one.code for one in open_text(path).findings] == ["encoding"]


@pytest.mark.parametrize("size", [3, 1000])
def test_damaged_utf_8_is_refused_with_the_place_and_not_read_as_something_else(
    tmp_path, monkeypatch, size
):
    path = tmp_path / "text.txt"
    monkeypatch.setattr(writing, "BLOCK", size)
    path.write_bytes("日本語\r\n".encode() * 5 + b"\xff\n" + "日本語\n".encode() + b"\xe6")
    with pytest.raises(UnreadableFile, match=r"but for 2 place\(s\), the first in line 6;"):
        open_text(path)


def test_a_few_strange_bytes_among_plain_letters_are_read_as_a_guess(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"anna\n" * 9 + b"zo\xeb\n")
    assert read(path).endswith("zoë\n")
    assert [one.code for one in open_text(path).findings] == ["encoding"]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(99), bytes(range(256)) * 20])
def test_binary_files_are_refused(tmp_path, content):
    path = tmp_path / "picture.txt"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="picture"):
        open_text(path)


def test_a_zero_byte_far_inside_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "HEAD", 10)
    monkeypatch.setattr(writing, "BLOCK", 16)
    path = tmp_path / "text.txt"
    path.write_bytes(b"a" * 100 + b"\x00" + b"a" * 10)
    with pytest.raises(UnreadableFile, match="binary"):
        open_text(path)


def test_a_mark_that_lies_is_refused(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"\xff\xfea")
    with pytest.raises(UnreadableFile, match="is not written in utf-16"):
        open_text(path)


def test_an_absent_file_is_answered_with_the_nearest(tmp_path):
    (tmp_path / "names.txt").write_text("a")
    with pytest.raises(UnreadableFile, match=r"did you mean .names\.txt"):
        open_text(tmp_path / "nmaes.txt")


def test_a_folder_is_no_text(tmp_path):
    with pytest.raises(UnreadableFile, match="is a folder"):
        open_text(tmp_path)


@pytest.mark.parametrize("data", [5, [1, 2], {"a": 1}, ["a\nb"]])
def test_what_is_no_list_of_lines_is_refused(data):
    with pytest.raises(UsageError, match=r"no text|line end"):
        open_text(data)


def test_the_fingerprint_is_that_of_the_bytes(tmp_path):
    path = tmp_path / "text.txt"
    found = []
    for text in ("abc", "abd", "abc"):
        path.write_text(text)
        found.append(open_text(path).fingerprint)
    assert found[0] == found[2] != found[1]
