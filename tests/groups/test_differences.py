"""Medians and shares of a group stand beside those of the other rows, in the units of the table."""

import numpy as np

from rung.data import read_table
from rung.groups.differences import MOST, find_differences


def test_the_largest_differences_come_first_with_medians_and_shares_as_counted():
    table = read_table(
        {
            "flux": [1000.0, 1100.0, 1200.0, 4000.0, 4200.0, 4400.0],
            "noise": [1.0, 2.0, 3.0, 2.0, 1.0, 3.5],
            "kind": ["a", "a", "b", "b", "b", "b"],
            "flat": [0.0, 0.0, 0.0, 0.0, 0.0, 9.0],
        }
    ).dataset
    names = ("flux", "noise", "flat", "kind")
    first, second = find_differences(table, names, np.array([0, 0, 0, 1, 1, 1]))
    assert [(one.column, one.level, one.inside, one.others) for one in first[:2]] == [
        ("flux", None, 1100.0, 4200.0),
        ("kind", "a", 2 / 3, 0.0),
    ]
    # the level that is more common in the group is named
    assert (second[1].column, second[1].level, second[1].inside) == ("kind", "b", 1.0)
    assert len(first) <= MOST
    # a median that does not move is no difference
    assert "flat" not in [one.column for one in (*first, *second)]
    # 3,100 by the interquartile range of all rows
    assert first[0].size == 3100 / (4150 - 1125)


def test_missing_cells_take_no_part():
    table = read_table({"x": [1.0, None, 5.0, 7.0], "y": [None, None, 1.0, 2.0]}).dataset
    (one, *more), _ = find_differences(table, ("x", "y"), np.array([0, 0, 1, 1]))
    assert (one.inside, one.others, more) == (1.0, 6.0, [])
