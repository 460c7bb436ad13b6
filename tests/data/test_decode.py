"""Any common encoding and line end comes out as UTF-8 with line feeds."""

from __future__ import annotations

import pytest

from rung.data.decode import to_utf8
from rung.errors import UnreadableFile

TEXT = "name,ort\nJosé,Köln\n"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", []), ("utf-8-sig", []), ("utf-16", []), ("utf-32", []), ("cp1252", ["encoding"])],
)
def test_the_encoding_is_found(encoding: str, told: list[str]) -> None:
    data, findings = to_utf8(TEXT.encode(encoding), "t.csv", None)
    assert data.decode() == TEXT
    assert [finding.code for finding in findings] == told


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_are_unified(line_end: str) -> None:
    assert to_utf8(TEXT.replace("\n", line_end).encode(), "t.csv", None)[0].decode() == TEXT


def test_a_declared_encoding_is_believed() -> None:
    assert to_utf8(TEXT.encode("cp437"), "t.csv", "cp437")[0].decode() == TEXT


@pytest.mark.parametrize(
    ("raw", "encoding", "words"),
    [
        (b"a,b\n\x00\x01", None, "'t.csv' holds binary data"),
        (b"\x89PNG\r\n", None, "'t.csv' is a picture"),
        (b"a", "klingon", "no text encoding 'klingon'"),
        ("é".encode("latin-1"), "utf-8", "not written in utf-8"),
    ],
)
def test_what_is_no_text_is_refused(raw: bytes, encoding: str | None, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        to_utf8(raw, "t.csv", encoding)


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_character_are_known_without_their_mark(order: str) -> None:
    text = "a,b\n1,2\n3,4\n"
    assert to_utf8(text.encode(order), "t.csv", None)[0] == text.encode()
