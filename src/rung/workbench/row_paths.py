"""Say in words which way a row takes through a tree."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from rung.graph.numbers import number
from rung.graph.parts import Line
from rung.prep.ordinal import LevelTable, TreeEncoder
from rung.prep.related import RelatedEncoder
from rung.prep.relations import Reading
from rung.trees.nodes import NAN_LEFT, NodeArrays
from rung.workbench.row_facts import Row

MOST_LEVELS = 3
AS_IT_IS = Reading()
Encoder: TypeAlias = TreeEncoder | RelatedEncoder


@dataclass(frozen=True)
class Test:
    """One question that a tree asks.

    Attributes
    ----------
    node : int
        Where it is asked.
    column : str
        The column of the table.
    said : str
        What holds of rows that go left, such as `≤ 3.5`.
    refused : str
        What holds of those that go right.
    goes_left : bool
        Which way the row goes.
    threshold : float
        Of a number; NaN for categories.
    cell : str
        What the row has there, with its unit.
    """

    node: int
    column: str
    said: str
    refused: str
    goes_left: bool
    threshold: float
    cell: str

    @property
    def held(self) -> str:
        """What holds of the row."""
        return self.said if self.goes_left else self.refused


def path(row: Row, encoder: Encoder, nodes: NodeArrays, leaf: int) -> list[Test]:
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
    table: LevelTable | None = None
    k: int = 0
    reading: Reading = AS_IT_IS


def _columns(row: Row, encoder: Encoder) -> Iterator[_Column]:
    """Name the column, or relation, behind each feature of the trees."""
    plain = encoder.tree if isinstance(encoder, RelatedEncoder) else encoder
    for name in plain.numbers:
        yield _Column(name, row.cell(name))
    for table in plain.tables:
        for k in range(table.values.shape[1]):
            yield _Column(table.name, row.cell(table.name), table, k)
    if isinstance(encoder, RelatedEncoder):
        values = encoder.matrix(row.design, row.index)[0, plain.n_features :]
        readings = encoder.relations.readings()
        for name, value, reading in zip(encoder.names, values.tolist(), readings, strict=True):
            yield _Column(name, number(reading(value), 4), reading=reading)


def _test(nodes: NodeArrays, node: int, column: _Column, goes_left: bool) -> Test:
    name, cell, table, k = column.name, column.cell, column.table, column.k
    threshold = float(nodes.threshold[node])
    missing_left = int(nodes.missing[node]) == NAN_LEFT
    if np.isinf(threshold):
        said = ("missing", "known") if missing_left else ("known", "missing")
        # Known values lie below infinity, so they go left whatever missing ones do.
        said = ("known or missing", "nothing") if missing_left else said
        return Test(node, name, said[0], said[1], goes_left, float("nan"), cell)
    if table is None:
        threshold = column.reading(threshold)
        shown = number(threshold)
        return Test(node, name, f"≤ {shown}", f"> {shown}", goes_left, threshold, cell)
    left = [
        level for level, own in zip(table.levels, table.values, strict=True) if own[k] <= threshold
    ]
    right = [level for level in table.levels if level not in left]
    return Test(node, name, _levels(left), _levels(right), goes_left, float("nan"), cell)


def _levels(levels: Sequence[str]) -> str:
    shown = ", ".join(levels[:MOST_LEVELS])
    return f"{shown} and {len(levels) - MOST_LEVELS} more" if len(levels) > MOST_LEVELS else shown


def summary(tests: Sequence[Test]) -> tuple[Line, ...]:
    """Join the answers on the way to one line a column, such as `3 … 5`.

    The name of a line is the column with the row's own cell.
    """
    bounds: dict[str, tuple[float, float]] = {}
    words: dict[str, str] = {}
    cells = {test.column: test.cell for test in tests}
    for test in tests:
        if np.isnan(test.threshold):
            words[test.column] = test.held
            continue
        low, high = bounds.get(test.column, (-np.inf, np.inf))
        limit = test.threshold
        bounds[test.column] = (low, min(high, limit)) if test.goes_left else (max(low, limit), high)
        words[test.column] = _between(*bounds[test.column])
    return tuple(Line(f"{name} {cells[name]}", said) for name, said in words.items())


def _between(low: float, high: float) -> str:
    if np.isinf(low):
        return f"≤ {number(high, 4)}"
    return f"> {number(low, 4)}" if np.isinf(high) else f"{number(low, 4)} … {number(high, 4)}"
