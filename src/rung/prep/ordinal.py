"""Turn columns into numbers that a tree can cut: categories become ordered by the target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from rung.core.family import Design, Problem, State
from rung.core.target_units import in_target_units, target_units
from rung.errors import BadModelFile, DataError
from rung.prep.states import REMEDY, take_array, take_strings
from rung.typing import Array

ONE_HOT_LEVELS = 8
PRIOR_ROWS = 10.0
MAX_DIRECTIONS = 3
PARTS = 5
FREQUENT_ROWS = 50
MIN_ROWS = 4
MOST = 1_000_000


@dataclass(frozen=True)
class LevelTable:
    """Say which numbers stand for each level of one category column.

    Attributes
    ----------
    name : str
        The column.
    levels : tuple of str
        Levels that occur in the training rows; any other counts as missing.
    values : ndarray, shape (n_levels, width)
        One row of numbers a level.
    held_out : tuple of ndarray, each (n_levels, width)
        For training only: `values` as learned without each part of the training rows.
    """

    name: str
    levels: tuple[str, ...]
    values: Array
    held_out: tuple[Array, ...] = ()

    def columns(self, codes: Array, all_levels: Sequence[str]) -> Array:
        """Return shape (n_rows, width); NaN for a missing or unseen level."""
        return self._look_up(self.values, codes, all_levels)

    def training_columns(self, codes: Array, all_levels: Sequence[str]) -> Array:
        """Return `columns` for the training rows, each by what the other parts say of it."""
        columns = self.columns(codes, all_levels)
        parts = deal_parts(len(codes))
        for number, values in enumerate(self.held_out):
            own = parts == number
            columns[own] = self._look_up(values, codes[own], all_levels)
        return columns

    def _look_up(self, values: Array, codes: Array, all_levels: Sequence[str]) -> Array:
        position = {level: i for i, level in enumerate(self.levels)}
        table = np.full((len(all_levels) + 1, values.shape[1]), np.nan)
        for code, level in enumerate(all_levels):
            if level in position:
                table[code] = values[position[level]]
        return table[np.where(codes < 0, len(all_levels), codes)]


def deal_parts(n_rows: int) -> Array:
    """Deal training rows into parts: a shuffle that depends on their number alone."""
    return np.random.default_rng(n_rows).permutation(n_rows) % PARTS


ColumnsOf: TypeAlias = Callable[[LevelTable, Array, Sequence[str]], Array]


@dataclass(frozen=True)
class TreeEncoder:
    """Give trees a matrix: numbers as they are, then the categories' numbers.

    Attributes
    ----------
    numbers : tuple of str
        Names of the numeric columns, in order.
    tables : tuple of LevelTable
        One for each category column, in order.
    """

    numbers: tuple[str, ...]
    tables: tuple[LevelTable, ...]

    @property
    def n_features(self) -> int:
        """Number of columns of `matrix`."""
        return len(self.numbers) + sum(int(table.values.shape[1]) for table in self.tables)

    def matrix(self, design: Design, rows: Array | None = None) -> Array:
        """Return float64, shape (n_rows, n_features), NaN for missing.

        Raises
        ------
        DataError
            If the design lacks a column that the encoder was fitted on.
        """
        return self._matrix(design, rows, LevelTable.columns)

    def training_matrix(self, design: Design, train: Array) -> Array:
        """Return the matrix to train on.

        In it a rare level's number is learned without the row's own part of the training rows,
        as its own target would otherwise speak to the tree through the category.

        Parameters
        ----------
        design : Design
            What the encoder was fitted on.
        train : ndarray of int, shape (n_train,)
            The very rows that it was fitted on, in the same order.

        Source
        ------
        Pargent, Pfisterer, Thomas & Bischl (2022), Computational Statistics 37: cross-fitted,
        smoothed target encoding was the best of eight for columns of many levels.
        """
        return self._matrix(design, train, LevelTable.training_columns)

    def _matrix(self, design: Design, rows: Array | None, columns: ColumnsOf) -> Array:
        numbers = _select(design.numbers(rows), design.number_names, self.numbers)
        names = tuple(column.name for column in design.category_columns)
        codes = _select(design.codes(rows), names, tuple(table.name for table in self.tables))
        levels = {column.name: column.levels for column in design.category_columns}
        parts = [
            columns(table, codes[:, i], levels[table.name]) for i, table in enumerate(self.tables)
        ]
        return np.ascontiguousarray(np.hstack([numbers, *parts]))

    def to_state(self) -> State:
        """Return names and levels as strings, the tables as arrays."""
        values = [table.values.ravel() for table in self.tables]
        return State(
            spec={"kind": "tree_encoder"},
            arrays={
                "level_counts": np.array([len(t.levels) for t in self.tables], dtype=np.int64),
                "widths": np.array([t.values.shape[1] for t in self.tables], dtype=np.int64),
                "values": np.concatenate([np.empty(0), *values]),
            },
            strings={
                "numbers": self.numbers,
                "categories": tuple(table.name for table in self.tables),
                "levels": tuple(level for table in self.tables for level in table.levels),
            },
        )


def _select(matrix: Array, names: tuple[str, ...], wanted: tuple[str, ...]) -> Array:
    """Return the wanted columns of a matrix whose columns are called `names`."""
    if names == wanted:
        return matrix
    position = {name: i for i, name in enumerate(names)}
    absent = [name for name in wanted if name not in position]
    if absent:
        raise DataError(
            f"column {absent[0]!r} not found; the model was trained on it, the table has "
            f"{', '.join(repr(name) for name in names[:10])}",
            "give a table with the columns that the model was trained on",
        )
    return matrix[:, [position[name] for name in wanted]]


def fit_tree_encoder(problem: Problem, train: Array) -> TreeEncoder:
    """Learn the numbers that stand for category levels, from the training rows alone.

    A column of at most `ONE_HOT_LEVELS` levels gives one 0/1 column a level (one column for two
    levels). A column of more levels gives the level's mean target, drawn toward the mean of all
    rows by `PRIOR_ROWS` rows, so that a rare level says little: for a squared or binary loss the
    best cut into two groups of levels is a cut in this order. With more than two classes the
    means are vectors of class shares, and the level's places along their first principal
    directions are given.

    Parameters
    ----------
    problem : Problem
        Target and design; only the training rows of either are read.
    train : ndarray of int, shape (n_train,)
        Training rows.

    Source
    ------
    Fisher (1958), JASA 53 (the order of means); Micci-Barreca (2001), SIGKDD Explorations 3
    (smoothing); Coppersmith, Hong & Hosking (1999), Data Mining and Knowledge Discovery 3 (the
    principal directions of class shares).
    """
    codes = problem.design.codes(train)
    weight = problem.weights(train)
    scale = weight.mean()
    weight = weight / scale if scale > 0 else np.ones(len(weight))
    target = _target_columns(problem, train)
    tables = tuple(
        _fit_table(column.name, column.levels, codes[:, i], target=target, weight=weight)
        for i, column in enumerate(problem.design.category_columns)
    )
    return TreeEncoder(tuple(problem.design.number_names), tables)


def _target_columns(problem: Problem, train: Array) -> Array:
    """Return the target as columns: values in its units, or one indicator a class (one of two)."""
    y = problem.y[train]
    if problem.task == "regression":
        return in_target_units(y, *target_units(y))[:, None]
    shares: Array = (y[:, None] == np.arange(len(problem.classes))).astype(np.float64)
    return shares[:, 1:] if problem.task == "binary" else shares


def _fit_table(
    name: str, all_levels: tuple[str, ...], codes: Array, *, target: Array, weight: Array
) -> LevelTable:
    counts = np.bincount(codes[codes >= 0], minlength=len(all_levels))
    seen = np.flatnonzero(counts)
    if len(seen) <= 2:
        values = np.arange(len(seen), dtype=np.float64)[:, None]
    else:
        values = np.eye(len(seen))
    if len(seen) <= ONE_HOT_LEVELS:
        return LevelTable(name, tuple(all_levels[code] for code in seen), values)
    # A level of very few rows is trained as an unseen one is predicted: as missing.
    kept = np.flatnonzero(counts >= MIN_ROWS)
    position = np.full(len(all_levels), -1)
    position[kept] = np.arange(len(kept))
    index = np.where(codes >= 0, position[codes], -1)
    values, held_out = _ordered(index, target, weight, rare=counts[kept] < FREQUENT_ROWS)
    return LevelTable(name, tuple(all_levels[code] for code in kept), values, held_out)


def _ordered(
    index: Array, target: Array, weight: Array, *, rare: Array
) -> tuple[Array, tuple[Array, ...]]:
    """Return the levels' numbers, (n_levels, width), from all rows and without each part."""
    parts = deal_parts(len(index))
    totals = [_totals(index, target, weight * (parts == part), len(rare)) for part in range(PARTS)]
    mass = np.sum([part_mass for part_mass, _ in totals], axis=0)
    sums = np.sum([part_sums for _, part_sums in totals], axis=0)
    prior = sums.sum(axis=0) / max(mass.sum(), 1.0)
    centred = _means(mass, sums, prior) - prior
    axes = _directions(centred, mass)
    held_out = [
        np.where(rare[:, None], _means(mass - part_mass, sums - part_sums, prior) - prior, centred)
        for part_mass, part_sums in totals
    ]
    return centred @ axes, tuple(numbers @ axes for numbers in held_out)


