"""Units, and where blocks lie."""

import numpy as np

from rung.core.blocks import BlockGrid
from rung.core.dataset import Column, Dataset
from rung.core.folds import partition_folds
from rung.core.placing import Placing
from rung.kinds.table.division import DivisionPlan
from rung.kinds.table.units import Units, describe, division_findings, find_units


def test_rows_that_are_alike_in_nothing_are_units_of_their_own():
    data = Dataset((Column("x", "number"),), {"x": np.arange(20.0)}, 20)
    folds = partition_folds(np.arange(15) % 3)
    rows = np.arange(15), np.arange(15, 20)
    found = find_units(DivisionPlan(), data, None, rows=rows, folds=folds)
    assert found.train.tolist() == list(range(15))
    assert found.name == "row"
    assert describe(DivisionPlan(), folds, found, rows=rows, n_aside=0) is None
    assert division_findings(DivisionPlan(), found, folds, n_aside=0) == ()


def test_a_block_across_the_date_line_is_drawn_where_it_lies():
    across, up = np.array([179.0, -179.0, 10.0, 12.0]), np.zeros(4)
    placing = Placing(BlockGrid(True, 90.0), across, up, ())
    numbers = placing.keys.of_row
    folds = partition_folds(numbers)
    units = Units(numbers, numbers[:0], "block", "blocks")
    found = describe(
        DivisionPlan(placing=placing), folds, units, rows=(np.arange(4), np.arange(0)), n_aside=0
    )
    places = {round(block.across % 360) for block in found.blocks}
    assert places <= {179, 180, 181, 11}
    assert sum(block.rows for block in found.blocks) == 4


def test_groups_are_described_by_their_sizes():
    unit = np.repeat(np.arange(3), [2, 3, 7])
    folds = partition_folds(unit)
    units = Units(unit, unit[:0], "plate")
    rows = np.arange(12), np.arange(0)
    found = describe(DivisionPlan(("plate",)), folds, units, rows=rows, n_aside=0)
    assert found.said == "3 groups to train on, 2 to 7 rows each, 3 in the middle"
    (few,) = division_findings(DivisionPlan(("plate",)), units, folds, n_aside=0)
    assert (few.code, few.columns) == ("few_units", ("plate",))
    assert "3 groups" in few.message
