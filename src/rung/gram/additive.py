"""Fit sums of curves: penalised least squares for values, scoring steps for classes.

A curve is a sum of hats; its penalties are on steps and on bends. How much they count is found
from the training rows themselves (`smoothness`), so that no fit is spent on choosing.

Sources: Hastie & Tibshirani (1986), Generalized additive models, Statistical Science 1, 297-318;
Eilers & Marx (1996), Flexible smoothing with B-splines and penalties, Statistical Science 11,
89-121.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from rung.core.family import Problem
from rung.errors import NotApplicable
from rung.gram.curve_pairs import choose_pairs
from rung.gram.logistic import row_losses, shares
from rung.gram.smoothness import (
    SETTLED,
    CurveProducts,
    PenalisedFit,
    Penalty,
    most_probable,
    reweigh,
    solve,
    start_weights,
)
from rung.gram.sums import middle_and_spread
from rung.prep.curves import PAIR_KNOTS, CurveEncoder, fit_curve_encoder
from rung.prep.knots import coarse, differences
from rung.typing import Array, Untyped

# Knots of all numbers together, and of one, to begin with.
ALL_KNOTS, FEWEST_KNOTS, MOST_KNOTS, ROWS_OF_A_KNOT = 300, 5, 40, 8
# A curve that makes use of this share of its knots gets so many times as many, so many times, as
# long as there is room for all.
BUSY, GROWTH, GROWTHS, ROOM = 0.25, 4, 2, 900
# Rounds in which penalties are found from nothing, and from what other rows said.
ROUNDS, POLISH = 30, 3
# Scoring steps of each class: where classes are many, each gets fewer.
STEPS, FEWEST_STEPS, ALL_STEPS = 25, 6, 150
# Fall of the penalised loss of a row below which a scoring step was the last.
EXACT, LOOSE = 1e-9, 1e-5
# Shares of certain rows count as if they were this far from certain.
CURVATURE_FLOOR = 1e-6
HALVINGS = 12

Weights = tuple[dict[tuple[str, int], Array], ...]


@dataclass(frozen=True)
class Start:
    """Say what other rows led to, of which little is then left to change.

    Attributes
    ----------
    most : tuple of int
        Knots that each number may have.
    weights : tuple of dict
        What each penalty weighs, one dictionary a score.
    """

    most: tuple[int, ...]
    weights: Weights


@dataclass(frozen=True)
class CurvesFit:
    """Hold one fitted sum of curves.

    Attributes
    ----------
    encoder : CurveEncoder
        From a table to columns.
    coefficients : ndarray, shape (width, n_scores)
        Heights of curves; those of a number average to zero over the training rows that have it.
    intercept : ndarray, shape (n_scores,)
        Added to each row.
    freedom : float
        Effective parameters, of all scores.
    busy : ndarray, shape (n_numbers,)
        Effective parameters of each curve, of the score that has most.
    start : Start
        What this fit led to.
    """

    encoder: CurveEncoder
    coefficients: Array
    intercept: Array
    freedom: float
    busy: Array
    start: Start


def knots_each(n_numbers: int, n_rows: int) -> int:
    """Return how many knots a number has to begin with."""
    most = min(ALL_KNOTS // max(n_numbers, 1), n_rows // ROWS_OF_A_KNOT)
    return int(np.clip(most, FEWEST_KNOTS, MOST_KNOTS))


def fit_curves(
    problem: Problem, train: Array, *, start: Start | None = None, n_pairs: int = 0
) -> CurvesFit:
    """Fit curves to training rows; no other row is read.

    Parameters
    ----------
    problem : Problem
        What is fitted.
    train : ndarray of int, shape (n_train,)
        Rows to learn from.
    start : Start, optional
        What other rows led to.
    n_pairs : int
        Pairs of columns to look at together: those that explain most of what curves leave.

    Raises
    ------
    NotApplicable
        If no row has a weight.

    Examples
    --------
    >>> from rung.testing import example_problem
    >>> fit = fit_curves(example_problem("regression"), np.arange(60))
    >>> fit.coefficients.shape == (fit.encoder.width, 1)
    True
    """
    rows = train[problem.weights(train) > 0]
    if not len(rows):
        raise NotApplicable("a training set has no rows of positive weight")
    n_numbers = len(problem.design.number_names)
    begin = start or Start((knots_each(n_numbers, len(rows)),) * n_numbers, ())
    fit = _fit(problem, rows, fit_curve_encoder(problem, rows, most=begin.most), begin)
    for _ in range(0 if start else GROWTHS):
        grown = _grow(fit, min(ROOM, len(rows)))
        if grown == fit.start.most:
            break
        encoder = fit_curve_encoder(problem, rows, most=grown)
        fit = _fit(problem, rows, encoder, Start(grown, fit.start.weights))
    if not n_pairs:
        return fit
    encoder = replace(
        fit.encoder,
        pairs=choose_pairs(
            problem, rows, fit.encoder, (fit.coefficients, fit.intercept), n_pairs=n_pairs
        ),
    )
    known = start or fit.start
    return _fit(problem, rows, encoder, known, rounds=POLISH if start else ROUNDS)


def _grow(fit: CurvesFit, most_columns: int) -> tuple[int, ...]:
    """Return more knots for curves that make use of theirs, as far as there is room."""
    sizes = np.array([len(each) for each in fit.encoder.knots], dtype=int)
    most = np.array(fit.start.most, dtype=int)
    is_busy = (fit.busy > BUSY * sizes) & (2 * sizes > most)
    room = most_columns - fit.encoder.width
    if not is_busy.any() or room <= 0:
        return fit.start.most
    share = room // int(is_busy.sum())
    return tuple(np.where(is_busy, np.minimum(GROWTH * most, most + share), most).tolist())


def _fit(
    problem: Problem, rows: Array, encoder: CurveEncoder, start: Start, rounds: int = 0
) -> CurvesFit:
    columns = encoder.matrix(problem.design, rows)
    weight = problem.weights(rows)
    weight = weight * (len(rows) / weight.sum())
    mass = np.asarray(columns.T @ weight) / len(rows)
    held = list_penalties(encoder, mass)
    rounds = rounds or (POLISH if start.weights else ROUNDS)
    if problem.task == "regression":
        theta, fits, found = _fit_values(
            problem.y[rows], columns, weight, held=held, weights=start.weights, rounds=rounds
        )
    else:
        state = _scores(problem, rows, columns, weight)
        theta, fits, found = _alternate(state, held, start.weights, rounds)
    free = np.max([fit.free for fit in fits], axis=0) if fits else np.zeros(columns.shape[1])
    ends = 1 + encoder.starts[: len(encoder.knots) + 1]
    busy = np.array([free[a:b].sum() for a, b in pairwise(ends)])
    freedom = float(sum(fit.freedom for fit in fits))
    heights, intercept = _centred(encoder, theta, mass)
    return CurvesFit(encoder, heights, intercept, freedom, busy, Start(start.most, found))


def list_penalties(encoder: CurveEncoder, mass: Array) -> dict[tuple[str, int], Penalty]:
    """Return what holds each part of the columns, by kind and number.

    Parameters
    ----------
    encoder : CurveEncoder
        Says which columns there are.
    mass : ndarray, shape (1 + width,)
        Mean of each column over the training rows, after the column of ones.
    """
    held: dict[tuple[str, int], Penalty] = {}
    starts, n_numbers = 1 + encoder.starts, len(encoder.knots)
    for j, knots in enumerate(encoder.knots):
        if len(knots):
            own = mass[starts[j] : starts[j + 1]]
            held["curve", j] = Penalty(int(starts[j]), differences(knots), own)
    for k, pair in enumerate(encoder.pairs):
        place = slice(int(starts[n_numbers + k]), int(starts[n_numbers + k + 1]))
        one, other = (_steps(encoder, int(column)) for column in pair)
        both = np.kron(one, np.eye(len(other))) + np.kron(np.eye(len(one)), other)
        name = int(pair[0]) * (n_numbers + len(encoder.rest.categories)) + int(pair[1])
        held["pair", name] = Penalty(place.start, (both,), mass[place] + 1e-12)
    first, n_gaps = int(starts[-1]), int(encoder.rest.indicator.sum())
    if n_gaps:
        held["gaps", 0] = Penalty(first, (np.eye(n_gaps),))
    first += n_gaps
    for i, category in enumerate(encoder.rest.categories):
        if category.width:
            held["category", i] = Penalty(first, (np.eye(category.width),))
        first += category.width
    return held


def _steps(encoder: CurveEncoder, column: int) -> Array:
    """Return the penalty along one side of a pair."""
    if column < len(encoder.knots):
        return differences(coarse(encoder.knots[column], PAIR_KNOTS))[0]
    width = encoder.rest.categories[column - len(encoder.knots)].width
    return np.asarray(np.eye(width) - 1.0 / width)


def _begin(
    gram: Array, held: Mapping[tuple[str, int], Penalty], known: Mapping[tuple[str, int], Array]
) -> list[Array]:
    """Return penalties to begin with: known ones where the same part was held before."""
    fresh = start_weights(gram, list(held.values()))
    return [
        known[name] if name in known and len(known[name]) == len(own) else own
        for name, own in zip(held, fresh, strict=True)
    ]


Fitted = tuple[Array, list[PenalisedFit], Weights]


def _fit_values(
    y: Array,
    columns: Untyped,
    weight: Array,
    *,
    held: Mapping[tuple[str, int], Penalty],
    weights: Weights,
    rounds: int,
) -> Fitted:
    """Return coefficients, (1 + width, 1), the fit and its penalties."""
    shift, scale = middle_and_spread(y.astype(np.float64))
    z = (y - shift) / scale
    scaled = columns.multiply(weight[:, None]).tocsr()
    products = CurveProducts(
        (scaled.T @ columns).toarray(), scaled.T @ z, float(weight @ z**2), float(len(y))
    )
    begin = _begin(products.gram, held, weights[0] if weights else {})
    fit, found = most_probable(products, list(held.values()), begin, rounds=rounds)
    theta = fit.coefficients * scale
    theta[0] += shift
    return theta[:, None], [fit], (dict(zip(held, found, strict=True)),)


@dataclass
class _Scores:
    """Scores of classes while they are fitted: one for two classes, else one for each."""

    columns: Untyped
    target: Array
    labels: Array
    weight: Array
    theta: Array
    scores: Array

    def step(
        self, k: int, held: Sequence[Penalty], weights: Sequence[Array]
    ) -> tuple[PenalisedFit, float]:
        """Take one scoring step of a score; return the fit, and the fall of the loss of a row."""
        share = shares(self.scores)[:, k]
        curvature = self.weight * np.maximum(share * (1.0 - share), CURVATURE_FLOOR)
        gram = (self.columns.T @ self.columns.multiply(curvature[:, None]).tocsr()).toarray()
        own = self.theta[:, k]
        slope = self.columns.T @ (self.weight * (self.target[:, k] - share))
        fit = solve(CurveProducts(gram, gram @ own + slope, 0.0, len(share)), held, weights)
        step = fit.coefficients - own
        change, length = self.columns @ step, 1.0
        linear, square = _price(own, step, held, weights)
        before = self._loss(k, 0.0 * change)
        for _ in range(HALVINGS):
            after = self._loss(k, length * change) + length * (linear + length * square)
            if after <= before:
                self.theta[:, k] += length * step
                self.scores[:, k] += length * change
                return fit, (before - after) / len(share)
            length /= 2
        return fit, 0.0

    def _loss(self, k: int, change: Array) -> float:
        """Return the loss of all rows after a change of one score."""
        scores = self.scores.copy()
        scores[:, k] += change
        return float(self.weight @ row_losses(scores, self.labels))


def _price(
    own: Array, step: Array, held: Sequence[Penalty], weights: Sequence[Array]
) -> tuple[float, float]:
    """Return how penalties grow along a step, as factors of its length and of the square of it."""
    linear = square = 0.0
    for each, weight in zip(held, weights, strict=True):
        b, s = own[each.place], step[each.place]
        for matrix, w in zip(each.matrices, weight, strict=True):
            pull = w * (matrix @ s)
            linear, square = linear + float(b @ pull), square + float(s @ pull) / 2
    return linear, square


def _scores(problem: Problem, rows: Array, columns: Untyped, weight: Array) -> _Scores:
    """Return scores that say how frequent classes are; a class without a row counts as half."""
    labels, n_classes = problem.y[rows], len(problem.classes)
    counts = np.maximum(np.bincount(labels, weight, minlength=n_classes), 0.5)
    logs, target = np.log(counts / counts.sum()), np.eye(n_classes)[labels]
    if n_classes == 2:
        logs, target = logs[1:] - logs[:1], target[:, 1:]
    theta = np.zeros((columns.shape[1], len(logs)))
    theta[0] = logs
    return _Scores(columns, target, labels, weight, theta, np.tile(logs, (len(rows), 1)))


def _alternate(
    state: _Scores, held: Mapping[tuple[str, int], Penalty], start: Weights, rounds: int
) -> Fitted:
    """Take scoring steps and reweigh penalties in turn, score by score, until both settle.

    A class that no row has keeps the score that it began with, and has no curves.
    """
    parts, n_scores = list(held.values()), state.theta.shape[1]
    seen = state.target.any(axis=0) & ~state.target.all(axis=0)
    curvature = state.weight / (4 if n_scores == 1 else n_scores)
    gram = (state.columns.T @ state.columns.multiply(curvature[:, None]).tocsr()).toarray()
    unit = float(np.diagonal(gram).max())
    weights = [_begin(gram, held, start[k] if start else {}) for k in range(n_scores)]
    fits: dict[int, PenalisedFit] = {}
    for number in range(int(np.clip(ALL_STEPS // n_scores, FEWEST_STEPS, STEPS))):
        moved = fallen = 0.0
        for k in np.flatnonzero(seen).tolist():
            before = fits[k].freedom if k in fits else 0.0
            if k in fits and number <= rounds:
                weights[k] = reweigh(fits[k], parts, weights[k], variance=1.0, unit=unit)
            fits[k], fall = state.step(k, parts, weights[k])
            moved, fallen = max(moved, abs(fits[k].freedom - before)), max(fallen, fall)
        if fallen < EXACT or (fallen < LOOSE and moved < SETTLED):
            break
    found = tuple(dict(zip(held, own, strict=True)) for own in weights)
    return state.theta, list(fits.values()), found


def _centred(encoder: CurveEncoder, theta: Array, mass: Array) -> tuple[Array, Array]:
    """Let the curve of each number average to zero; its mean goes to the intercept."""
    heights, intercept = theta[1:].copy(), theta[0].copy()
    gap = int(encoder.starts[-1])
    for j, knots in enumerate(encoder.knots):
        if len(knots):
            place = slice(int(encoder.starts[j]), int(encoder.starts[j + 1]))
            share = mass[1:][place]
            mean = share @ heights[place] / share.sum()
            heights[place] -= mean
            intercept += mean
            if encoder.rest.indicator[j]:
                heights[gap] -= mean
        gap += int(encoder.rest.indicator[j])
    return heights, intercept
