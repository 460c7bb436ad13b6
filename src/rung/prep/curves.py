"""Encode a table for models that add up curves: hats for numbers, 0-1 columns for levels.

Columns come in this order: hats of each number, cells of each pair of columns, indicators of
missing cells, then levels of categories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rung.core.family import Design, Problem, State
from rung.errors import BadModelFile
from rung.prep.knots import choose_knots, coarse, hats
from rung.prep.levels import MAX_WIDTH, count_slots, keep_levels
from rung.prep.nesting import nest, part
from rung.prep.one_hot import TableEncoder, cells, describe
from rung.prep.states import REMEDY, take_array
from rung.typing import Array, Untyped

# Knots of each side of a pair; levels of all categories; knots that a file may hold for a number.
PAIR_KNOTS, LEVEL_ROOM, MOST_KNOTS = 9, 300, 1_000


@dataclass(frozen=True)
class CurveEncoder:
    """Turn a table into columns of which curves are sums, learned on training rows.

    Attributes
    ----------
    rest : TableEncoder
        Gives indicators of missing cells and the levels of categories; uses no number.
    knots : tuple of ndarray, each (n_knots,)
        Of each number, ascending; none for a number that does not vary.
    pairs : ndarray of int, shape (n_pairs, 2)
        Columns that are looked at together; categories are numbered after the numbers.
    """

    rest: TableEncoder
    knots: tuple[Array, ...]
    pairs: Array

    @cached_property
    def starts(self) -> Array:
        """First column of each number, each pair and the rest; shape (n_numbers + n_pairs + 1,)."""
        sizes = [len(each) for each in self.knots]
        sizes += [int(np.prod(self.sides(pair))) for pair in self.pairs]
        return np.concatenate([[0], np.cumsum(sizes)]).astype(int)

    @property
    def width(self) -> int:
        """Number of columns."""
        return int(self.starts[-1]) + self.rest.width

    def sides(self, pair: Array) -> tuple[int, int]:
        """Count the knots or levels of both columns of a pair."""
        first, second = (self._side(int(column)) for column in pair)
        return first, second

    def _side(self, column: int) -> int:
        if column < len(self.knots):
            return len(coarse(self.knots[column], PAIR_KNOTS))
        return self.rest.categories[column - len(self.knots)].width

    def matrix(self, design: Design, rows: Array | None = None) -> Untyped:
        """Return a column of ones and the encoded rows, sparse, shape (n_rows, 1 + width)."""
        from scipy import sparse

        self.rest.require(design)
        numbers = design.numbers(rows)
        n_rows = len(numbers)
        entries: list[tuple[Array, Array, Array]] = [
            (np.arange(n_rows), np.zeros(n_rows, dtype=int), np.ones(n_rows))
        ]
        for j, knots in enumerate(self.knots):
            if len(knots):
                known = np.flatnonzero(np.isfinite(numbers[:, j]))
                below, share = hats(numbers[known, j], knots)
                first = 1 + self.starts[j] + below
                entries += [(known, first, 1.0 - share), (known, first + 1, share)]
        for k, pair in enumerate(self.pairs):
            first = 1 + self.starts[len(self.knots) + k]
            own = [(rows_, first + cell, w) for rows_, cell, w in self.corners(pair, design, rows)]
            entries += own
        rest = sparse.coo_matrix(self.rest.matrix(design, rows))
        entries.append((rest.row, 1 + self.starts[-1] + rest.col, rest.data))
        row, column, share = (np.concatenate(each) for each in zip(*entries, strict=True))
        return sparse.csr_matrix((share, (row, column)), shape=(n_rows, 1 + self.width))

    def corners(
        self, pair: Array, design: Design, rows: Array | None
    ) -> list[tuple[Array, Array, Array]]:
        """Return rows, cells and shares of a pair: four for each row that has both columns."""
        (one, p), (other, q) = (self._place(int(column), design, rows) for column in pair)
        known = np.flatnonzero((one >= 0) & (other >= 0))
        one, p, other, q = one[known], p[known], other[known], q[known]
        size = self.sides(pair)
        # The last knot has none above it, and no share there.
        next_one = np.minimum(one + 1, size[0] - 1)
        next_other = np.minimum(other + 1, size[1] - 1)
        return [
            (known, one * size[1] + other, (1.0 - p) * (1.0 - q)),
            (known, one * size[1] + next_other, (1.0 - p) * q),
            (known, next_one * size[1] + other, p * (1.0 - q)),
            (known, next_one * size[1] + next_other, p * q),
        ]

    def _place(self, column: int, design: Design, rows: Array | None) -> tuple[Array, Array]:
        """Return the knot below, or the level, of each row, -1 for none, and the next one's share."""
        n_numbers = len(self.knots)
        if column >= n_numbers:
            category = self.rest.categories[column - n_numbers]
            levels = design.category_columns[column - n_numbers].levels
            codes = design.codes(rows)[:, column - n_numbers]
            place = category.positions(levels)[cells(codes, len(levels))]
            return np.where(place < category.width, place, -1), np.zeros(len(place))
        values = design.numbers(rows)[:, column]
        known = np.isfinite(values)
        below, share = np.full(len(values), -1), np.zeros(len(values))
        below[known], share[known] = hats(values[known], coarse(self.knots[column], PAIR_KNOTS))
        return below, share

    def combine(
        self, design: Design, rows: Array | None, coefficients: Array, intercept: Array
    ) -> Array:
        """Return the sums of curves; a row's result depends on that row alone, to the bit.

        Parameters
        ----------
        design : Design
            Coded to any level lists.
        rows : ndarray of int or None
            Rows wanted.
        coefficients : ndarray, shape (width, n_scores)
            Heights at knots, in cells, of gaps and of levels.
        intercept : ndarray, shape (n_scores,)
            Added to each row.
        """
        first = int(self.starts[-1])
        out = self.rest.combine(design, rows, coefficients[first:], intercept)
        for j, column in enumerate(design.number_columns(rows)):
            if not len(self.knots[j]):
                continue
            known = np.isfinite(column)
            below, share = hats(np.where(known, column, self.knots[j][0]), self.knots[j])
            own = coefficients[self.starts[j] : self.starts[j + 1]]
            for total, heights in zip(out.T, own.T, strict=True):
                low = heights[below]
                total += np.where(known, low + share * (heights[below + 1] - low), 0.0)
        for k, pair in enumerate(self.pairs):
            own = coefficients[self.starts[len(self.knots) + k] :]
            for known, cell, share in self.corners(pair, design, rows):
                out[known] += share[:, None] * own[cell]
        return out

    def to_state(self) -> State:
        """Return the encoder as data; `from_state` turns it back."""
        own = State(
            {},
            {
                "n_knots": np.array([len(each) for each in self.knots], dtype=np.int64),
                "knots": np.concatenate([np.zeros(0), *self.knots]),
                "pairs": self.pairs.astype(np.int64),
            },
        )
        return nest({"numbers": own, "rest": self.rest.to_state()})

    @classmethod
    def from_state(cls, state: State) -> CurveEncoder:
        """Return the encoder that a state describes.

        Raises
        ------
        BadModelFile
            If anything in it is not as `to_state` writes it.
        """
        rest = TableEncoder.from_state(part(state, "rest"))
        own, n_numbers = part(state, "numbers"), len(rest.number_names)
        counts = take_array(own, "n_knots", (n_numbers,), low=0, high=MOST_KNOTS, whole=True)
        flat = take_array(own, "knots", (int(counts.sum()),))
        knots = tuple(np.split(flat, np.cumsum(counts))[:n_numbers])
        if rest.in_use.any() or any(len(k) == 1 or (k[1:] <= k[:-1]).any() for k in knots):
            raise BadModelFile("the knots of a curve in the model do not ascend", REMEDY)
        n_columns = n_numbers + len(rest.categories)
        pairs = take_array(own, "pairs", (None, 2), low=0, high=max(n_columns - 1, 0), whole=True)
        found = cls(rest, knots, pairs)
        if (pairs[:, 0] >= pairs[:, 1]).any() or any(not all(found.sides(p)) for p in pairs):
            raise BadModelFile("a pair of columns in the model has no cells", REMEDY)
        return found


