from __future__ import annotations

import numpy as np
import pytest

from rung.core.dataset import Column, Dataset
from rung.prep.ordinal import LevelTable, TreeEncoder
from rung.trees.nodes import NAN_LEFT, NAN_RIGHT, NodeArrays
from rung.trees.walk import find_leaves
from rung.workbench.row_paths import path, summary

COLUMNS = (Column("size", "number"), Column("hue", "category", levels=("blue", "green", "red")))
ENCODER = TreeEncoder(
    ("size",), (LevelTable("hue", ("blue", "green", "red"), np.array([[0.1], [0.5], [0.9]])),)
)


class Stub:
    """Give a row's cells, as `Row` does."""

    def __init__(self, **cells):
        self.cells = cells

    def cell(self, name):
        return self.cells.get(name, "")


def tree(feature, threshold, left, right, missing):
    size = len(feature)
    return NodeArrays(
        root=np.zeros(1, dtype=np.int32),
        feature=np.array(feature, dtype=np.int32),
        threshold=np.array(threshold, dtype=float),
        left=np.array(left, dtype=np.int32),
        right=np.array(right, dtype=np.int32),
        missing=np.array(missing, dtype=np.uint8),
        value=np.arange(size, dtype=float)[:, None],
        tree_output=np.zeros(1, dtype=np.int32),
    )


# size <= 5? then size <= 2?; else hue in (blue, green)?
NODES = tree(
    [0, 0, 1, 0, 0, 0, 0],
    [5.0, 2.0, 0.5, 0, 0, 0, 0],
    [1, 3, 5, -1, -1, -1, -1],
    [2, 4, 6, -1, -1, -1, -1],
    [NAN_RIGHT] * 7,
)


def test_a_path_tells_what_holds_on_the_way():
    tests = path(Stub(), ENCODER, NODES, 4)
    assert [(one.column, one.held) for one in tests] == [("size", "≤ 5"), ("size", "> 2")]


def test_several_answers_on_one_column_become_one_range():
    lines = summary(path(Stub(size="3"), ENCODER, NODES, 4))
    assert [(line.name, line.text) for line in lines] == [("size 3", "2 … 5")]


def test_a_category_is_told_by_the_levels_of_each_side():
    left, right = (path(Stub(), ENCODER, NODES, leaf)[-1].held for leaf in (5, 6))
    assert (left, right) == ("blue, green", "red")


@pytest.mark.parametrize(
    ("missing", "held"), [(NAN_RIGHT, "known"), (NAN_LEFT, "known or missing")]
)
def test_a_split_at_infinity_parts_known_from_missing(missing, held):
    nodes = tree([0, 0, 0], [np.inf, 0, 0], [1, -1, -1], [2, -1, -1], [missing] * 3)
    assert path(Stub(), ENCODER, nodes, 1)[0].held == held


def test_the_path_is_the_one_that_the_walker_takes():
    design = Dataset(
        COLUMNS, {"size": np.array([1.0, 4.0, 9.0, 9.0]), "hue": np.array([0, 0, 1, 2])}, 4
    )
    leaves = find_leaves(NODES, ENCODER.matrix(design))[:, 0]
    said = [[one.held for one in path(Stub(), ENCODER, NODES, int(leaf))] for leaf in leaves]
    assert said == [["≤ 5", "≤ 2"], ["≤ 5", "> 2"], ["> 5", "blue, green"], ["> 5", "red"]]
