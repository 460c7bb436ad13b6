"""Fit a ridge regression for every split and for all rows, its penalty chosen inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from rung.core.family import Context, Problem
from rung.core.folds import Folds
from rung.errors import NotApplicable
from rung.gram.dual import DualPath, is_dual, solve_dual
from rung.gram.ridge import (
    PENALTIES,
    GramMoments,
    Path,
    UsedColumns,
    best_penalty,
    describe_numbers,
    project,
    solve_path,
    to_units,
)
from rung.gram.sets import SlotCounts, inner_pairs, training_sets, union_slots
from rung.gram.sums import Basis, GramSums, LevelIndex, add_up, learn_basis, pieces
from rung.prep.levels import KeptLevels, keep_levels
from rung.prep.one_hot import TableEncoder, describe, squeeze_notes
from rung.typing import Array

# With more numbers than this, the first inner split alone chooses the penalty.
WIDE = 300


@dataclass(frozen=True)
class RidgeFit:
    """Hold one fitted ridge regression.

    Attributes
    ----------
    encoder : TableEncoder
        From a table to columns.
    coefficients : ndarray, shape (width,)
        One a column.
    intercept : float
        Added to each row.
    penalty : float
        Relative to the sum of weights; chosen inside the training rows.
    """

    encoder: TableEncoder
    coefficients: Array
    intercept: float
    penalty: float


@dataclass(frozen=True)
class SolvedPath:
    """Hold the path of one training set, and its losses on the test sets that ask for them."""

    layout: UsedColumns
    basis: Basis
    path: Path
    losses: Mapping[bytes, Array]


@dataclass
class SumStore:
    """Keep the sums of each piece of rows in each basis that some training set needs.

    Attributes
    ----------
    problem, folds : Problem, Folds
        What is added up.
    index : LevelIndex
        Level columns that some training set uses.
    """

    problem: Problem
    folds: Folds
    index: LevelIndex
    sums: dict[tuple[bytes, bytes], GramSums] = field(default_factory=dict)
    bases: dict[bytes, Basis] = field(default_factory=dict)

    def fill(self, context: Context, wanted: Iterable[tuple[Array, Array]]) -> None:
        """Add up what is wanted and not there yet.

        Parameters
        ----------
        context : Context
            Maps over the pieces.
        wanted : iterable of (mask, mask)
            A set of atoms, and the atoms that its basis is learned on.
        """
        jobs = {
            (piece.tobytes(), basis.tobytes()): (piece, basis)
            for mask, basis in wanted
            for piece in pieces(self.folds, mask)
        }
        fresh = [key for key in jobs if key not in self.sums]
        for _, basis in (jobs[key] for key in fresh):
            if basis.tobytes() not in self.bases:
                rows = self.folds.atom_rows(basis)
                self.bases[basis.tobytes()] = learn_basis(self.problem, rows)

        def work(key: tuple[bytes, bytes]) -> GramSums:
            rows = self.folds.atom_rows(jobs[key][0])
            return add_up(self.problem, rows, self.bases[key[1]], self.index)

        self.sums.update(zip(fresh, context.map(work, fresh), strict=True))

    def parts(self, mask: Array, basis: Array) -> list[GramSums]:
        """Return the sums of the pieces of a set of atoms."""
        return [self.sums[piece.tobytes(), basis.tobytes()] for piece in pieces(self.folds, mask)]


def fit_nested(problem: Problem, folds: Folds, context: Context) -> tuple[RidgeFit, ...]:
    """Fit ridge regressions for every split, and one more for all rows.

    Parameters
    ----------
    problem : Problem
        A regression.
    folds : Folds
        Outer and inner splits.
    context : Context
        Maps over pieces of rows, then over training sets.

    Returns
    -------
    tuple of RidgeFit
        One a split, then the final one. Each depends on its own training rows alone, to the bit.

    Examples
    --------
    >>> from rung.compute.context import RunContext
    >>> from rung.core.folds import partition_folds
    >>> from rung.testing import example_problem
    >>> problem = example_problem("regression")
    >>> folds = partition_folds(np.arange(problem.design.n_rows) % 4)
    >>> len(fit_nested(problem, folds, RunContext(0, problem)))
    5
    """
    tests = training_sets(folds, [*range(len(folds.splits)), None], first_only=_is_wide(problem))
    trains = {key: np.frombuffer(key, dtype=bool) for key in tests}
    counts = SlotCounts(problem, folds)
    kept = {
        key: keep_levels(counts.of(mask), taken=len(problem.design.number_names))
        for key, mask in trains.items()
    }
    if is_dual(problem, folds.n_rows):
        return _fit_dual(problem, folds, context, tests, kept)
    store = SumStore(
        problem,
        folds,
        LevelIndex.of(union_slots(counts.sizes, [columns for columns, _ in kept.values()])),
    )
    bases = {key: pieces(folds, mask)[0] for key, mask in trains.items()}
    store.fill(context, _wanted(trains, bases, tests))
    for key, mask in trains.items():
        total = _dense_total(store.parts(mask, bases[key]))
        if not total.dense[0, 0] > 0:
            raise NotApplicable("a training set has no rows of positive weight")
        if not describe_numbers(total)[2]:
            bases[key] = mask
    store.fill(context, _wanted(trains, bases, tests))

    def solve(key: bytes) -> SolvedPath:
        return _solve(store, trains[key], bases[key], kept=kept[key][0], tests=tests[key])

    solved = dict(zip(trains, context.map(solve, list(trains)), strict=True))
    fits = []
    for split in [*range(len(folds.splits)), None]:
        notes = squeeze_notes(kept[folds.train_mask(split).tobytes()][1])
        fits.append(_choose(problem, folds, solved, split=split, notes=notes))
    return tuple(fits)


def _fit_dual(
    problem: Problem,
    folds: Folds,
    context: Context,
    tests: Mapping[bytes, Mapping[bytes, Array]],
    kept: Mapping[bytes, tuple[tuple[KeptLevels, ...], int]],
) -> tuple[RidgeFit, ...]:
    """Fit through products of rows, where columns are more."""

    def solve(key: bytes) -> DualPath:
        rows = folds.atom_rows(np.frombuffer(key, dtype=bool))
        own = {name: folds.atom_rows(mask) for name, mask in tests[key].items()}
        levels, n_squeezed = kept[key]
        path = solve_dual(problem, rows, own, kept=levels, notes=squeeze_notes(n_squeezed))
        if path is None:
            raise NotApplicable("a training set has no rows of positive weight")
        return path

    solved = dict(zip(tests, context.map(solve, list(tests)), strict=True))
    fits = []
    for split in [*range(len(folds.splits)), None]:
        path = solved[folds.train_mask(split).tobytes()]
        pairs = inner_pairs(folds, split, first_only=_is_wide(problem))
        chosen = _chosen([solved[a.tobytes()].losses[b.tobytes()] for a, b in pairs])
        own, intercept = path.coefficients[:, chosen].copy(), float(path.intercepts[chosen])
        fits.append(RidgeFit(path.encoder, own, intercept, PENALTIES[chosen]))
    return tuple(fits)


def _chosen(scores: Sequence[Array]) -> int:
    """Return the position of the penalty with the least loss over inner splits."""
    total = np.zeros(len(PENALTIES) + 1)
    for score in scores:
        total += score
    return best_penalty(total[:-1]) if total[-1] > 0 else len(PENALTIES) // 2


def _is_wide(problem: Problem) -> bool:
    return len(problem.design.number_names) > WIDE


def _wanted(
    trains: Mapping[bytes, Array],
    bases: Mapping[bytes, Array],
    tests: Mapping[bytes, Mapping[bytes, Array]],
) -> list[tuple[Array, Array]]:
    return [
        (mask, bases[key])
        for key, train in trains.items()
        for mask in (train, *tests[key].values())
    ]


def _dense_total(parts: Sequence[GramSums]) -> GramSums:
    dense = parts[0].dense.copy()
    for part in parts[1:]:
        dense += part.dense
    return GramSums(dense, np.zeros((0, len(dense))), np.zeros((0, 0)))


def _solve(
    store: SumStore,
    mask: Array,
    basis: Array,
    *,
    kept: tuple[KeptLevels, ...],
    tests: Mapping[bytes, Array],
) -> SolvedPath:
    parts = store.parts(mask, basis)
    total = _dense_total(parts)
    fill, spread, _ = describe_numbers(total)
    gaps = total.dense[0, 2 + len(fill) :]
    indicator = (gaps > 0) & (total.dense[0, 0] - gaps > 0)
    layout = UsedColumns(fill, spread, indicator, kept)
    path = solve_path(project(parts, layout, store.index))
    losses = {}
    unit = store.bases[basis.tobytes()].y_scale ** 2
    for key, test in tests.items():
        moments: GramMoments = project(store.parts(test, basis), layout, store.index)
        losses[key] = np.append(path.losses(moments) * unit, moments.product[0, 0])
    return SolvedPath(layout, store.bases[basis.tobytes()], path, losses)


def _choose(
    problem: Problem,
    folds: Folds,
    solved: Mapping[bytes, SolvedPath],
    *,
    split: int | None,
    notes: tuple[str, ...],
) -> RidgeFit:
    """Take the penalty with the least inner loss, and put the model together."""
    fit = solved[folds.train_mask(split).tobytes()]
    pairs = inner_pairs(folds, split, first_only=_is_wide(problem))
    chosen = _chosen([solved[a.tobytes()].losses[b.tobytes()] for a, b in pairs])
    encoder = encoder_of(problem, fit.layout, fit.basis, notes=notes)
    mean, coefficients = to_units(fit.path, chosen, fit.basis)
    rounding = _shift_rounding(encoder, fit)
    n_used = len(rounding)
    offset = float(coefficients @ fit.path.mean[1:]) + float(coefficients[:n_used] @ rounding)
    return RidgeFit(encoder, coefficients, mean - offset, PENALTIES[chosen])


def encoder_of(
    problem: Problem, layout: UsedColumns, basis: Basis, *, notes: tuple[str, ...] = ()
) -> TableEncoder:
    """Return the encoder whose columns are those of a layout."""
    used = layout.spread > 0
    return TableEncoder(
        problem.design.number_names,
        np.where(used, basis.shift + basis.scale * layout.fill, 0.0),
        np.where(used, basis.scale * layout.spread, 1.0),
        used,
        layout.indicator,
        tuple(
            describe(column.name, column.levels, kept)
            for column, kept in zip(problem.design.category_columns, layout.kept, strict=True)
        ),
        notes,
    )


def _shift_rounding(encoder: TableEncoder, fit: SolvedPath) -> Array:
    """Return what rounding the shift of each number in use does to its column."""
    used = encoder.in_use
    left = (fit.basis.shift - encoder.shift)[used] + (fit.basis.scale * fit.layout.fill)[used]
    return np.asarray(left / encoder.scale[used])
