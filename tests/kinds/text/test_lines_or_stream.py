"""Lines or one text: plain cases are read, others are asked about."""

from pathlib import Path

import pytest

from rung.data.text_source import open_text
from rung.errors import DataError, UnreadableFile, UsageError
from rung.kinds.kind import recognise
from rung.kinds.text.lines_or_stream import (
    choose_reading,
    is_text_file,
    refuse_too_little,
    table_mark,
)
from rung.text.corpus import survey


def reading_of(tmp_path, text, asked=None):
    path = tmp_path / "data.txt"
    path.write_text(text, encoding="utf-8")
    source = open_text(path)
    return choose_reading(source, survey(source.blocks), asked)


@pytest.mark.parametrize(
    "text", ["emma\nolivia\nava", "New York\nSan José\n", "CC(=O)O\nc1ccccc1\n", "東京\n大阪\n"]
)
def test_short_lines_without_blanks_are_lines(tmp_path, text):
    assert reading_of(tmp_path, text) == "lines"


def test_one_line_is_one_text(tmp_path):
    assert reading_of(tmp_path, "a" * 3000) == "text"


AMBIGUOUS = {
    "and 1 are blank": "To be, or not\n\nto be\n",
    "longest has 101": "a" * 101 + "\nb\n",
    "2 lines": "this is a line of prose\nand this is one more of it\n",
    "3 columns parted by commas": "a,b,c\n1,2,3\n",
    "2 columns parted by tabs": "a\tb\n1\t2\n",
}


@pytest.mark.parametrize("said", AMBIGUOUS)
def test_where_two_readings_are_possible_both_are_shown(tmp_path, said):
    with pytest.raises(UsageError, match="say reading='lines' or reading='text'") as caught:
        reading_of(tmp_path, AMBIGUOUS[said])
    assert said in str(caught.value)


@pytest.mark.parametrize("said", AMBIGUOUS)
@pytest.mark.parametrize("asked", ["lines", "text"])
def test_what_the_user_says_is_done(tmp_path, said, asked):
    assert reading_of(tmp_path, AMBIGUOUS[said], asked) == asked


@pytest.mark.parametrize(
    ("text", "said"), [("", "is empty"), ("\n\n\n", "holds nothing but 3 line ends")]
)
def test_an_empty_file_is_refused(tmp_path, text, said):
    with pytest.raises(UnreadableFile, match=said):
        reading_of(tmp_path, text)


def test_an_unknown_reading_is_refused(tmp_path):
    with pytest.raises(UsageError, match="'words' is not known"):
        reading_of(tmp_path, "a\nb", "words")


def test_a_delimiter_must_part_all_lines_alike():
    assert table_mark("a;b\n1;2\n") == (";", 2)
    assert table_mark("a;b\n1;2;3\n") == ("", 1)
    assert table_mark("a,b\n1,2\n3") == (",", 2)


@pytest.mark.parametrize(("n", "distinct", "said"), [(5, 5, "holds 5"), (50, 1, "are the same")])
def test_too_little_to_learn_from_is_refused(n, distinct, said):
    with pytest.raises(DataError, match=said):
        refuse_too_little("t.txt", n, distinct, 20, "lines")


@pytest.mark.parametrize(
    ("name", "text", "is_text"),
    [
        ("names.txt", "emma\nolivia\n", True),
        ("story", "Once upon a time.\n", True),
        ("t.csv", "emma\nolivia\n", False),
        ("t.txt", "a,b\n1,2\n", False),
        ("t.txt", "mass radius\n1.0 2.0\n3.0 4.0\n", False),
        ("t.dat", "emma\nolivia\n", False),
        ("t.txt", "emma,3\nolivia,12\n", True),
        ("t.tex", "Once upon a time.\n", True),
        ("t.data", "a column\n1.5\n2.5\n3.5\n4.5\n5.5\n6.5\n", False),
        ("t.data", "PAR1 as a table of Parquet begins", False),
    ],
)
def test_a_file_without_a_target_is_a_text_where_it_looks_like_no_table(
    tmp_path: Path, name: str, text: str, is_text: bool
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert is_text_file(tmp_path / name) is is_text
    assert recognise(tmp_path / name, {}).name == ("text" if is_text else "density")


@pytest.mark.parametrize("name", ["-", "base.db::stars", "cat.fits[2]", "nights/*", "", "a?c"])
def test_what_names_no_single_text_is_a_table(tmp_path: Path, name: str) -> None:
    (tmp_path / "night.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    name = name or str(tmp_path)
    assert not is_text_file(name)
    assert recognise(name, {}).name == "density"
