"""Rows are counted by group and level, none lost; columns that took no part have a reason."""

import numpy as np

from rung.data import read_table
from rung.workbench.group_tables import MOST_LEVELS, cross, left_out


def test_every_row_is_counted_once_however_many_levels_there_are():
    kinds = [f"k{i}" for i in range(15) for _ in range(20 - i)] + [None] * 7
    table = read_table({"kind": kinds}).dataset
    groups = np.arange(len(kinds)) % 3
    found = cross(table, "kind", groups)
    assert found["levels"] == [*(f"k{i}" for i in range(MOST_LEVELS)), "other", "missing"]
    assert found["n_levels"] == 15
    counts = np.array(found["rows"])
    assert counts.sum(axis=1).tolist() == np.bincount(groups).tolist()
    assert counts.sum(axis=0).tolist() == [*range(20, 10, -1), 10 + 9 + 8 + 7 + 6, 7]


def test_numbers_stand_in_their_order_without_needless_digits():
    table = read_table({"rings": [9.0, 9.0, -10.0, 5.5]}).dataset
    assert cross(table, "rings", np.zeros(4, int))["levels"] == ["−10", "5.5", "9"]


def test_columns_that_took_no_part_have_a_reason():
    table = read_table(
        {
            "x": [1.0, 2.0, 3.0],
            "same": [4.0, 4.0, 4.0],
            "when": ["2020-01-01", "2020-01-02", "2020-01-05"],
            "asked": [3.0, 1.0, 2.0],
        }
    ).dataset.with_roles({"asked": "dropped"})
    assert {one["column"]: one["why"] for one in left_out(table, ("x",))} == {
        "same": "does not vary",
        "when": "holds dates",
        "asked": "left out as asked",
    }


def test_a_column_whose_levels_part_rows_is_not_said_to_be_constant():
    cells = {"x": [1.0, 2.0, 3.0], "on": [0, 1, 0], "same": [5, 5, 5], "blank": [None, "u", None]}
    found = left_out(read_table(cells).dataset, ("x",))
    assert {one["column"]: one["why"] for one in found} == {
        "on": "its levels part rows by themselves",
        "same": "does not vary",
        "blank": "does not vary",
    }
