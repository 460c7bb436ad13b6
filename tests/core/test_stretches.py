"""Folds in time with a gap and a rolling window, and stretches as units."""

import math

import numpy as np
import pytest

from rung.core.folds import time_folds
from rung.core.stretches import Reach, cut_stretches, divide_time
from rung.errors import DataError

REACHES = [Reach(gap=9.0), Reach(rolling=60.0), Reach(gap=4.5, rolling=45.0)]


@pytest.fixture
def times():
    """Three hundred rows at 240 times that are not evenly spaced, in no order."""
    rng = np.random.default_rng(2)
    distinct = np.cumsum(rng.uniform(0.5, 2.0, 240))
    return rng.permutation(np.concatenate([distinct, distinct[:60]]))


def pairs(folds):
    for i, split in enumerate(folds.splits):
        yield split
        yield from folds.inner(i)
    yield from folds.inner(None)


@pytest.mark.parametrize("reach", REACHES)
def test_rows_nearer_than_the_gap_or_older_than_the_window_never_train(times, reach):
    for split in pairs(divide_time(times, 5, reach)):
        begin = times[split.test].min()
        assert times[split.train].max() < begin
        assert times[split.train].max() <= begin - reach.gap
        assert times[split.train].min() >= begin - reach.rolling or math.isinf(reach.rolling)


@pytest.mark.parametrize("reach", REACHES)
def test_all_rows_within_reach_of_a_held_out_stretch_train(times, reach):
    for split in divide_time(times, 5, reach).splits:
        begin = times[split.test].min()
        wanted = (times <= begin - reach.gap) & (times < begin) & (times >= begin - reach.rolling)
        assert np.array_equal(split.train, np.flatnonzero(wanted))


@pytest.mark.parametrize("reach", REACHES)
def test_inner_splits_lie_inside_the_training_rows_and_there_are_several(times, reach):
    folds = divide_time(times, 5, reach)
    for i, split in enumerate(folds.splits):
        assert np.array_equal(folds.atom_rows(folds.train_mask(i)), split.train)
        inner = folds.inner(i)
        assert len(inner) >= min(3, 2 * i + 1)
        for one in inner:
            assert np.isin(one.train, split.train).all()
            assert np.isin(one.test, split.train).all()


def test_held_out_stretches_are_those_without_a_gap(times):
    plain = divide_time(times, 5)
    for reach in REACHES:
        folds = divide_time(times, 5, reach)
        for one, other in zip(folds.splits, plain.splits, strict=True):
            assert np.array_equal(one.test, other.test)


def test_a_gap_of_nearly_nothing_gives_the_folds_without_one(times):
    plain, folds = divide_time(times, 5), divide_time(times, 5, Reach(gap=1e-6))
    assert plain.fingerprint == folds.fingerprint
    for split in (None, 0, 4):
        for one, other in zip(folds.inner(split), plain.inner(split), strict=True):
            assert np.array_equal(one.train, other.train)
            assert np.array_equal(one.test, other.test)


def test_without_reach_the_windows_are_those_of_time_folds():
    folds = divide_time(np.arange(12.0), 2, Reach())
    assert folds.fingerprint == time_folds(np.arange(12) // 2).fingerprint


def test_a_row_exactly_a_gap_away_trains_and_a_nearer_one_does_not():
    split = divide_time(np.arange(60.0), 2, Reach(gap=3.0)).splits[0]
    assert split.test[0] == 20
    assert split.train[-1] == 17


def test_the_last_model_of_a_rolling_window_learns_from_the_last_stretch_alone(times):
    folds = divide_time(times, 5, Reach(rolling=60.0))
    rows = folds.atom_rows(folds.train_mask(None))
    assert np.array_equal(rows, np.flatnonzero(times >= times.max() - 60))


def test_a_permutation_of_rows_changes_no_division(times):
    order = np.random.default_rng(5).permutation(len(times))
    for reach in REACHES:
        for one, other in zip(
            divide_time(times, 4, reach).splits,
            divide_time(times[order], 4, reach).splits,
            strict=True,
        ):
            assert set(one.train) == set(order[other.train])
            assert set(one.test) == set(order[other.test])


@pytest.mark.parametrize("reach", [(-1.0, 5.0), (math.nan, 5.0), (5.0, 5.0), (math.inf, math.inf)])
def test_a_gap_or_window_that_leaves_nothing_is_refused(reach):
    with pytest.raises(DataError, match="leave nothing to train on"):
        Reach(*reach)


def test_a_gap_wider_than_the_first_window_is_refused():
    with pytest.raises(DataError, match="a gap of 30 and a rolling window of inf leave 0 rows"):
        divide_time(np.arange(100.0), 4, Reach(gap=30.0))


def test_stretches_are_in_order_nest_in_their_rows_and_hold_equal_times_together(times):
    folds = divide_time(times, 5)
    found = cut_stretches(times, [split.test for split in folds.splits])
    assert found.max() + 1 == 30
    first = np.flatnonzero(found < 0)
    assert np.array_equal(np.sort(np.append(first, folds.scored)), np.arange(300))
    ordered = found[folds.scored][np.argsort(times[folds.scored])]
    assert (np.diff(ordered) >= 0).all()
    for split in folds.splits:
        assert len(np.unique(found[split.test])) == 6
    for time in np.unique(times):
        assert len(np.unique(found[times == time])) == 1
