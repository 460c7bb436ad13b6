from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.cli.words import column_names, family_names
from rung.errors import UsageError

NAME = st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1).map(str.strip)


def test_a_lone_value_is_split_at_its_commas():
    assert column_names("drop", ["a, b,c"]) == ("a", "b", "c")


def test_repeated_values_are_names_with_their_commas():
    assert column_names("drop", ["a,b", "c"]) == ("a,b", "c")


def test_nothing_given_is_none():
    assert column_names("drop", None) is None
    assert column_names("drop", []) is None
    assert family_names(None) is None


@pytest.mark.parametrize("value", ["", ",", "a,,b", "a,"])
def test_an_empty_name_is_refused(value):
    with pytest.raises(UsageError, match=r"--drop .* holds an empty name"):
        column_names("drop", [value])


def test_an_open_quote_is_refused():
    with pytest.raises(UsageError, match="cannot be split"):
        column_names("drop", ['"a'])


@given(st.lists(NAME.filter(bool), min_size=2, max_size=4))
def test_names_quoted_as_in_a_csv_file_are_read_back(names):
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="").writerow(names)
    assert column_names("drop", [line.getvalue()]) == tuple(names)


def test_families_may_be_mixed():
    assert family_names(["constant,linear", "tree"]) == ("constant", "linear", "tree")
