"""Fit polynomial regressions for every split and for all rows, degree and penalty chosen inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from rung.core.family import Context, Problem
from rung.core.folds import Folds
from rung.errors import NotApplicable
from rung.gram.expanded import ExpandedSums, Expansion, Part, add_up_terms, describe_part
from rung.gram.grid import Grid
from rung.gram.monomials import Monomials, count_monomials, monomials
from rung.gram.sets import SlotCounts, inner_pairs, training_sets, union_slots
from rung.gram.shifting import Frame, ShiftedSolutions, expansion_of, first_present, solve_set
from rung.gram.sums import LevelIndex, pieces
from rung.prep.levels import MAX_WIDTH, keep_levels
from rung.prep.one_hot import TableEncoder, describe, squeeze_notes
from rung.typing import Array

HIGHEST = 4
# With more columns than this, the first inner split alone chooses degree and penalty.
WIDE = 300
# Levels of categories get at most this many columns before the degree drops for their sake.
LEVEL_ROOM = 1_000
# Products added up: rows times moments.
MOST_PRODUCTS = 500_000_000_000


@dataclass(frozen=True)
class PolynomialFit:
    """Hold one fitted polynomial regression.

    Attributes
    ----------
    encoder : TableEncoder
        From a table to columns of degree 1.
    coefficients : ndarray, shape (encoder.width,)
        One a column.
    terms : ndarray of int, shape (n_terms, degree)
        Numbers that each product multiplies, ascending, then `n_numbers` for 1.
    products : ndarray, shape (n_terms,)
        Coefficient of each product.
    intercept : float
        Added to each row.
    low, high : float
        Range of the training target.
    degree : int
        Highest degree in use.
    penalty : float
        Relative to the sum of weights.
    condition : float
        Of the correlations of the columns; 0 where it was not asked for.
    """

    encoder: TableEncoder
    coefficients: Array
    terms: Array
    products: Array
    intercept: float
    low: float
    high: float
    degree: int
    penalty: float
    condition: float = 0.0

    @property
    def n_columns(self) -> int:
        """Number of columns that are added up."""
        return self.encoder.width + len(self.terms)


def highest_degree(problem: Problem, wanted: int = HIGHEST) -> tuple[int, str]:
    """Return the highest degree that is feasible, and a note where it is below the one wanted.

    It depends on the schema and the number of rows alone.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> highest_degree(example_problem("regression"), 3)
    (2, 'degree 3 would need 363 columns; 2 is the highest tried')
    """
    n_numbers, n_rows = len(problem.design.number_names), len(problem.y)
    n_levels = sum(len(column.levels) + 2 for column in problem.design.category_columns)
    widest = widest_degree(n_numbers, n_levels, n_rows, wanted)
    degree = 1
    while (
        degree < widest and n_rows * count_monomials(n_numbers, 2 * (degree + 1)) <= MOST_PRODUCTS
    ):
        degree += 1
    if degree == wanted:
        return degree, ""
    n_columns = count_monomials(n_numbers, degree + 1) - 1
    return (
        degree,
        f"degree {degree + 1} would need {n_columns:,} columns; {degree} is the highest tried",
    )


def widest_degree(n_numbers: int, n_levels: int, n_rows: int, wanted: int = HIGHEST) -> int:
    """Return the highest degree whose columns are not too many, for these rows or at all.

    Examples
    --------
    >>> widest_degree(8, 0, 1_000), widest_degree(8, 0, 20), widest_degree(2_500, 0, 160)
    (4, 3, 1)
    """
    most = min(MAX_WIDTH - n_numbers - min(n_levels, LEVEL_ROOM), max(n_rows, WIDE))
    degree = 1
    while degree < wanted and count_monomials(n_numbers, degree + 1) - 1 <= most:
        degree += 1
    return degree


@dataclass
class TermStore:
    """Keep the sums of each piece of rows; one for each filling of its missing cells.

    Attributes
    ----------
    problem, folds, context : Problem, Folds, Context
        What is added up, and what maps over pieces.
    terms : Monomials
        What numbers are expanded to.
    index : LevelIndex
        Level columns that some training set uses.
    """

    problem: Problem
    folds: Folds
    context: Context
    terms: Monomials
    index: LevelIndex
    parts: dict[bytes, Part] = field(default_factory=dict)
    sums: dict[tuple[bytes, bytes], ExpandedSums] = field(default_factory=dict)

    def describe(self, masks: Sequence[Array]) -> None:
        """Describe the pieces of sets of atoms."""
        keys = list({p.tobytes(): p for mask in masks for p in pieces(self.folds, mask)})

        def work(key: bytes) -> Part:
            rows = self.folds.atom_rows(np.frombuffer(key, dtype=bool))
            return describe_part(self.problem, rows)

        self.parts.update(zip(keys, self.context.map(work, keys), strict=True))

    def parts_of(self, mask: Array) -> list[Part]:
        """Return the descriptions of the pieces of a set of atoms."""
        return [self.parts[piece.tobytes()] for piece in pieces(self.folds, mask)]

    def fill(self, wanted: Sequence[tuple[Array, Array]]) -> None:
        """Add up the pieces of each (set of atoms, filling of missing cells)."""
        jobs = {
            self._key(piece, filling): (piece, filling)
            for mask, filling in wanted
            for piece in pieces(self.folds, mask)
        }

        def work(key: tuple[bytes, bytes]) -> ExpandedSums:
            piece, filling = jobs[key]
            return add_up_terms(
                self.problem,
                self.folds.atom_rows(piece),
                self.terms,
                part=self.parts[key[0]],
                fill=filling,
                index=self.index,
            )

        self.sums.update(zip(jobs, self.context.map(work, list(jobs)), strict=True))

    def sums_of(self, mask: Array, filling: Array) -> list[tuple[Part, ExpandedSums]]:
        """Return the pieces of a set of atoms, filled as said."""
        keys = [self._key(piece, filling) for piece in pieces(self.folds, mask)]
        return [(self.parts[key[0]], self.sums[key]) for key in keys]

    def _key(self, piece: Array, filling: Array) -> tuple[bytes, bytes]:
        """Name sums; fillings of columns without gaps change nothing."""
        key = piece.tobytes()
        return key, filling[self.parts[key].missing].tobytes()


def fit_nested_polynomials(
    problem: Problem, folds: Folds, context: Context, grid: Grid
) -> tuple[PolynomialFit, ...]:
    """Fit polynomial regressions for every split, and one more for all rows.

    Parameters
    ----------
    problem : Problem
        A regression with at least one number.
    folds : Folds
        Outer and inner splits.
    context : Context
        Maps over pieces of rows, then over training sets.
    grid : Grid
        Degrees and penalties to choose from.

    Returns
    -------
    tuple of PolynomialFit
        One a split, then the final one. Each depends on its own training rows alone, to the bit.

    Examples
    --------
    >>> from rung.compute.context import RunContext
    >>> from rung.core.folds import partition_folds
    >>> from rung.testing import example_problem
    >>> problem = example_problem("regression")
    >>> folds = partition_folds(np.arange(problem.design.n_rows) % 4)
    >>> context = RunContext(0, problem)
    >>> len(fit_nested_polynomials(problem, folds, context, Grid((1, 2))))
    5
    """
    splits = (*range(len(folds.splits)), None)
    found = solve_sets(problem, folds, context, grid, splits=splits)
    return tuple(_put_together(problem, found, folds, split, grid=grid) for split in splits)


@dataclass(frozen=True)
class SolvedSets:
    """Hold solutions by training set, the order of the inner test sets of each, and notes."""

    solved: dict[bytes, ShiftedSolutions]
    tests: dict[bytes, dict[bytes, Array]]
    notes: dict[bytes, tuple[str, ...]]
    first_only: bool

    def losses(self, folds: Folds, split: int | None) -> Array:
        """Return losses of the inner splits of a split, as `ShiftedSolutions.losses`; one row each."""
        pairs = inner_pairs(folds, split, first_only=self.first_only)
        width = next(iter(self.solved.values())).losses.shape[1]
        rows = [
            self.solved[train.tobytes()].losses[
                list(self.tests[train.tobytes()]).index(test.tobytes())
            ]
            for train, test in pairs
        ]
        return np.array(rows).reshape(-1, width)


def solve_sets(
    problem: Problem,
    folds: Folds,
    context: Context,
    grid: Grid,
    *,
    splits: Sequence[int | None],
) -> SolvedSets:
    """Solve the training sets of some splits, and those of their inner splits.

    Parameters
    ----------
    problem, folds, context, grid
        As for `fit_nested_polynomials`.
    splits : sequence of (int or None)
        Splits wanted; None is all rows, whose inner splits are the outer ones.
    """
    terms = monomials(len(problem.design.number_names), grid.degrees[-1])
    first_only = _n_columns(problem, terms) > WIDE
    tests = training_sets(folds, splits, first_only=first_only)
    trains = {key: np.frombuffer(key, dtype=bool) for key in tests}
    counts = SlotCounts(problem, folds)
    taken = len(terms) - 1 + terms.n_numbers
    kept = {key: keep_levels(counts.of(mask), taken=taken) for key, mask in trains.items()}
    index = LevelIndex.of(union_slots(counts.sizes, [columns for columns, _ in kept.values()]))
    store = TermStore(problem, folds, context, terms, index)
    sets = {key: [mask, *tests[key].values()] for key, mask in trains.items()}
    store.describe([mask for masks in sets.values() for mask in masks])
    filling = {key: first_present(store.parts_of(mask)) for key, mask in trains.items()}
    store.fill([(mask, filling[key]) for key, masks in sets.items() for mask in masks])
    frame = Frame(terms, index, grid)
    everything = folds.train_mask(None).tobytes()

    def solve(key: bytes) -> ShiftedSolutions:
        own = store.sums_of(trains[key], filling[key])
        expansion = expansion_of(own, terms, filling[key], kept=kept[key][0])
        if expansion is None:
            raise NotApplicable("a training set has no rows of positive weight")
        inner = [store.sums_of(test, filling[key]) for test in tests[key].values()]
        return solve_set(own, inner, frame, expansion=expansion, with_conditions=key == everything)

    solved = dict(zip(trains, context.map(solve, list(trains)), strict=True))
    notes = {key: squeeze_notes(kept[key][1]) for key in trains}
    return SolvedSets(solved, tests, notes, first_only)


def _n_columns(problem: Problem, terms: Monomials) -> int:
    n_levels = sum(len(column.levels) + 2 for column in problem.design.category_columns)
    return len(terms) - 1 + terms.n_numbers + n_levels


def _choose(losses: Array, grid: Grid) -> tuple[int, int]:
    """Return positions of degree and penalty of the least loss; ties go to the simplest."""
    total = np.zeros(losses.shape[1])
    for row in losses:
        total += row
    if total[-1] > 0:
        best = int(np.argmin(total[:-1]))
        return best // len(grid.penalties), best % len(grid.penalties)
    return 0, len(grid.penalties) // 2


def _put_together(
    problem: Problem, found: SolvedSets, folds: Folds, split: int | None, *, grid: Grid
) -> PolynomialFit:
    """Choose settings for one split, and write its model in terms of the table."""
    key = folds.train_mask(split).tobytes()
    solved, notes = found.solved[key], found.notes[key]
    degree, penalty = _choose(found.losses(folds, split), grid)
    terms = monomials(len(problem.design.number_names), grid.degrees[-1])
    expansion, mean = solved.expansion, solved.solutions.mean
    own = solved.solutions.coefficients[degree, penalty]
    unit, plain = expansion.y_scale, expansion.n_plain
    encoder = _encoder(problem, expansion, notes=notes)
    n_used = int(encoder.in_use.sum())
    places = np.flatnonzero(expansion.wanted)
    places = places[(places < terms.starts[grid.degrees[degree] + 1]) & (places > terms.n_numbers)]
    first = plain + n_used
    return PolynomialFit(
        encoder,
        np.concatenate([own[plain:first], own[:plain]]) * unit,
        terms.terms[places],
        own[first : first + len(places)] * unit,
        expansion.y_shift + unit * float(mean[0] - own @ mean[1:]),
        solved.low,
        solved.high,
        grid.degrees[degree],
        grid.penalties[penalty],
        float(solved.conditions[degree]) if len(solved.conditions) else 0.0,
    )


def _encoder(problem: Problem, expansion: Expansion, *, notes: tuple[str, ...]) -> TableEncoder:
    used = expansion.scale > 0
    design = problem.design
    return TableEncoder(
        design.number_names,
        np.where(used, expansion.shift, 0.0),
        np.where(used, expansion.scale, 1.0),
        used,
        expansion.indicator,
        tuple(
            describe(column.name, column.levels, kept)
            for column, kept in zip(design.category_columns, expansion.kept, strict=True)
        ),
        notes,
    )
