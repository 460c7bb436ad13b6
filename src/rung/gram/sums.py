"""Add up products of columns over sets of rows, so that a training set is a sum of parts.

The Gram matrix of a training set is the sum of those of its atoms. Each atom's matrix is a
function of the atom's rows and of a basis (shift and scale of each number) learned on rows inside
every training set that uses it; so rows outside a training set cannot touch a bit of its sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rung.core.family import Problem
from rung.core.folds import Folds
from rung.prep.levels import slots
from rung.prep.one_hot import standardise
from rung.typing import Array

# Above this many atoms, which repeated folds make tiny, sums are kept of larger parts.
MOST_ATOMS = 64
BLOCK_CELLS = 4_000_000


@dataclass(frozen=True)
class Basis:
    """Shift and scale numbers and target, so that sums neither cancel nor overflow.

    Attributes
    ----------
    shift, scale : ndarray, shape (n_numbers,)
        A value near the middle of each number, and its spread.
    y_shift, y_scale : float
        The same for the target.
    """

    shift: Array
    scale: Array
    y_shift: float
    y_scale: float


@dataclass(frozen=True)
class GramSums:
    """Hold weighted sums of products over a set of rows.

    The dense columns are 1, y, numbers (0 where missing), indicators of missing cells; the level
    columns are 0-1 columns of the levels asked for.

    Attributes
    ----------
    dense : ndarray, shape (n_dense, n_dense)
    mixed : ndarray, shape (n_levels, n_dense)
    levels : ndarray, shape (n_levels, n_levels)
    """

    dense: Array
    mixed: Array
    levels: Array


@dataclass(frozen=True)
class LevelIndex:
    """Number the level columns of all categories in one row.

    Attributes
    ----------
    place : tuple of ndarray, each (n_levels + 2,)
        Number of each slot's column, -1 for slots without one.
    width : int
        Number of columns.
    """

    place: tuple[Array, ...]
    width: int

    @classmethod
    def of(cls, wanted: Sequence[Array]) -> LevelIndex:
        """Give the wanted slots a number each; one mask of shape (n_levels + 2,) for each category."""
        place, width = [], 0
        for mask in wanted:
            numbered = np.full(len(mask), -1)
            numbered[mask] = width + np.arange(int(mask.sum()))
            place.append(numbered)
            width += int(mask.sum())
        return cls(tuple(place), width)


def pieces(folds: Folds, mask: Array) -> tuple[Array, ...]:
    """Cut a set of atoms into the parts whose sums are kept.

    They are single atoms; where there are too many of these, the held-out parts of the one repeat
    that the set is made of, so that each repeat costs one pass; else the set itself.
    """
    if folds.n_atoms > MOST_ATOMS:
        return folds.held_out_parts(mask) or (mask,)
    return tuple(np.arange(folds.n_atoms) == atom for atom in np.flatnonzero(mask))


def learn_basis(problem: Problem, rows: Array) -> Basis:
    """Learn a basis on rows.

    The shift is a median, hence a value of the column: large offsets and constant columns cancel
    exactly, and no outlier moves it. |mean - median| <= standard deviation, so sums over these
    very rows lose less than one digit.
    """
    columns = [middle_and_spread(column) for column in problem.design.numbers(rows).T]
    y_shift, y_scale = middle_and_spread(problem.y[rows].astype(np.float64))
    return Basis(
        np.array([shift for shift, _ in columns]),
        np.array([scale for _, scale in columns]),
        y_shift,
        y_scale,
    )


def middle_and_spread(values: Array) -> tuple[float, float]:
    """Return a value in the middle and the mean distance from it; 0 and 1 for no values."""
    present = values[np.isfinite(values)]
    if not len(present):
        return 0.0, 1.0
    middle = len(present) // 2
    centre = float(np.partition(present, middle)[middle])
    with np.errstate(over="ignore"):
        spread = float(np.abs(present - centre).mean())
    usable = np.finfo(float).tiny < spread < np.inf
    return centre, spread if usable else 1.0


def row_blocks(rows: Array, width: int) -> Iterator[Array]:
    """Yield rows in blocks whose matrices of `width` columns stay small."""
    size = max(BLOCK_CELLS // max(width, 1), 1_024)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def add_up(problem: Problem, rows: Array, basis: Basis, index: LevelIndex) -> GramSums:
    """Return the sums of products over rows.

    Parameters
    ----------
    problem : Problem
        Whose columns, target and weights are used.
    rows : ndarray of int, shape (n_rows,)
        Rows to add up; no other row is read.
    basis : Basis
        Shift and scale of numbers and target.
    index : LevelIndex
        Level columns wanted. An entry does not depend on which others are wanted.
    """
    n_dense = 2 + 2 * len(basis.shift)
    total = GramSums(
        np.zeros((n_dense, n_dense)),
        np.zeros((index.width, n_dense)),
        np.zeros((index.width, index.width)),
    )
    for block in row_blocks(rows, n_dense):
        dense, weight = dense_block(problem, block, basis), problem.weights(block)
        part = _block_sums(dense, weight, level_matrix(problem, block, index))
        n_used = dense.shape[1]
        total.dense[:n_used, :n_used] += part.dense
        total.mixed[:, :n_used] += part.mixed
        total.levels[...] += part.levels
    return total


def dense_block(problem: Problem, rows: Array, basis: Basis) -> Array:
    """Return the dense columns (1, y, numbers, indicators) of rows, in a basis.

    Indicators are left out where no cell is missing: their sums are zero.
    """
    numbers = problem.design.numbers(rows)
    n_numbers = numbers.shape[1]
    missing = ~np.isfinite(numbers)
    n_indicators = n_numbers if missing.any() else 0
    dense = np.empty((len(rows), 2 + n_numbers + n_indicators))
    dense[:, 0] = 1.0
    dense[:, 1] = standardise(problem.y[rows], basis.y_shift, basis.y_scale)
    for j in range(n_numbers):
        dense[:, 2 + j] = standardise(numbers[:, j], basis.shift[j], basis.scale[j])
    dense[:, 2 + n_numbers :] = missing[:, :n_indicators]
    return dense


def level_matrix(problem: Problem, rows: Array, index: LevelIndex) -> object:
    """Return the level columns as a sparse matrix, shape (n_rows, n_levels)."""
    from scipy import sparse

    codes = problem.design.codes(rows)
    place = np.empty(codes.shape, dtype=np.int64)
    for i, column in enumerate(problem.design.category_columns):
        place[:, i] = index.place[i][slots(codes[:, i], len(column.levels))]
    row, position = np.nonzero(place >= 0)
    ones = np.ones(len(row))
    shape = (len(rows), index.width)
    return sparse.csr_matrix((ones, (row, place[row, position])), shape=shape)


def _block_sums(dense: Array, weight: Array, levels: object) -> GramSums:
    from scipy import sparse

    assert isinstance(levels, sparse.csr_matrix)
    weighted = dense * weight[:, None]
    turned = levels.T.tocsr()
    scaled = sparse.diags(weight) @ levels
    return GramSums(weighted.T @ dense, np.asarray(turned @ weighted), (turned @ scaled).toarray())
