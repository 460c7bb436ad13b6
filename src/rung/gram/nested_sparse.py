"""Fit sums of words for every split and for all rows, the penalty chosen inside each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from rung.core.family import Context, Problem
from rung.core.fold_searches import Search, choosing_splits, search_shared
from rung.core.folds import Folds
from rung.gram.sparse import (
    EXACT,
    LOOSE,
    Loss,
    SparseRows,
    fit_sums,
    log_loss,
    squared,
    squared_hinge,
)
from rung.prep.sigmoid import apply_sigmoids, fit_sigmoids
from rung.prep.texts.encoder import WordEncoder
from rung.typing import Array, Untyped

# From stiff to supple; the search goes down from the middle, and up only where that is best.
PENALTIES = (100.0, 30.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
MIDDLE = PENALTIES.index(1.0)
FALLBACK = 0.1
# A direction is followed no further once the inner loss exceeds the best by this factor.
CLEARLY_WORSE = 1.01


@dataclass(frozen=True)
class SparseFit:
    """Hold one fitted sum.

    Attributes
    ----------
    encoder : WordEncoder
        From a table to columns.
    coefficients : ndarray, shape (width, n_scores)
        One column for a value, for two classes or for one alone; else one a class.
    intercept : ndarray, shape (n_scores,)
        Added to the sums.
    present : ndarray of int
        Classes seen in training; empty for values.
    penalty : float
        Of half the squares, beside a sum over rows.
    n_train : int
        Training rows.
    held : ndarray, shape (n_rows, n_scores)
        Scores of the held-out rows.
    paired : ndarray, shape (n_rows, n_scores)
        Scores of the choosing split's held-out rows, by a model that has seen neither these nor
        the others; no row where none is.
    paired_present : ndarray of int
        Classes that this model has seen.
    """

    encoder: WordEncoder
    coefficients: Array
    intercept: Array
    present: Array
    penalty: float
    n_train: int
    held: Array
    paired: Array
    paired_present: Array


@dataclass(frozen=True)
class _Found:
    """What a judge of a search is told: losses and scores of every penalty, (n_penalties, ...)."""

    losses: Array
    scores: Array
    present: Array


def fit_nested_sums(
    problem: Problem, folds: Folds, context: Context, *, is_margin: bool = False
) -> tuple[SparseFit, ...]:
    """Fit a sum for every split, and one more for all rows.

    Parameters
    ----------
    problem : Problem
        With columns of text.
    folds : Folds
        Outer and inner splits.
    context : Context
        Maps over training sets and keeps encodings.
    is_margin : bool
        Fit margins of classes instead of their log odds.

    Returns
    -------
    tuple of SparseFit
        One a split, then the final one. Each depends on its own training rows alone, to the bit.
    """
    task = _Task(problem, context, is_margin)
    inner = choosing_splits(folds)
    found = search_shared(inner, lambda search, _: task.search(search), context.map)
    own = [each[0] if each else None for each in found]
    # Rows that one split holds out are learned from by the others: all of them speak at the end.
    penalties = [*(_best([each] if each else []) for each in own), _best([e for e in own if e])]

    def fit(position: int) -> SparseFit:
        is_last = position == len(folds.splits)
        train = folds.atom_rows(folds.train_mask(None if is_last else position))
        test = np.zeros(0, dtype=np.int64) if is_last else folds.splits[position].test
        said = None if is_last else own[position]
        return task.fit(train, test, penalties[position], said)

    return tuple(context.map(fit, list(range(len(folds.splits) + 1))))


def _best(found: Sequence[_Found]) -> float:
    """Return the penalty of the least summed loss."""
    if not found:
        return FALLBACK
    return PENALTIES[int(np.argmin(sum((each.losses for each in found), np.zeros(1))))]


@dataclass(frozen=True, eq=False)
class _Judge:
    """Held-out rows of a search, and what is written down of each penalty."""

    X: Untyped
    losses: Array
    scores: Array


@dataclass(frozen=True)
class _Task:
    """Fit and judge sums of one problem; what it does depends on the rows given alone."""

    problem: Problem
    context: Context
    is_margin: bool

    @property
    def loss(self) -> Loss:
        """What is minimised."""
        if not self.problem.classes:
            return squared
        return squared_hinge if self.is_margin else log_loss

    def encoder(self, train: Array) -> WordEncoder:
        """Return the encoding of these training rows."""
        return cast(WordEncoder, self.context.encoded("words", train))

    def weight(self, rows: Array) -> Array:
        """Return weights of mean 1; ones where none weighs anything."""
        weight = self.problem.weights(rows)
        return weight / weight.mean() if weight.any() else np.ones(len(rows))

    def present(self, rows: Array) -> Array:
        """Return the classes that these rows show; none for values."""
        if not self.problem.classes:
            return np.zeros(0, dtype=np.int64)
        return np.unique(self.problem.y[rows[self.weight(rows) > 0]])

    def targets(self, rows: Array, present: Array) -> Array:
        """Return what scores aim at, one column a class, or one for two or fewer."""
        if not self.problem.classes:
            return self.problem.y[rows][:, None]
        classes = present if len(present) > 2 else present[-1:]
        is_class = self.problem.y[rows][:, None] == classes
        return np.where(is_class, 1.0, -1.0 if self.is_margin else 0.0)

    def rows(self, train: Array) -> tuple[SparseRows, Array, tuple[float, float]]:
        """Return training rows, their classes, and the unit of values."""
        weight, present = self.weight(train), self.present(train)
        Y, unit = self.targets(train, present), (0.0, 1.0)
        if not self.problem.classes:
            shift = float(np.average(Y[:, 0], weights=weight))
            scale = float(np.sqrt(np.average((Y[:, 0] - shift) ** 2, weights=weight)))
            unit = shift, scale or 1.0
            Y = (Y - shift) / unit[1]
        else:
            weight = weight * np.isin(self.problem.y[train], present)
        X = self.encoder(train).matrix(self.problem.design, train)
        return SparseRows.of(X, Y, weight), present, unit

    def search(self, search: Search) -> list[_Found]:
        """Return what every penalty loses on the rows of each judge."""
        rows, present, (shift, scale) = self.rows(search.train)
        encoder, design = self.encoder(search.train), self.problem.design
        judges = [
            _Judge(X, np.full(len(PENALTIES), np.inf), np.zeros((len(PENALTIES), X.shape[0], k)))
            for k in [rows.Y.shape[1]]
            for X in (encoder.matrix(design, test) for test in search.tests)
        ]
        if len(present) == 1:
            return [_Found(np.zeros(len(PENALTIES)), one.scores, present) for one in judges]

        def try_out(position: int, start: Array | None, listening: Sequence[bool]) -> Array:
            theta = fit_sums(rows, self.loss, PENALTIES[position], start, tolerance=LOOSE)
            for judge, test, listens in zip(judges, search.tests, listening, strict=True):
                if listens:
                    own = judge.X @ theta[1:] + theta[0]
                    judge.losses[position] = self._lost(own, test, present, (shift, scale))
                    judge.scores[position] = own * scale + shift
            return theta

        middle = try_out(MIDDLE, None, [True] * len(judges))
        for places in (range(MIDDLE + 1, len(PENALTIES)), range(MIDDLE - 1, -1, -1)):
            # What one judge hears depends on its own rows alone: others may listen longer.
            theta, listening = middle, [int(one.losses.argmin()) == MIDDLE for one in judges]
            for position in places:
                if not any(listening):
                    break
                theta = try_out(position, theta, listening)
                listening = [
                    listens and bool(one.losses[position] <= CLEARLY_WORSE * one.losses.min())
                    for one, listens in zip(judges, listening, strict=True)
                ]
        return [_Found(one.losses, one.scores, present) for one in judges]

    def _lost(self, scores: Array, test: Array, present: Array, unit: tuple[float, float]) -> float:
        """Return the weighted sum of losses; rows of classes that training lacks say nothing."""
        known = np.isin(self.problem.y[test], present) if self.problem.classes else slice(None)
        own = test[known]
        Y = self.targets(own, present)
        if not self.problem.classes:
            Y = (Y - unit[0]) / unit[1]
        if self.is_margin:
            return _lost_by_margins(scores[known], Y > 0, self.weight(own))
        return float(self.problem.weights(own) @ self.loss(scores[known], Y)[0])

    def fit(self, train: Array, test: Array, penalty: float, said: _Found | None) -> SparseFit:
        """Fit exactly with the penalty that was chosen, beside what was said while choosing."""
        rows, present, (shift, scale) = self.rows(train)
        theta = np.zeros((1 + rows.X.shape[1], rows.Y.shape[1]))
        if len(present) != 1:
            theta = fit_sums(rows, self.loss, penalty, tolerance=EXACT)
        encoder = self.encoder(train)
        coefficients, intercept = theta[1:] * scale, theta[0] * scale + shift
        held = encoder.matrix(self.problem.design, test) @ coefficients + intercept
        paired, seen = np.zeros((0, rows.Y.shape[1])), present
        if said is not None:
            paired, seen = said.scores[PENALTIES.index(penalty)], said.present
        return SparseFit(
            encoder,
            coefficients,
            intercept,
            present,
            penalty,
            n_train=len(train),
            held=held,
            paired=paired,
            paired_present=seen,
        )


def _lost_by_margins(margins: Array, is_class: Array, weight: Array) -> float:
    """Return the log losses of the best sigmoids of margins, summed over rows and scores."""
    if not len(margins):
        return 0.0
    shares = apply_sigmoids(margins, fit_sigmoids(margins, is_class, weight))
    lost = -np.log(np.where(is_class, shares, 1.0 - shares).clip(1.0 / (2.0 * len(margins))))
    return float(weight @ lost.sum(axis=1))
