from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from rung.core.dataset import Column, Dataset
from rung.explain.row_paths import path, summary
from rung.prep.ordinal import LevelTable, TreeEncoder
from rung.trees.nodes import NAN_LEFT, NAN_RIGHT, NodeArrays
from rung.trees.walk import find_leaves
from tests.workbench.drawn import N_ROWS, model, row, table

COLUMNS = (Column("size", "number"), Column("hue", "category", levels=("blue", "green", "red")))
HUES = (("green", 5), ("red", 6))
ENCODER = TreeEncoder(
    ("size",), (LevelTable("hue", ("blue", "green", "red"), np.array([[0.1], [0.5], [0.9]])),)
)


class Stub:
    """Give a row's cells, as `Row` does."""

    def __init__(self, **cells):
        self.cells = cells

    def cell(self, name):
        return self.cells.get(name, "missing")

    def value(self, name):
        return float(self.cells.get(name, "nan"))

    def unit(self, name):
        return "kpc" if "kpc" in self.cells else ""


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
    tests = path(Stub(size="3"), ENCODER, NODES, 4)
    assert [(one.column, one.held) for one in tests] == [("size", "≤ 5"), ("size", "> 2")]


def test_several_answers_on_one_column_become_one_range():
    (both,) = summary(path(Stub(size="3", kpc=""), ENCODER, NODES, 4))
    assert str(both) == "size 3 kpc is > 2 and ≤ 5"
    (only,) = summary(path(Stub(size="1"), ENCODER, NODES, 3))
    assert str(only) == "size 1 is ≤ 2"


def test_a_category_is_told_by_the_levels_of_each_side():
    ways = [path(Stub(size="9", hue=hue), ENCODER, NODES, leaf) for hue, leaf in HUES]
    assert [way[-1].held for way in ways] == ["blue, green", "red"]
    said = [str(summary(way)[-1]) for way in ways]
    assert said == ["hue green is one of green, blue", "hue is red"]


def test_levels_are_those_that_all_answers_on_a_column_leave():
    levels = ("a", "b", "c", "d", "e", "f")
    table = LevelTable("hue", levels, np.array([[i, -i % 4] for i in range(6)], dtype=float))
    encoder = TreeEncoder((), (table,))
    # The first number at most 4.5, the second above 0.5: all but f, then all but a and e.
    nodes = tree(
        [0, 1, 0, 0, 0], [4.5, 0.5, 0, 0, 0], [1, 3, -1, -1, -1], [2, 4, -1, -1, -1], [0] * 5
    )
    assert str(summary(path(Stub(hue="c"), encoder, nodes, 4))[0]) == "hue c is one of c, b, d"


def test_many_levels_are_counted_and_the_rows_own_comes_first():
    levels = tuple("abcdefgh")
    encoder = TreeEncoder((), (LevelTable("hue", levels, np.arange(8.0)[:, None]),))
    nodes = tree([0, 0, 0], [6.5, 0, 0], [1, -1, -1], [2, -1, -1], [0] * 3)
    said = str(summary(path(Stub(hue="g"), encoder, nodes, 1))[0])
    assert said == "hue g is one of g, a, b and 4 more"


@pytest.mark.parametrize("side", [NAN_LEFT, NAN_RIGHT])
def test_a_missing_cell_is_never_said_to_lie_beyond_a_limit(side):
    leaf = 3 if side == NAN_LEFT else 6
    nodes = replace(NODES, missing=np.full(7, side, dtype=np.uint8))
    tests = path(Stub(hue="violet"), ENCODER, nodes, leaf)
    assert all(one.held.endswith("or missing") for one in tests)
    said = [str(one) for one in summary(tests)]
    assert said == ["size is missing", "hue violet is read as missing"][: 1 if leaf == 3 else 2]


def test_a_number_near_its_limit_is_written_in_as_many_digits_as_part_them():
    nodes = tree([0, 0, 0], [712.55001, 0, 0], [1, -1, -1], [2, -1, -1], [0] * 3)
    (above,) = summary(path(Stub(size="712.5501"), ENCODER, nodes, 2))
    assert str(above) == "size 712.5501 is > 712.55"
    (below,) = summary(path(Stub(size="712.55"), ENCODER, nodes, 1))
    assert str(below) == "size 712.55 is ≤ 712.55"


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
    cells = [
        {"size": str(size), "hue": COLUMNS[1].levels[hue]}
        for size, hue in zip(design.values["size"], design.values["hue"], strict=True)
    ]
    said = [
        [one.held for one in path(Stub(**own), ENCODER, NODES, int(leaf))]
        for own, leaf in zip(cells, leaves, strict=True)
    ]
    assert said == [["≤ 5", "≤ 2"], ["≤ 5", "> 2"], ["> 5", "blue, green"], ["> 5", "red"]]


FAMILIES = ("tree", "forest", "boosting")


def read_number(text):
    return float(text.replace("\N{MINUS SIGN}", "-"))


def is_true(text, value):
    """Say whether a condition holds of a column's value, reading it as a person would."""
    if text == "is missing":
        return value is None
    if found := re.fullmatch(r"(\S+) is((?: and)?(?: > (\S+))?(?: and)?(?: ≤ (\S+))?)", text):
        own, low, high = (found[i] and read_number(found[i]) for i in (1, 3, 4))
        near = abs(own - value) <= 1e-3 * abs(value)
        return near and (low is None or low < own) and (high is None or own <= high)
    if found := re.fullmatch(r"(\S+) is one of (.*)", text):
        return found[1] == value and value in found[2].split(", ")
    return text == f"is {value}"


@pytest.mark.parametrize("task", ["regression", "multiclass"])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_condition_is_true_of_its_row_and_together_they_are_the_path(family, task):
    """Rows that meet all conditions of a row's path reach its leaf, and no others."""
    fitted = model(family, task).model
    part = {"tree": lambda: fitted, "forest": lambda: fitted.groves[0]}.get(
        family, lambda: fitted.models[0]
    )()
    rows = table().to_dicts()
    for number in range(1, N_ROWS, 7):
        given = row(family, task, number)
        leaves = find_leaves(part.nodes, part.encoder.matrix(given.design))
        for tree_number in range(min(3, leaves.shape[1])):
            leaf = int(leaves[number - 1, tree_number])
            tests = path(given, part.encoder, part.nodes, leaf)
            for one in summary(tests):
                if one.column in rows[0]:
                    assert is_true(one.text, rows[number - 1][one.column]), str(one)
            met = np.ones(N_ROWS, dtype=bool)
            for test in tests:
                met &= answers(test, part, given.design)
            assert met.tolist() == (leaves[:, tree_number] == leaf).tolist()


def answers(test, part, design):
    """Say which rows answer a question as the row does, from what the test tells."""
    if test.column not in design.number_names:
        levels = design.column(test.column).levels
        return np.array([levels[code] in test.levels for code in design.codes(None)[:, 0]])
    value = design.numbers(None)[:, design.number_names.index(test.column)]
    missing_left = part.nodes.missing[test.node] == NAN_LEFT
    limit = np.inf if np.isnan(test.threshold) else test.threshold
    goes_left = np.where(np.isnan(value), missing_left, value <= limit)
    return goes_left == test.goes_left
