from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.core.result import Difference
from rung.report.units import shown_difference
from tests.report.example import regression

RESULT = regression()


@given(st.lists(st.floats(-0.05, 0.5), min_size=3, max_size=3).map(sorted))
def test_conversion_keeps_the_order_of_the_interval_and_its_sign(ends):
    low, mean, high = ends
    for entry in (RESULT.ladder[1], RESULT.ladder[4]):
        found = shown_difference(RESULT, replace(entry, difference=Difference(mean, low, high)))
        assert found.low <= found.mean <= found.high
        assert found.mean == pytest.approx(0.0, abs=1e-12) or (found.mean > 0) == (mean > 0)


def test_the_difference_of_a_family_to_the_leader_is_that_of_their_scores():
    entry = replace(RESULT.ladder[1], difference=Difference(0.309**2 - 0.301**2, 0.0, 0.0))
    assert shown_difference(RESULT, entry).mean == pytest.approx(0.309 - 0.301)


def test_no_difference_stays_none():
    assert shown_difference(RESULT, RESULT.ladder[2]) is None
