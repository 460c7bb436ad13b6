"""Which data are a text."""

from __future__ import annotations

from pathlib import Path

from rung.kinds.kind import recognise


def test_lines_without_a_target_are_a_text() -> None:
    assert recognise(["emma", "ava"], {}).name == "text"


def test_a_reading_makes_a_text_of_any_file() -> None:
    assert recognise("table.csv", {"reading": "text"}).name == "text"


def test_a_file_without_a_target_is_a_text_unless_its_name_is_a_tables() -> None:
    assert recognise(Path("names.txt"), {}).name == "text"
    assert recognise("story", {}).name == "text"
    assert recognise("stars.csv.zip", {}).name == "density"
