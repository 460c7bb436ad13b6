"""Say in words which way a row takes through a tree."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rung.explain.row_facts import Row
from rung.families.forms import FeatureEncoder
from rung.graph.numbers import MINUS, number
from rung.prep.ordinal import LevelTable
from rung.prep.related import RelatedEncoder
from rung.prep.relations import RelationName
from rung.trees.nodes import NAN_LEFT, NodeArrays

MOST_LEVELS = 3
# Of a number that is compared; more where they are needed to tell it from its limit.
DIGITS, MOST_DIGITS = 5, 17
AS_IT_IS = RelationName()


@dataclass(frozen=True)
class Test:
    """One question that a tree asks, and the row's answer.

    Attributes
    ----------
    node : int
        Where it is asked.
    column : str
        The column of the table.
    left_rule : str
        What holds of rows that go left, such as `≤ 3.5`.
    right_rule : str
        What holds of those that go right.
    goes_left : bool
        Which way the row goes.
    threshold : float
        Of a number; NaN for categories, and where known parts from missing.
    cell : str
        What the row has there, with its unit.
    value : float
        The same as a number; NaN if it is missing or a category.
    unit : str
        Of the number.
    levels : tuple of str
        Levels of a category that go where the row goes.
    is_missing : bool
        Whether the row goes where missing cells go: an unknown or rare level does too.
    """

    node: int
    column: str
    left_rule: str
    right_rule: str
    goes_left: bool
    threshold: float
    cell: str
    value: float = math.nan
    unit: str = ""
    levels: tuple[str, ...] = ()
    is_missing: bool = False

    @property
    def held(self) -> str:
        """What holds of the row."""
        return self.left_rule if self.goes_left else self.right_rule


@dataclass(frozen=True)
class Condition:
    """All that a path asks of one column: `age`, and `28 is > 3 and ≤ 50`."""

    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.column} {self.text}"


def path(row: Row, encoder: FeatureEncoder, nodes: NodeArrays, leaf: int) -> list[Test]:
    """Return the questions from the root down to a leaf, with the answers that lead there."""
    parent = {int(c): i for i in range(leaf) for c in (nodes.left[i], nodes.right[i]) if c >= 0}
    way = [leaf]
    while way[-1] in parent:
        way.append(parent[way[-1]])
    way.reverse()
    columns = list(_columns(row, encoder))
    return [
        _test(nodes, node, columns[int(nodes.feature[node])], int(nodes.left[node]) == child)
        for node, child in itertools.pairwise(way)
    ]


@dataclass(frozen=True)
class _Column:
    """What stands behind a feature of the trees: its name, the row's cell, and a level's number.

    A relation is read in the units that its name speaks of.
    """

    name: str
    cell: str
    value: float = math.nan
    unit: str = ""
    table: LevelTable | None = None
    k: int = 0
    reading: RelationName = AS_IT_IS

    @property
    def is_missing(self) -> bool:
        """Whether trees read the row's cell as missing."""
        if self.table is not None:
            return self.cell not in self.table.levels
        return math.isnan(self.value)


def _columns(row: Row, encoder: FeatureEncoder) -> Iterator[_Column]:
    """Name the column, or relation, behind each feature of the trees."""
    plain = encoder.tree if isinstance(encoder, RelatedEncoder) else encoder
    for name in plain.numbers:
        yield _Column(name, row.cell(name), float(row.value(name)), row.unit(name))
    for table in plain.tables:
        for k in range(table.values.shape[1]):
            yield _Column(table.name, row.cell(table.name), table=table, k=k)
    if isinstance(encoder, RelatedEncoder):
        values = encoder.matrix(row.design, row.index)[0, plain.n_features :]
        readings = encoder.relations.readings()
        for name, value, reading in zip(encoder.names, values, readings, strict=True):
            read = reading(float(value))
            yield _Column(name, number(read, DIGITS), read, reading=reading)


