"""Encode a table for models that add up columns: standardised numbers, 0-1 columns for levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.dataset import MISSING
from rung.core.family import Design, Problem, State
from rung.errors import BadModelFile, DataError
from rung.prep.levels import KeptLevels, count_slots, keep_levels
from rung.prep.lines import Scaling, line, standardise
from rung.prep.states import REMEDY, take_array, take_strings
from rung.typing import Array

_BLOCK_ROWS = 8_192

__all__ = [
    "LevelColumns",
    "TableEncoder",
    "cells",
    "describe",
    "fit_one_hot",
    "make_encoder",
    "moments",
    "squeeze_notes",
    "standardise",
]


@dataclass(frozen=True)
class LevelColumns:
    """Name the levels of one category that have columns, in the order of the columns."""

    name: str
    levels: tuple[str, ...]
    missing: bool
    other: bool

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.levels) + self.missing + self.other

    def positions(self, design_levels: Sequence[str]) -> Array:
        """Return the column of each slot of a design's codes, `width` where all are zero.

        Slots are the codes, then missing, then unseen; shape (n_levels + 2,).
        """
        rest = len(self.levels) + self.missing if self.other else self.width
        known = {level: position for position, level in enumerate(self.levels)}
        table = [known.get(level, rest) for level in design_levels]
        return np.array([*table, len(self.levels) if self.missing else rest, rest])


@dataclass(frozen=True)
class TableEncoder:
    """Turn a table into a matrix, with everything learned on training rows.

    Columns come in this order: numbers in use, indicators of missing cells, then for each
    category its kept levels, `missing` and `other`. Numbers are (x - shift) / scale, 0 where
    missing; all else is 0 or 1.

    Attributes
    ----------
    number_names : tuple of str
        Numbers of the design, in use or not.
    shift, scale : ndarray, shape (n_numbers,)
        Mean and standard deviation of the training rows.
    in_use, indicator : ndarray of bool, shape (n_numbers,)
        Whether the number varies; whether its missing cells have a column.
    categories : tuple of LevelColumns
        One a category column of the design.
    notes : tuple of str
        What the user should know; not part of the state.
    """

    number_names: tuple[str, ...]
    shift: Array
    scale: Array
    in_use: Array
    indicator: Array
    categories: tuple[LevelColumns, ...]
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Number of columns of the matrix."""
        spread = sum(category.width for category in self.categories)
        return int(self.in_use.sum()) + int(self.indicator.sum()) + spread

    def column_names(self) -> tuple[str, ...]:
        """Name the columns of the matrix, for people."""
        names = [name for name, used in zip(self.number_names, self.in_use, strict=True) if used]
        for name, used in zip(self.number_names, self.indicator, strict=True):
            names.extend([f"{name} is missing"] if used else [])
        for each in self.categories:
            names.extend(f"{each.name} = {level}" for level in each.levels)
            names.extend([f"{each.name} is missing"] if each.missing else [])
            names.extend([f"{each.name} is another level"] if each.other else [])
        return tuple(names)

    def matrix(self, design: Design, rows: Array | None = None) -> Array:
        """Return the encoded rows, float64, shape (n_rows, width)."""
        self.require(design)
        numbers, codes = design.numbers(rows), design.codes(rows)
        out = np.zeros((len(numbers), self.width))
        position = 0
        for j in np.flatnonzero(self.in_use):
            out[:, position] = standardise(numbers[:, j], self.shift[j], self.scale[j])
            position += 1
        for j in np.flatnonzero(self.indicator):
            out[:, position] = ~np.isfinite(numbers[:, j])
            position += 1
        for i, category in enumerate(self.categories):
            levels = design.category_columns[i].levels
            place = category.positions(levels)[cells(codes[:, i], len(levels))]
            spread = np.flatnonzero(place < category.width)
            out[spread, position + place[spread]] = 1.0
            position += category.width
        return out

    def combine(
        self, design: Design, rows: Array | None, coefficients: Array, intercept: Array
    ) -> Array:
        """Return matrix @ coefficients + intercept, equal to the bit for any subset of rows.

        Parameters
        ----------
        design : Design
            Coded to any level lists; levels are matched by name.
        rows : ndarray of int or None
            Rows wanted.
        coefficients : ndarray, shape (width, n_outputs)
            One row for each column of the matrix.
        intercept : ndarray, shape (n_outputs,)
            Added to each row.

        Returns
        -------
        ndarray, shape (n_rows, n_outputs)
        """
        self.require(design)
        n_rows = design.n_rows if rows is None else len(rows)
        out = np.tile(intercept[:, None], n_rows)
        places = zip(np.flatnonzero(self.in_use).tolist(), coefficients, strict=False)
        lines = {j: line(self.shift[j], self.scale[j], own) for j, own in places}
        # A block of one column stays in the processor's cache while it is gone through.
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, n_rows, _BLOCK_ROWS):
                block = slice(start, start + _BLOCK_ROWS)
                part, own = out[:, block], block if rows is None else rows[block]
                self._add_numbers(part, design.number_columns(own), lines, coefficients)
                self._add_levels(part, design, own, coefficients)
        return np.ascontiguousarray(out.T)

    def _add_numbers(
        self,
        out: Array,
        columns: Iterator[Array],
        lines: Mapping[int, Scaling],
        coefficients: Array,
    ) -> None:
        """Add each number and its indicator, times their coefficients, to (n_outputs, n_rows)."""
        gap = len(lines)
        for j, column in enumerate(columns):
            if j in lines:
                lines[j].add_to(out, column)
            if self.indicator[j]:
                missing = ~np.isfinite(column)
                if missing.any():
                    out[:, missing] += coefficients[gap][:, None]
                gap += 1

    def _add_levels(
        self, out: Array, design: Design, rows: Array | slice, coefficients: Array
    ) -> None:
        """Add the coefficients of each category's level to (n_outputs, n_rows)."""
        position = int(self.in_use.sum()) + int(self.indicator.sum())
        nothing = np.zeros(len(out))
        codes = design.codes(rows)
        for i, category in enumerate(self.categories):
            levels = design.category_columns[i].levels
            own = np.vstack([coefficients[position : position + category.width], nothing])
            place = category.positions(levels)[cells(codes[:, i], len(levels))]
            for total, weights in zip(out, own.T, strict=True):
                total += weights.take(place)
            position += category.width

    def require(self, design: Design) -> None:
        """Raise `DataError` unless a design has the features that this was fitted on."""
        names = tuple(column.name for column in design.category_columns)
        wanted = tuple(category.name for category in self.categories)
        if design.number_names != self.number_names or names != wanted:
            raise DataError(
                f"the table has the features {[*design.number_names, *names]}; the model was "
                f"fitted on {[*self.number_names, *wanted]}",
                "give the same features, in the same order",
            )

    def to_state(self) -> State:
        """Return the encoder as data; `from_state` turns it back."""
        return State(
            {},
            {
                "shift": self.shift,
                "scale": self.scale,
                "in_use": self.in_use.astype(np.uint8),
                "indicator": self.indicator.astype(np.uint8),
                "n_levels": np.array([len(each.levels) for each in self.categories], dtype=int),
                "missing": np.array([each.missing for each in self.categories], dtype=np.uint8),
                "other": np.array([each.other for each in self.categories], dtype=np.uint8),
            },
            {
                "number_names": self.number_names,
                "category_names": tuple(each.name for each in self.categories),
                "levels": tuple(level for each in self.categories for level in each.levels),
            },
        )

    @classmethod
    def from_state(cls, state: State) -> TableEncoder:
        """Return the encoder that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        names = take_strings(state, "number_names")
        n_numbers = len(names)
        return cls(
            names,
            take_array(state, "shift", (n_numbers,)),
            take_array(state, "scale", (n_numbers,), low=np.finfo(float).tiny),
            take_array(state, "in_use", (n_numbers,), low=0, high=1, whole=True).astype(bool),
            take_array(state, "indicator", (n_numbers,), low=0, high=1, whole=True).astype(bool),
            _categories_from(state),
        )


def _categories_from(state: State) -> tuple[LevelColumns, ...]:
    names = take_strings(state, "category_names")
    levels = take_strings(state, "levels", distinct=False)
    shape = (len(names),)
    n_levels = take_array(state, "n_levels", shape, low=0, high=len(levels), whole=True)
    missing = take_array(state, "missing", shape, low=0, high=1, whole=True)
    other = take_array(state, "other", shape, low=0, high=1, whole=True)
    ends = np.cumsum(n_levels)
    if (int(ends[-1]) if len(ends) else 0) != len(levels):
        raise BadModelFile("the level lists of the model do not add up", REMEDY)
    categories = []
    for i, name in enumerate(names):
        own = levels[ends[i] - n_levels[i] : ends[i]]
        if len(set(own)) != len(own):
            raise BadModelFile(f"levels of {name!r} in the model repeat", REMEDY)
        categories.append(LevelColumns(name, own, bool(missing[i]), bool(other[i])))
    return tuple(categories)


def cells(codes: Array, n_levels: int) -> Array:
    """Return slots of codes; a code outside the levels counts as unseen."""
    known = (codes >= 0) & (codes < n_levels)
    return np.where(known, codes, np.where(codes == MISSING, n_levels, n_levels + 1))


def fit_one_hot(problem: Problem, train: Array) -> TableEncoder:
    """Learn the encoding on training rows.

    Parameters
    ----------
    problem : Problem
        Whose columns and weights are used.
    train : ndarray of int, shape (n_train,)
        Rows to learn from.

    Returns
    -------
    TableEncoder
        Numbers that do not vary have no column.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> problem = example_problem("regression")
    >>> encoder = fit_one_hot(problem, np.arange(40))
    >>> encoder.matrix(problem.design).shape == (problem.design.n_rows, encoder.width)
    True
    """
    design = problem.design
    weight = problem.weights(train)
    if not weight.any():
        weight = np.ones(len(train))
    learned = [moments(column, weight) for column in design.numbers(train).T]
    shift, scale, in_use, indicator = (
        np.array([each[part] for each in learned], dtype=kind)
        for part, kind in enumerate((float, float, bool, bool))
    )
    counts = [
        count_slots(codes, len(column.levels))
        for codes, column in zip(design.codes(train).T, design.category_columns, strict=True)
    ]
    return make_encoder(design, (shift, scale, in_use, indicator), counts)


def make_encoder(
    design: Design, numbers: tuple[Array, Array, Array, Array], counts: Sequence[Array]
) -> TableEncoder:
    """Put an encoder together from what training rows say.

    Parameters
    ----------
    design : Design
        Gives the names and level lists.
    numbers : tuple of ndarray, each (n_numbers,)
        `shift`, `scale`, `in_use`, `indicator`.
    counts : sequence of ndarray, each (n_levels + 2,)
        Training rows by slot for each category.
    """
    shift, scale, in_use, indicator = numbers
    room = int(in_use.sum() + indicator.sum())
    kept, n_squeezed = keep_levels(counts, taken=room)
    notes = squeeze_notes(n_squeezed)
    categories = tuple(
        describe(column.name, column.levels, each)
        for column, each in zip(design.category_columns, kept, strict=True)
    )
    return TableEncoder(design.number_names, shift, scale, in_use, indicator, categories, notes)


def squeeze_notes(n_squeezed: int) -> tuple[str, ...]:
    """Say how many frequent levels found no room for a column of their own."""
    if not n_squeezed:
        return ()
    return (f"{n_squeezed:,} of the rarer levels of categories share columns, for want of room",)


def describe(name: str, levels: Sequence[str], kept: KeptLevels) -> LevelColumns:
    """Spell out kept levels by name."""
    return LevelColumns(name, tuple(levels[code] for code in kept.codes), kept.missing, kept.other)


def moments(values: Array, weight: Array) -> tuple[float, float, bool, bool]:
    """Return shift, scale, whether the values vary, whether missing cells need a column."""
    known = np.isfinite(values)
    present, w = values[known], weight[known]
    missing = bool(0 < len(present) < len(values))
    if not w.any() or present.min() == present.max():
        return 0.0, 1.0, False, missing
    # The median is a value of the column, so that a large offset cancels without loss.
    centre = float(np.partition(present, len(present) // 2)[len(present) // 2])
    with np.errstate(over="ignore", invalid="ignore"):
        off = present - centre
        mean = float(np.average(off, weights=w))
        scale = float(np.sqrt(np.sum(w * (off - mean) ** 2) / weight.sum()))
    if not scale > np.finfo(float).tiny or not np.isfinite(scale):
        return 0.0, 1.0, False, missing
    return centre + mean, scale, True, missing
