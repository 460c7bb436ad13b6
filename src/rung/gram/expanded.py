"""Add up products of monomials over sets of rows, and move the sums to another shift and scale.

Every set of rows is added up once, in a shift and scale of its own, which no other row can touch.
A training set is the sum of its parts after each was moved, exactly, to the shift and scale of
the whole: monomials of a line in z are sums of monomials of z. So all folds, all inner splits and
all degrees take one pass over the data, and rows outside a training set touch no bit of its sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rung.core.family import Problem
from rung.gram.monomials import Monomials
from rung.gram.sums import Basis, LevelIndex, level_matrix, middle_and_spread
from rung.prep.levels import KeptLevels
from rung.typing import Array, Untyped

# Numbers of so few different values get no powers that lower ones already give.
FEW = 4
BLOCK_CELLS = 600_000
FEWEST_ROWS = 256
# Cells of a map that is kept as a plain matrix.
SMALL = 4_096
# Test rows further off than this many standard deviations of the training rows count as this far,
# so that their losses stay finite.
FARTHEST = 1e25
FARTHEST_TARGET = 1e100
# Cells that the middle of a number is found from.
SAMPLE = 2_048


@dataclass(frozen=True)
class Part:
    """Say what a set of rows is like, before its products are added up.

    Attributes
    ----------
    basis : Basis
        Middle and spread of each number and of the target.
    missing, present : ndarray of bool, shape (n_numbers,)
        Whether some cells are missing; whether some are not.
    values : ndarray, shape (n_numbers, FEW + 1)
        Different values, then NaN; infinity where there are more than FEW.
    low, high : float
        Range of the target.
    """

    basis: Basis
    missing: Array
    present: Array
    values: Array
    low: float
    high: float


def describe_part(problem: Problem, rows: Array) -> Part:
    """Describe a set of rows; no other row is read."""
    y = problem.y[rows].astype(np.float64)
    columns = [_present(column) for column in problem.design.number_columns(rows)]
    learned = [_centre_and_spread(present) for present in columns]
    values = np.array([_few_values(present) for present in columns]).reshape(-1, FEW + 1)
    basis = Basis(
        np.array([shift for shift, _ in learned]),
        np.array([scale for _, scale in learned]),
        *_centre_and_spread(y),
    )
    counts = np.array([len(present) for present in columns], dtype=int)
    return Part(basis, counts < len(rows), counts > 0, values, float(y.min()), float(y.max()))


def _present(column: Array) -> Array:
    known = np.isfinite(column)
    return column if known.all() else column[known]


def _centre_and_spread(present: Array) -> tuple[float, float]:
    """Return a value near the middle, from evenly spread cells, and the mean distance from it."""
    if len(present) <= SAMPLE:
        return middle_and_spread(present)
    centre, _ = middle_and_spread(present[:: len(present) // SAMPLE])
    with np.errstate(over="ignore"):
        spread = float(np.abs(present - centre).mean())
    return centre, spread if np.finfo(float).tiny < spread < np.inf else 1.0


def _few_values(present: Array) -> Array:
    out = np.full(FEW + 1, np.nan)
    for stop in (256, len(present)):  # most columns show many values at once
        found = np.unique(present[:stop])
        if len(found) > FEW:
            return np.full(FEW + 1, np.inf)
    out[: len(found)] = found
    return out


@dataclass(frozen=True)
class ExpandedSums:
    """Hold weighted sums of products over a set of rows, in a basis of their own.

    The side columns are y, then indicators of missing cells if there are any.

    Attributes
    ----------
    moments : ndarray, shape (n_moments,)
        Of the monomials; see `Monomials`.
    cross : ndarray, shape (n_side, n_monomials)
        Side columns times monomials.
    side : ndarray, shape (n_side, n_side)
        Side columns times side columns.
    mixed : ndarray, shape (n_levels, n_monomials + n_side)
        Level columns times all these.
    levels : ndarray, shape (n_levels, n_levels)
        Level columns times level columns.
    """

    moments: Array
    cross: Array
    side: Array
    mixed: Array
    levels: Array

    def whole(self, terms: Monomials, used: Array) -> Array:
        """Return all products of (monomials, y, indicators, used levels) in one matrix."""
        n_terms, n_side, n_numbers = len(terms), len(self.side), terms.n_numbers
        first_level = n_terms + 1 + n_numbers
        out = np.zeros((first_level + len(used),) * 2)
        rest = slice(n_terms, n_terms + n_side)
        out[:n_terms, :n_terms] = self.moments[terms.pairs]
        out[rest, :n_terms], out[:n_terms, rest] = self.cross, self.cross.T
        out[rest, rest] = self.side
        if len(used):
            mixed = self.mixed[used]
            out[first_level:, : n_terms + n_side] = mixed
            out[: n_terms + n_side, first_level:] = mixed.T
            out[first_level:, first_level:] = self.levels[np.ix_(used, used)]
        return out


@dataclass
class _Totals:
    """Add up blocks of rows."""

    terms: Monomials
    sums: list[Array]
    low: Array
    cross: Array
    side: Array
    mixed: Array
    levels: Array

    @classmethod
    def start(cls, terms: Monomials, n_side: int, n_levels: int) -> _Totals:
        n_terms = len(terms)
        return cls(
            terms,
            terms.start_sums(),
            np.zeros(n_terms),
            np.zeros((n_side, n_terms)),
            np.zeros((n_side, n_side)),
            np.zeros((n_levels, n_terms + n_side)),
            np.zeros((n_levels, n_levels)),
        )

    def add(self, back: Array, ahead: Array, side: Array) -> None:
        """Add products of monomials and side columns; see `Monomials.add_products`."""
        self.terms.add_products(self.sums, back, ahead)
        weight = back[:, 0]
        weighted = side * weight[:, None]
        sums = np.concatenate([weight[:, None], weighted], axis=1).T @ ahead
        self.low += sums[0]
        self.cross += sums[1:]
        self.side += weighted.T @ side

    def add_levels(self, levels: Untyped, weight: Array, columns: tuple[Array, Array]) -> None:
        """Add products of level columns with (monomials, side columns) and with each other."""
        from scipy import sparse

        scaled = (sparse.diags(weight) @ levels).T.tocsr()
        n_terms = len(self.terms)
        self.mixed[:, :n_terms] += scaled @ np.ascontiguousarray(columns[0])
        self.mixed[:, n_terms:] += scaled @ columns[1]
        self.levels += (scaled @ levels).toarray()

    def finish(self) -> ExpandedSums:
        moments = self.terms.moments(self.sums, self.low)
        return ExpandedSums(moments, self.cross, self.side, self.mixed, self.levels)


def add_up_terms(
    problem: Problem,
    rows: Array,
    terms: Monomials,
    *,
    part: Part,
    fill: Array,
    index: LevelIndex,
) -> ExpandedSums:
    """Return the sums of products over rows, never holding more than a block of monomials.

    Parameters
    ----------
    problem : Problem
        Whose columns, target and weights are used.
    rows : ndarray of int, shape (n_rows,)
        Rows to add up; no other row is read.
    terms : Monomials
        What numbers are expanded to.
    part : Part
        Of these rows.
    fill : ndarray, shape (n_numbers,)
        What missing cells count as.
    index : LevelIndex
        Level columns wanted.
    """
    basis, has_gaps = part.basis, bool(part.missing.any())
    n_side = 1 + (terms.n_numbers if has_gaps else 0)
    totals = _Totals.start(terms, n_side, index.width)
    size = int(np.clip(BLOCK_CELLS // len(terms), FEWEST_ROWS, 16_384))
    buffers = [np.empty((min(size, len(rows)), len(terms)), order="F") for _ in range(2)]
    with np.errstate(over="ignore"):
        at = np.clip((fill - basis.shift) / basis.scale, -FARTHEST, FARTHEST)
    for start in range(0, len(rows), size):
        block = rows[start : start + size]
        ahead, back = (buffer[: len(block)] for buffer in buffers)
        Z, gaps = _standard(problem, block, basis, at)
        y = (problem.y[block] - basis.y_shift) / basis.y_scale
        side = np.concatenate([y[:, None], gaps], axis=1) if has_gaps else y[:, None]
        weight = problem.weights(block)
        terms.evaluate(Z, 1.0, ahead)
        terms.evaluate(Z[:, ::-1], weight, back)
        totals.add(back, ahead, side)
        if index.width:
            totals.add_levels(level_matrix(problem, block, index), weight, (ahead, side))
    return totals.finish()


def _standard(problem: Problem, rows: Array, basis: Basis, at: Array) -> tuple[Array, Array]:
    """Return standardised numbers, column by column in memory, and where cells are missing."""
    Z = np.empty((len(rows), len(at)), order="F")
    gaps = np.zeros(Z.shape, dtype=bool, order="F")
    with np.errstate(over="ignore", invalid="ignore"):
        for j, column in enumerate(problem.design.number_columns(rows)):
            np.subtract(column, basis.shift[j], out=Z[:, j])
            Z[:, j] /= basis.scale[j]
            known = np.isfinite(column)
            if not known.all():
                np.logical_not(known, out=gaps[:, j])
                Z[gaps[:, j], j] = at[j]
    return Z, gaps


@dataclass(frozen=True)
class Expansion:
    """Say which columns one training set uses.

    Columns are 1, y, indicators of missing cells, levels of categories, then monomials by degree.

    Attributes
    ----------
    shift, scale : ndarray, shape (n_numbers,)
        Of each number; missing cells count as the shift. A scale of 0 says that it is not used.
    y_shift, y_scale : float
        Of the target.
    indicator : ndarray of bool, shape (n_numbers,)
        Whether missing cells have a column.
    kept : tuple of KeptLevels
        Columns of each category.
    wanted : ndarray of bool, shape (n_monomials,)
        Monomials in use, without 1.
    """

    shift: Array
    scale: Array
    y_shift: float
    y_scale: float
    indicator: Array
    kept: tuple[KeptLevels, ...]
    wanted: Array

    @property
    def n_plain(self) -> int:
        """Number of columns of indicators and levels."""
        return int(self.indicator.sum()) + sum(each.width for each in self.kept)

    def widths(self, terms: Monomials) -> Array:
        """Count the columns up to each degree from 1 on, without 1 and y."""
        ends = terms.starts[2 : terms.degree + 2]
        return np.array([self.n_plain + int(self.wanted[:end].sum()) for end in ends])

    def turn(self, terms: Monomials, basis: Basis, index: LevelIndex) -> tuple[Array, Untyped]:
        """Return the level columns used, and the map of `ExpandedSums.whole` to columns."""
        n_terms, n_numbers = len(terms), terms.n_numbers
        entries: list[tuple[Array, Array, Array]] = [
            (np.array([0, 1, 1]), np.array([0, 0, n_terms]), self._target(basis))
        ]
        gaps = np.flatnonzero(self.indicator)
        entries.append((2 + np.arange(len(gaps)), n_terms + 1 + gaps, np.ones(len(gaps))))
        used, row, column = [np.zeros(0, dtype=int)], 2 + len(gaps), n_terms + 1 + n_numbers
        for each, place in zip(self.kept, index.place, strict=True):
            own = _own_slots(each, place)
            entries.extend(_level_entries(each, row, column, len(own)))
            used.append(own)
            row, column = row + each.width, column + len(own)
        entries.append(self._powers(terms, basis, row))
        rows, columns, data = (np.concatenate(part) for part in zip(*entries, strict=True))
        shape = (row + int(self.wanted.sum()), column)
        return np.concatenate(used), _matrix(data, rows, columns, shape)

    def _target(self, basis: Basis) -> Array:
        with np.errstate(over="ignore"):
            line = np.array([basis.y_shift - self.y_shift, basis.y_scale]) / self.y_scale
        return np.concatenate([[1.0], np.clip(line, -FARTHEST_TARGET, FARTHEST_TARGET)])

    def _powers(self, terms: Monomials, basis: Basis, row: int) -> tuple[Array, Array, Array]:
        used = self.scale > 0
        divisor = np.where(used, self.scale, 1.0)
        with np.errstate(over="ignore", invalid="ignore"):
            scale = np.where(used, np.minimum(basis.scale / divisor, FARTHEST), 0.0)
            shift = (basis.shift - self.shift) / divisor
        shift = np.where(used & np.isfinite(shift), np.clip(shift, -FARTHEST, FARTHEST), 0.0)
        rows, columns, data = terms.change(scale, shift, self.wanted)
        place = row + np.cumsum(self.wanted) - 1
        return place[rows], columns, data


def _matrix(data: Array, rows: Array, columns: Array, shape: tuple[int, int]) -> Untyped:
    """Return a matrix of few entries; a small one is plain, as a sparse one costs more to make."""
    from scipy import sparse

    if shape[0] * shape[1] > SMALL:
        return sparse.csr_matrix((data, (rows, columns)), shape=shape)
    flat = np.bincount(rows * shape[1] + columns, weights=data, minlength=shape[0] * shape[1])
    return flat.reshape(shape)


def _own_slots(kept: KeptLevels, place: Array) -> Array:
    n_levels = len(place) - 2
    wanted = [*kept.codes, n_levels] if kept.missing else list(kept.codes)
    return np.asarray(place[np.array(wanted, dtype=int)])


def _level_entries(
    kept: KeptLevels, row: int, column: int, n_own: int
) -> Iterator[tuple[Array, Array, Array]]:
    """Yield entries for levels with a column; `other` is 1 less all of these."""
    own = np.arange(n_own)
    yield row + own, column + own, np.ones(n_own)
    if kept.other:
        last = row + n_own
        columns = np.concatenate([[0], column + own])
        yield np.full(n_own + 1, last), columns, np.concatenate([[1.0], np.full(n_own, -1.0)])
