"""Lengths of time as they are typed."""

import pytest

from rung.core.durations import duration_text, read_duration
from rung.errors import UsageError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("7d", 604_800), ("12h", 43_200), ("30min", 1_800), ("2 w", 1_209_600), ("0", 0), (0, 0)],
)
def test_durations_of_dates_are_read_as_seconds(text, seconds):
    assert read_duration("gap", text, is_date=True) == seconds


@pytest.mark.parametrize(("text", "length"), [("7", 7.0), (2.5, 2.5), ("1e-3", 0.001)])
def test_numbers_are_in_the_unit_of_the_column(text, length):
    assert read_duration("gap", text, is_date=False) == length


@pytest.mark.parametrize(
    ("text", "is_date", "said"),
    [
        ("7", True, "'7' has no unit"),
        ("7d", False, "'7d' has the unit 'd'"),
        ("7 days", True, "'7 days' is no length"),
        ("-1d", True, "'-1d' is no length"),
        ("nan", False, "'nan' is no length"),
        ("d", True, "'d' is no length"),
        ("inf", False, "'inf' is no length"),
    ],
)
def test_what_can_be_read_in_two_ways_or_none_is_refused(text, is_date, said):
    with pytest.raises(UsageError, match=said):
        read_duration("gap", text, is_date=is_date)


@pytest.mark.parametrize(("seconds", "text"), [(90, "1.5 min"), (7_200, "2 h"), (604_800, "7 d")])
def test_durations_are_written_in_the_unit_that_reads_best(seconds, text):
    assert duration_text(seconds, is_date=True) == text
