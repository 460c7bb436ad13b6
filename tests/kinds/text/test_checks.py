"""A text is checked as a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from rung.errors import UnreadableFile, UsageError
from rung.kinds.text.checks import check_text


def codes(data: object, **options: str) -> dict[str, str]:
    return {finding.code: finding.message for finding in check_text(data, **options)}


def test_blank_lines_copies_and_blanks_at_ends_are_counted(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("emma\n\nava \nemma\nava\n\n", encoding="utf-8")
    assert codes(tmp_path / "t.txt", reading="lines") == {
        "alike_lines": "1 of 4 lines differ from another in blanks at the end or in how accents "
        "are composed alone",
        "blank_ends": "1 of 4 lines end in a blank, such as 'ava '",
        "blank_lines": "2 lines are blank",
        "duplicate_lines": "1 of 4 lines repeat another",
    }


def test_what_cannot_be_seen_is_named_by_its_number() -> None:
    found = codes(["a\u200bb", "c\x07", "d\ufffd", "e\tf"])["odd_characters"]
    assert "U+FFFD" in found or "U+200B" in found or "U+0007" in found
    messages = [one.message for one in check_text(["a\u200bb", "c\x07", "d\ufffd", "e\tf"])]
    assert any("cannot be seen: U+200B" in one for one in messages)
    assert any("control characters: U+0007" in one for one in messages)
    assert any(
        "lost when the text was saved in another encoding: U+FFFD" in one for one in messages
    )
    assert not any("U+0009" in one for one in messages)


def test_a_clean_list_has_no_findings() -> None:
    assert check_text(["emma", "olivia", "ava"]) == ()


def test_a_reading_that_is_not_plain_is_a_finding_and_a_stream_has_no_lines(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("One two three four five.\n\nSix \n" * 3, encoding="utf-8")
    assert "can be read as 6 lines" in codes(tmp_path / "t.txt")["reading"]
    assert codes(tmp_path / "t.txt", reading="text") == {}
    with pytest.raises(UsageError, match="reading 'words' is not known"):
        check_text(["a"], reading="words")


def test_an_encoding_is_guessed_and_told_or_taken(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes("Zo\u00e9\n\u00c5se\n".encode("cp1252"))
    assert "read as cp1252" in codes(tmp_path / "t.txt")["encoding"]
    assert codes(tmp_path / "t.txt", encoding="latin-1") == {}
    with pytest.raises(UnreadableFile, match="no text encoding 'latin-one'"):
        check_text(tmp_path / "t.txt", encoding="latin-one")
    with pytest.raises(UnreadableFile, match=r"is not written in utf-8, as .* encoding say"):
        check_text(tmp_path / "t.txt", encoding="utf8")
