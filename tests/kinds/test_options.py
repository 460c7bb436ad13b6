"""Values that options do not take are refused with what is accepted."""

from __future__ import annotations

import math

import pytest

from rung.errors import UsageError
from rung.kinds.options import check_member, check_number, check_switch, check_whole


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