def _totals(index: Array, target: Array, weight: Array, n_levels: int) -> tuple[Array, Array]:
    """Return weights (n_levels,) and weighted sums of the target (n_levels, n_columns)."""
    known = index >= 0
    index, target, weight = index[known], target[known], weight[known]
    mass = np.bincount(index, weight, minlength=n_levels)
    sums = [np.bincount(index, weight * column, minlength=n_levels) for column in target.T]
    return mass, np.stack(sums, axis=1)


def _means(mass: Array, sums: Array, prior: Array) -> Array:
    """Return means of the levels, (n_levels, n_columns), drawn toward the mean of all."""
    return (sums + PRIOR_ROWS * prior) / (mass[:, None] + PRIOR_ROWS)


def _directions(centred: Array, mass: Array) -> Array:
    """Return the main directions in which the levels' means differ, (n_columns, width)."""
    if centred.shape[1] == 1:
        return np.ones((1, 1))
    _, vectors = np.linalg.eigh((centred * mass[:, None]).T @ centred)
    chosen = vectors[:, ::-1][:, : min(MAX_DIRECTIONS, centred.shape[1] - 1)]
    # An eigenvector has no sign of its own: let its largest entry be positive.
    largest = np.abs(chosen).argmax(axis=0)
    signs = np.where(chosen[largest, np.arange(chosen.shape[1])] < 0, -1.0, 1.0)
    return chosen * signs


def tree_encoder_from_state(state: State) -> TreeEncoder:
    """Rebuild an encoder, checking that every part fits.

    Raises
    ------
    BadModelFile
        If names, levels and tables do not agree, or a table holds a number that is not finite.
    """
    names = take_strings(state, "categories")
    counts = take_array(state, "level_counts", (len(names),), low=0, high=MOST, whole=True)
    widths = take_array(state, "widths", (len(names),), low=1, high=MOST, whole=True)
    values = take_array(state, "values", (int(counts @ widths),))
    levels = take_strings(state, "levels", int(counts.sum()), distinct=False)
    tables = []
    first = start = 0
    for name, n_levels, width in zip(names, counts.tolist(), widths.tolist(), strict=True):
        own = levels[first : first + n_levels]
        if len(set(own)) != n_levels:
            raise BadModelFile(f"a level of column {name!r} of the model repeats", REMEDY)
        size = n_levels * width
        table = values[start : start + size].reshape(n_levels, width)
        tables.append(LevelTable(name, own, table))
        first, start = first + n_levels, start + size
    return TreeEncoder(take_strings(state, "numbers"), tuple(tables))
