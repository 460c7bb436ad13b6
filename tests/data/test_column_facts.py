"""All rows are counted as numpy counts them, in whatever pieces they come."""

import numpy as np
import polars as pl
import pytest

from rung.data.column_facts import MOST_HASHES, FactsOfAllRows

RNG = np.random.default_rng(0)
NUMBERS = np.where(RNG.random(3_000) < 0.1, np.nan, RNG.normal(size=3_000))


def facts(frame, of_numbers, size):
    found = FactsOfAllRows(frame.columns, of_numbers)
    for start in range(0, frame.height, size):
        found.add(frame[start : start + size])
    return found.facts()


@pytest.mark.parametrize("size", [7, 1_000, 3_000])
def test_ranges_gaps_and_distinct_cells_are_those_of_the_whole(size):
    frame = pl.DataFrame(
        {"x": NUMBERS, "k": np.arange(3_000) % 11, "t": [None if i % 3 else str(i % 5) for i in range(3_000)]}
    )  # fmt: skip
    x, k, t = facts(frame, {"x", "k"}, size)
    assert x.missing == int(np.isnan(NUMBERS).sum())
    assert (x.low, x.high) == (np.nanmin(NUMBERS), np.nanmax(NUMBERS))
    assert (x.distinct, x.is_counted) == (3_000 - x.missing, True)
    assert (k.low, k.high, k.distinct, k.missing) == (0.0, 10.0, 11, 0)
    assert (t.low, t.distinct, t.missing) == (None, 5, 2_000)


def test_texts_of_numbers_have_a_range_and_count_what_is_none():
    frame = pl.DataFrame({"x": ["1.5", "", "-2", "n/a", "7"]})
    (found,) = facts(frame, {"x"}, 2)
    assert (found.low, found.high, found.missing, found.words) == (-2.0, 7.0, 1, 1)


def test_many_distinct_cells_are_estimated_within_a_tenth():
    """The estimate has a standard error of 1.6 %, so that a tenth is six of them."""
    frame = pl.DataFrame({"x": np.arange(200_000), "y": np.arange(200_000) // 4})
    x, y = facts(frame, {"x", "y"}, 30_000)
    assert not x.is_counted
    assert x.distinct == pytest.approx(200_000, rel=0.1)
    assert y.distinct == pytest.approx(50_000, rel=0.1)
    assert MOST_HASHES == 4_096


def test_what_is_infinite_has_no_range():
    (found,) = facts(pl.DataFrame({"x": [1.0, np.inf]}), {"x"}, 2)
    assert (found.low, found.high) == (None, None)
