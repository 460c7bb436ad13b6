"""Values that options do not take are refused with what is accepted; names are read as meant."""

from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.errors import UsageError
from rung.kinds.values import (
    check_member,
    check_number,
    check_switch,
    check_whole,
    column_names,
)

NAME = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1)


@pytest.mark.parametrize("value", [1, 7, 10])
def test_a_whole_number_within_its_limits_passes(value: int) -> None:
    check_whole("folds", value, low=1, high=10)


@pytest.mark.parametrize("value", [0, 11, True, 2.0, "3"])
def test_what_is_no_whole_number_within_its_limits_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match="folds must be a whole number from 1 to 10"):
        check_whole("folds", value, low=1, high=10)


@pytest.mark.parametrize("value", [-0.1, 0.6, math.nan, "a", False])
def test_a_number_outside_its_limits_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match=r"from 0 to 0\.5"):
        check_number("test_fraction", value, low=0.0, high=0.5)


def test_a_limit_that_is_infinite_is_not_printed() -> None:
    with pytest.raises(UsageError, match="margin must be a number of at least 0, it is -1"):
        check_number("margin", -1, low=0.0, high=math.inf)


def test_a_switch_is_true_or_false_only() -> None:
    check_switch("ledger", False)
    with pytest.raises(UsageError, match="True or False, it is 1"):
        check_switch("ledger", 1)


def test_a_misspelt_member_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="leader") as caught:
        check_member("choose", "leadr", ("simplest", "leader"))
    assert caught.value.remedy == "use --choose leader"


def test_a_lone_value_is_split_at_its_commas() -> None:
    assert column_names("--drop", ["a, b,c"]) == ("a", "b", "c")


def test_repeated_values_are_names_with_their_commas() -> None:
    assert column_names("--drop", ["a,b", "c"]) == ("a,b", "c")


def test_a_quote_amid_a_name_is_a_letter() -> None:
    assert column_names("--drop", ['say "x"']) == ('say "x"',)


@pytest.mark.parametrize("value", ["", ",", "a,,b", "a,"])
def test_an_empty_name_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match=r"drop.* holds an empty name"):
        column_names("--drop", [value])


@pytest.mark.parametrize("value", ['"a', '"a"b', 'a,"b'])
def test_an_open_quote_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="cannot be split"):
        column_names("--drop", [value])


@given(st.lists(NAME, min_size=2, max_size=4))
def test_names_quoted_as_in_a_csv_file_are_read_back(names: list[str]) -> None:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="").writerow(names)
    assert column_names("--drop", [line.getvalue()]) == tuple(names)
