"""One of several tables is named, not guessed."""

import pytest

from rung.data.choosing import choose
from rung.errors import UnreadableFile

TABLES = {"stars": "5 rows", "Dust": "9 rows"}


@pytest.mark.parametrize(("wanted", "found"), [("stars", "stars"), ("dust", "Dust"), ("2", "Dust")])
def test_a_table_is_chosen_by_name_or_number(wanted, found):
    assert choose(TABLES, wanted, "t.db") == found


def test_the_only_table_needs_no_name():
    assert choose({"a": "1 rows"}, "", "t.db") == "a"


@pytest.mark.parametrize(
    ("tables", "wanted", "words"),
    [
        (TABLES, "", r"2 tables: stars \(5 rows\); Dust .*'t.db\[stars\]' or by table"),
        (TABLES, "star", r"no table 'star'.*did you mean 'stars'"),
        (TABLES, "3", r"no table '3'"),
        ({}, "", r"holds no table"),
    ],
)
def test_what_cannot_be_chosen_is_listed(tables, wanted, words):
    with pytest.raises(UnreadableFile, match=words):
        choose(tables, wanted, "t.db")