def _test(nodes: NodeArrays, node: int, column: _Column, goes_left: bool) -> Test:
    threshold, code = float(nodes.threshold[node]), int(nodes.missing[node])
    test = Test(
        node=node,
        column=column.name,
        left_rule="",
        right_rule="",
        goes_left=goes_left,
        threshold=math.nan,
        cell=column.cell,
        value=column.value,
        unit=column.unit,
        levels=column.table.levels if column.table else (),
        is_missing=column.is_missing,
    )
    if math.isinf(threshold):
        # Known values lie below infinity, so they go left whatever missing ones do.
        if code == NAN_LEFT:
            return replace(test, left_rule="known or missing", right_rule="nothing")
        return replace(test, left_rule="known", right_rule="missing")
    parted = _on_number if column.table is None else _on_levels
    test = parted(test, column, threshold)
    if not test.is_missing:
        return test
    held = f"{test.held} or missing"
    return replace(test, left_rule=held) if goes_left else replace(test, right_rule=held)


def _on_number(test: Test, column: _Column, threshold: float) -> Test:
    """Part numbers at a threshold, read in the unit of the column's name."""
    limit = column.reading(threshold)
    cell, shown = test.cell, number(limit)
    if not test.is_missing:
        limits = (-math.inf, limit) if test.goes_left else (limit, math.inf)
        own, *ends = _apart(test.value, *limits)
        cell, shown = _with_unit(own, test.unit), ends[test.goes_left]
    return replace(
        test, left_rule=f"≤ {shown}", right_rule=f"> {shown}", threshold=limit, cell=cell
    )


def _on_levels(test: Test, column: _Column, threshold: float) -> Test:
    """Part the levels of a category by the numbers that stand for them."""
    assert column.table is not None
    is_left = column.table.values[:, column.k] <= threshold
    left, right = (tuple(itertools.compress(test.levels, side)) for side in (is_left, ~is_left))
    levels = left if test.goes_left else right
    return replace(test, left_rule=_levels(left), right_rule=_levels(right), levels=levels)


def _levels(levels: Sequence[str]) -> str:
    shown = ", ".join(levels[:MOST_LEVELS])
    return f"{shown} and {len(levels) - MOST_LEVELS} more" if len(levels) > MOST_LEVELS else shown


def _with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}".strip()


def summary(tests: Sequence[Test]) -> tuple[Condition, ...]:
    """Join the answers on the way to one condition a column, in the order of its first question.

    Each is true of the row, and together they are the way: between two limits, or one of the
    levels that all answers leave.

    Examples
    --------
    >>> low = Test(0, "age", "≤ 3", "> 3", False, 3.0, "28", value=28.0)
    >>> high = Test(2, "age", "≤ 50", "> 50", True, 50.0, "28", value=28.0)
    >>> str(summary([low, high])[0])
    'age 28 is > 3 and ≤ 50'
    """
    own: dict[str, list[Test]] = {}
    for test in tests:
        own.setdefault(test.column, []).append(test)
    return tuple(Condition(name, _joined(asked)) for name, asked in own.items())


def _joined(tests: Sequence[Test]) -> str:
    """Say what all answers on one column leave."""
    first = tests[0]
    if first.is_missing:
        return "is missing" if first.cell == "missing" else f"{first.cell} is read as missing"
    if math.isnan(first.value):
        left = [level for level in first.levels if all(level in test.levels for test in tests)]
        left = [first.cell, *(level for level in left if level != first.cell)]
        return f"is {first.cell}" if len(left) == 1 else f"{first.cell} is one of {_levels(left)}"
    limits = [test for test in tests if not math.isnan(test.threshold)]
    low = max((test.threshold for test in limits if not test.goes_left), default=-math.inf)
    high = min((test.threshold for test in limits if test.goes_left), default=math.inf)
    cell, *shown = _apart(first.value, low, high)
    signs = [f"{sign} {text}" for sign, text in zip(">≤", shown, strict=True) if "∞" not in text]
    return f"{_with_unit(cell, first.unit)} is {' and '.join(signs) or 'known'}"


def _apart(value: float, low: float, high: float) -> tuple[str, str, str]:
    """Write a number and its limits in so many digits that low < value ≤ high can be read."""
    for digits in range(DIGITS, MOST_DIGITS + 1):
        shown = tuple(number(one, digits) for one in (value, low, high))
        own, below, above = (_read(text) for text in shown)
        if below < own <= above:
            break
    return shown[0], shown[1], shown[2]


def _read(text: str) -> float:
    return float(text.replace(MINUS, "-").replace("∞", "inf"))
