"""Fit a logistic regression for every split and for all rows, its penalty chosen inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rung.core.family import Context, Design, Problem
from rung.core.fold_searches import Search, search_shared
from rung.core.fold_triples import judging_splits
from rung.core.folds import Folds
from rung.gram.logistic import (
    EXACT,
    LOOSE,
    NEWTON_PARAMETERS,
    NewtonRows,
    compact,
    fit_logistic,
    row_losses,
)
from rung.prep.one_hot import TableEncoder
from rung.typing import Array

# Relative to the sum of weights, for columns of unit variance; from stiff to supple.
PENALTIES = tuple(float(f"1e{power}") for power in range(1, -8, -1))
FALLBACK = 1e-3
# Cells times classes of a training matrix above which one inner split chooses the penalty.
COSTLY_CELLS = 600_000
# Above this many cells, every m-th training row is used: to fit, and to choose the penalty.
MOST_CELLS, CHOICE_CELLS = 50_000_000, 1_000_000
# Expected fall of the objective below which a penalty has been tried well enough.
CHOOSING = 1e-5
# The path ends once the inner loss exceeds the best so far by this factor, twice in a row.
CLEARLY_WORSE = 1.01


@dataclass(frozen=True)
class LogisticFit:
    """Hold one fitted logistic regression.

    Attributes
    ----------
    encoder : TableEncoder
        From a table to columns.
    coefficients : ndarray, shape (width, n_present)
        One column for each class seen in training.
    intercept : ndarray, shape (n_present,)
        Added to the scores.
    present : ndarray of int, shape (n_present,)
        Classes seen in training.
    penalty : float
        Relative to the sum of weights.
    n_train, n_used : int
        Training rows, and how many of them the coefficients were fitted on.
    """

    encoder: TableEncoder
    coefficients: Array
    intercept: Array
    present: Array
    penalty: float
    n_train: int
    n_used: int


@dataclass(frozen=True)
class LogisticRows:
    """Hold training rows as the solver takes them, and which classes they show."""

    rows: NewtonRows
    present: Array


def fit_nested_logistic(
    problem: Problem, folds: Folds, context: Context
) -> tuple[LogisticFit, ...]:
    """Fit logistic regressions for every split, and one more for all rows.

    Parameters
    ----------
    problem : Problem
        A classification.
    folds : Folds
        Outer and inner splits. Where fits are costly, the first inner split alone chooses the
        penalty.
    context : Context
        Maps over training sets and keeps encodings.

    Returns
    -------
    tuple of LogisticFit
        One a split, then the final one. Each depends on its own training rows alone, to the bit.

    Examples
    --------
    >>> from rung.compute.context import RunContext
    >>> from rung.core.folds import partition_folds
    >>> from rung.testing import example_problem
    >>> problem = example_problem("binary")
    >>> folds = partition_folds(np.arange(problem.design.n_rows) % 4)
    >>> len(fit_nested_logistic(problem, folds, RunContext(0, problem)))
    5
    """
    inner = [
        own[:1] if _is_costly(problem, context, split.train) else own
        for split, own in zip(folds.splits, judging_splits(folds), strict=True)
    ]

    def score(search: Search, _: int) -> list[Array]:
        encoder = _encoder(context, search.train)
        prepared = prepare(problem, encoder, search.train, most_cells=CHOICE_CELLS)
        return path_losses(problem, encoder, prepared, search)

    losses = search_shared(inner, score, context.map)
    # Rows that one split holds out are learned from by the others: all of them speak at the end.
    penalties = [_best(own) for own in [*losses, [each for own in losses for each in own]]]
    splits: list[int | None] = [*range(len(folds.splits)), None]

    def fit(position: int) -> LogisticFit:
        train = folds.atom_rows(folds.train_mask(splits[position]))
        return _fit(problem, context, train, penalties[position])

    return tuple(context.map(fit, list(range(len(splits)))))


def _is_costly(problem: Problem, context: Context, train: Array) -> bool:
    cells = len(train) * _encoder(context, train).width
    return cells * len(problem.classes) > COSTLY_CELLS


def _best(losses: list[Array]) -> float:
    """Return the penalty of the least summed loss; ties go to the largest penalty."""
    if not losses:
        return FALLBACK
    total = np.zeros(len(PENALTIES))
    for each in losses:
        total += each
    return PENALTIES[int(np.argmin(total))]


def _encoder(context: Context, train: Array) -> TableEncoder:
    encoder = context.encoded("one-hot", train)
    assert isinstance(encoder, TableEncoder)
    return encoder


class Columns(Protocol):
    """Turn rows of a table into columns; learned on training rows."""

    @property
    def width(self) -> int: ...

    def matrix(self, design: Design, rows: Array | None = None) -> Array: ...


def _with_ones(encoder: Columns, problem: Problem, rows: Array) -> Array:
    encoded = encoder.matrix(problem.design, rows)
    return np.concatenate([np.ones((len(rows), 1)), encoded], axis=1)


def prepare(
    problem: Problem, encoder: Columns, train: Array, *, most_cells: int | None = None
) -> LogisticRows:
    """Encode training rows; every m-th of them where all would exceed so many cells."""
    stride = -(-len(train) * (encoder.width + 1) // (most_cells or MOST_CELLS))
    used = train[:: max(stride, 1)]
    weight = problem.weights(used)
    if not weight.any():
        weight = np.ones(len(used))
    count = np.bincount(problem.y[used], weights=weight, minlength=len(problem.classes))
    present = np.flatnonzero(count > 0)
    # A class whose rows all weigh nothing is not there; neither are its rows.
    seen = count[problem.y[used]] > 0
    used, weight = used[seen], weight[seen]
    y = np.searchsorted(present, problem.y[used])
    n_scores = 1 if len(present) == 2 else len(present)
    X = compact(_with_ones(encoder, problem, used), n_scores)
    return LogisticRows(NewtonRows(X, y, weight / weight.sum(), len(present)), present)


def path_losses(
    problem: Problem,
    encoder: Columns,
    prepared: LogisticRows,
    search: Search,
    *,
    penalties: Sequence[float] = PENALTIES,
) -> list[Array]:
    """Return the weighted log losses of each penalty, infinity past the end, for each judge.

    The path goes on until all sets of rows have seen enough; none knows of the others.
    """
    if len(prepared.present) < 2:
        return [np.zeros(len(penalties)) for _ in search.tests]
    judges = [_HeldRows.of(problem, encoder, prepared, test) for test in search.tests]
    worst = np.log(2.0 * len(search.train))
    losses = np.full((len(judges), len(penalties)), np.inf)
    n_worse = np.zeros(len(judges), dtype=np.int64)
    theta = None
    for position, penalty in enumerate(penalties):
        theta = fit_logistic(prepared.rows, penalty, theta, tolerance=CHOOSING)
        for place in np.flatnonzero(n_worse < 2):
            loss = judges[place].loss(theta, worst)
            best = min(losses[place].min(), loss)
            n_worse[place] = n_worse[place] + 1 if loss > CLEARLY_WORSE * best else 0
            losses[place, position] = loss
        if (n_worse == 2).all():
            break
    return list(losses)


@dataclass(frozen=True)
class _HeldRows:
    """Held-out rows, encoded; those of classes absent from training lose the same anyway."""

    X: Array
    y: Array
    weight: Array

    @classmethod
    def of(
        cls, problem: Problem, encoder: Columns, prepared: LogisticRows, test: Array
    ) -> _HeldRows:
        test = test[np.isin(problem.y[test], prepared.present)]
        y = np.searchsorted(prepared.present, problem.y[test])
        return cls(_with_ones(encoder, problem, test), y, problem.weights(test))

    def loss(self, theta: Array, worst: float) -> float:
        """Return the weighted sum of log losses, none above the worst."""
        return float(self.weight @ np.minimum(row_losses(self.X @ theta, self.y), worst))


def _fit(problem: Problem, context: Context, train: Array, penalty: float) -> LogisticFit:
    encoder = _encoder(context, train)
    prepared = prepare(problem, encoder, train)
    theta = fit_scores(prepared, penalty)
    return LogisticFit(
        encoder,
        np.ascontiguousarray(theta[1:]),
        theta[0].copy(),
        prepared.present,
        penalty,
        n_train=len(train),
        n_used=len(prepared.rows.y),
    )


def fit_scores(prepared: LogisticRows, penalty: float) -> Array:
    """Fit exactly; one column for each class present, shape (1 + width, n_present)."""
    n_present = len(prepared.present)
    if n_present == 1:
        return np.zeros((prepared.rows.X.shape[1], 1))
    theta = _fit_rows(prepared.rows, penalty)
    if theta.shape[1] < n_present:
        theta = np.concatenate([np.zeros_like(theta), theta], axis=1)
    return theta


def _fit_rows(rows: NewtonRows, penalty: float) -> Array:
    """Fit exactly; a long way goes down the path of penalties, which is shorter."""
    theta = None
    if rows.n_parameters > NEWTON_PARAMETERS:
        for stiffer in (each for each in PENALTIES if each > penalty):
            theta = fit_logistic(rows, stiffer, theta, tolerance=LOOSE)
    return fit_logistic(rows, penalty, theta, tolerance=EXACT)
