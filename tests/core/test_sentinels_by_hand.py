"""Sentinels at the edge of every rule: a value that just is one, and one that just is not."""

import numpy as np
import pytest

from rung.core.dataset import Column, Dataset
from rung.core.sentinels import Sentinel, blank, find_sentinels


def table(**columns: list[float]) -> Dataset:
    """Return columns of numbers, filled up with their first values to equal length."""
    n_rows = max(map(len, columns.values()))
    values = {name: np.array((list(one) * n_rows)[:n_rows]) for name, one in columns.items()}
    return Dataset(tuple(Column(name, "number") for name in columns), values, n_rows)


def found(bulk: list[float], *values: float) -> list[tuple[float, bool]]:
    """Find what is made of a column with these values twice."""
    column = np.array([*bulk, *values, *values], dtype=float)
    one = Dataset((Column("x", "number"),), {"x": column}, len(column))
    return [(each.value, each.is_certain) for each in find_sentinels(one)]


def steps(stop: float, n: int = 11, start: float = 0.0) -> list[float]:
    return np.linspace(start, stop, n).tolist()


@pytest.mark.parametrize(
    ("bulk", "value", "is_certain"),
    [
        # below, from a whole range of the others away
        (steps(99), -99, True),
        (steps(105), -99, False),
        (steps(10, n=10), -99, True),
        # above, from three ranges away and among ten distinct values
        (steps(24.75, n=10), 99, True),
        (steps(25.5, n=10), 99, False),
        ([*steps(24.75, n=10)[:-2], 24.75, 0, 0], 99, False),
        (steps(0.4), 0.99, None),
        (steps(10), 1e19, True),
        (steps(10), 9.5e18, None),
        # a lone negative: whole, -9 or below, none of the others negative
        (steps(9), -9, True),
        (steps(8, start=1), -9, True),
        (steps(8), -8, None),
        (steps(9), -9.5, None),
        (steps(8, start=-1), -10, None),
        # ten other rows, two of them distinct
        (steps(10, n=9), -99, None),
        ([5.0] * 10, -99, False),
        ([5.0] * 9 + [6.0], -99, True),
        ([-5.0] * 10, -99, False),
    ],
)
def test_a_value_is_certain_suspect_or_nothing_at_the_edge_of_a_rule(bulk, value, is_certain):
    said = [] if is_certain is None else [(value, is_certain)]
    if is_certain is False and value > 0 and len(set(bulk)) < 10:
        said = []  # above and among few distinct values nothing is suspected
    assert found(bulk, value) == said


@pytest.mark.parametrize(
    ("bulk", "is_said"),
    [
        (steps(10, n=10, start=5), True),
        (steps(11, n=10, start=5), False),
        ([*steps(10, n=9, start=5), 5.0], False),
    ],
)
def test_an_isolated_zero_is_suspect_from_a_whole_range_away(bulk, is_said):
    assert found(bulk, 0) == ([(0, False)] if is_said else [])


def test_the_farthest_end_is_peeled_off_first_and_the_next_judged_without_it():
    assert found(steps(24), -99, 9999) == [(9999, True), (-99, True)]
    assert found(steps(24), 9999, 999999) == [(999999, True), (9999, True)]
    assert found(steps(24), -9999, -99) == [(-9999, True), (-99, True)]


@pytest.mark.parametrize(
    ("bulk", "is_certain"),
    [
        (steps(100_000), True),  # the one negative value, however wide the range
        (steps(440, start=-50), True),  # 49 of 490
        (steps(466, start=-50), False),  # 49 of 516
    ],
)
def test_what_is_certain_elsewhere_is_certain_a_tenth_of_the_range_away(bulk, is_certain):
    wide = [-99.0, -99.0, *bulk]
    narrow = [-99.0, -99.0, *steps(10)]
    both = find_sentinels(table(narrow=narrow, wide=wide))
    said = [(one.column, one.is_certain, one.shared_with) for one in both]
    assert said[0] == ("narrow", True, "")
    assert said[1:] == ([("wide", True, "narrow")] if is_certain else [])
    alone = find_sentinels(table(wide=wide), known={-99.0: "before"})
    assert [one.shared_with for one in alone] == (["before"] if is_certain else [])


def test_the_evidence_is_counted_and_measured():
    bulk = [1.0, 1.25, 1.5] * 4
    column = np.array([-99.0, -99.0, -99.0, *bulk])
    one = Dataset((Column("x", "number"),), {"x": column}, 15)
    (sentinel,) = find_sentinels(one)
    assert sentinel == Sentinel("x", -99.0, 3, nearest=1.0, spread=0.5, is_certain=True)
    assert sentinel.gap == 200.0
    assert Sentinel("x", -99.0, 3, nearest=1.0, spread=0.0, is_certain=False).gap == float("inf")


def test_values_within_a_millionth_are_blanked():
    values = np.array([-99.0, -99.00009, -98.9, -99.0002, 0.0, 1e-9])
    assert np.isnan(blank(values, [-99.0])).tolist() == [True, True, False, False, False, False]
    assert np.isnan(blank(values, [0.0])).tolist() == [False] * 4 + [True, False]
