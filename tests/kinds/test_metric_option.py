"""A metric is a key or a function; results know a function by its name."""

from __future__ import annotations

import pytest

from rung.errors import UsageError
from rung.kinds.table.options import FitOptions


def cubed(true, predicted):
    return abs(true - predicted) ** 3


def test_a_function_is_recorded_by_name_and_left_out_of_the_line_that_repeats_a_run() -> None:
    asked = FitOptions("y", metric=cubed)
    assert asked.metric is cubed
    assert asked.to_record()["metric"] == "cubed"
    assert (asked.spell()["metric"].words, asked.spell()["metric"].left_out) == ((), "cubed")
    assert FitOptions("y", metric="mae").spell()["metric"].words == ("--metric=mae",)


def test_anything_else_is_refused() -> None:
    with pytest.raises(UsageError, match="metric must be a text or a function, it is 3"):
        FitOptions("y", metric=3)