def fit_curve_encoder(problem: Problem, rows: Array, *, most: Sequence[int]) -> CurveEncoder:
    """Learn knots and levels on training rows, for curves of each column alone.

    Parameters
    ----------
    problem : Problem
        Whose columns are used.
    rows : ndarray of int, shape (n_train,)
        Rows of positive weight to learn from; no other row is read.
    most : sequence of int
        Knots that each number may have.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> problem = example_problem("regression")
    >>> encoder = fit_curve_encoder(problem, np.arange(40), most=[8] * 11)
    >>> encoder.matrix(problem.design).shape == (problem.design.n_rows, 1 + encoder.width)
    True
    """
    design = problem.design
    columns = list(design.number_columns(rows))
    knots = tuple(map(choose_knots, columns, most))
    known = [int(np.isfinite(column).sum()) for column in columns]
    indicator = np.array([0 < count < len(rows) for count in known], dtype=bool)
    counts = [
        count_slots(codes, len(column.levels))
        for codes, column in zip(design.codes(rows).T, design.category_columns, strict=True)
    ]
    kept, _ = keep_levels(counts, taken=MAX_WIDTH - LEVEL_ROOM)
    nothing = np.zeros(len(columns))
    rest = TableEncoder(
        design.number_names,
        nothing,
        nothing + 1.0,
        np.zeros(len(columns), dtype=bool),
        indicator,
        tuple(
            describe(column.name, column.levels, own)
            for column, own in zip(design.category_columns, kept, strict=True)
        ),
    )
    return CurveEncoder(rest, knots, np.zeros((0, 2), dtype=np.int64))
