"""Measure how well one column, or the rest of the table, predicts the target in rows not learned from.

A quantity is one output, classes are an indicator each: both are predicted by least squares, so
that one measure serves all tasks. Skill is 1 - loss / the loss of the constant guess, cross-fitted
on training rows: 1 is perfect, 0 is no better than the guess.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solveh_banded

from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.typing import Array

MOST_ROWS = 20_000
FEWEST_ROWS = 30
FEWEST_KNOWN = 0.05
FOLDS = 5
MOST_CLASSES = 20
MOST_KNOTS = 65
ROWS_A_KNOT = 10
ROWS_A_LEVEL = 5
# Ranges of the inner ninety per cent beyond which values of the target are cut: squares of
# absurd values would hide all others.
FENCE = 1.0
# The widening of Nadeau & Bengio (2003), as comparisons of families use it.
TWO_SIDED = 1.96 * float(np.sqrt(1 + FOLDS / (FOLDS - 1)))
# Keeps knots without rows near their neighbours; small beside the rows of any knot.
TIE = 1e-3


@dataclass(frozen=True)
class Skill:
    """Say how much of the constant guess's loss is removed, with its 95 % interval.

    Attributes
    ----------
    value, low, high : float
        Skill and the ends of its interval.
    n_rows : int
        Rows that it was measured in.
    """

    value: float
    low: float
    high: float
    n_rows: int

    def __str__(self) -> str:
        return f"{self.value:.4f} ({self.low:.4f} to {self.high:.4f})"


NO_SKILL = Skill(0.0, 0.0, 0.0, 0)


@dataclass(frozen=True)
class SkillRows:
    """Hold the training rows that checks of the target look at.

    Attributes
    ----------
    design : Dataset
        The rows.
    y : ndarray, shape (n_rows,)
        Their target.
    outputs : ndarray, shape (n_rows, n_outputs)
        What is predicted: the quantity, cut at far fences and of variance 1, or an indicator for
        each of the 20 commonest classes.
    fold : ndarray of int, shape (n_rows,)
        Part in which a row is predicted from the other parts; equal rows stand side by side, so
        that few are cut.
    """

    design: Dataset
    y: Array
    outputs: Array
    fold: Array


def sample_of(problem: Problem) -> SkillRows:
    """Take at most 20,000 training rows, a random sample, as rows come in the order of a hash.

    Examples
    --------
    >>> problem = Problem("regression", Dataset((), {}, 50), np.arange(50.0))
    >>> sample_of(problem).outputs.shape, round(float(sample_of(problem).outputs.std()), 6)
    ((50, 1), 1.0)
    """
    design = problem.design
    assert isinstance(design, Dataset)
    n_rows = min(design.n_rows, MOST_ROWS)
    rows = np.arange(n_rows)
    y = problem.y[:n_rows]
    kept = design if n_rows == design.n_rows else design.take(rows)
    outputs = _quantity(y) if problem.task == "regression" else _indicators(y)
    return SkillRows(kept, y, outputs, rows * FOLDS // max(n_rows, 1))


def _quantity(y: Array) -> Array:
    if not len(y):
        return y[:, None]
    low, high = np.quantile(y, [0.05, 0.95])
    reach = FENCE * (high - low)
    cut = np.clip(y, low - reach, high + reach) if reach > 0 else y
    scale = float(cut.std())
    return np.asarray((cut - cut.mean()) / (scale if scale > 0 else 1.0))[:, None]


def _indicators(y: Array) -> Array:
    counts = np.bincount(y.astype(np.int64))
    commonest = np.argsort(-counts, kind="stable")[:MOST_CLASSES]
    return np.asarray((y[:, None] == commonest[counts[commonest] > 0]).astype(np.float64))


def skill_of(predicted: Array, outputs: Array, fold: Array) -> Skill:
    """Return the skill of held-out predictions, beside the mean of the other folds.

    Parameters
    ----------
    predicted, outputs : ndarray, shape (n_rows, n_outputs)
        What was predicted, and what is so.
    fold : ndarray of int, shape (n_rows,)
        Fold of each row.

    Examples
    --------
    >>> y = np.random.default_rng(0).normal(size=(100, 1))
    >>> skill_of(y, y, np.arange(100) % 5).value
    1.0
    """
    means = _level_means(np.zeros(len(fold), dtype=np.int64), outputs, fold, 1)
    constant = ((outputs - means) ** 2).sum(axis=1)
    loss = ((outputs - predicted) ** 2).sum(axis=1)
    return ratio_skill(loss, constant)


def ratio_skill(loss: Array, constant: Array) -> Skill:
    """Return one minus the ratio of two mean losses, with its interval by the delta method."""
    n_rows, total = len(loss), float(constant.sum())
    if n_rows < 2 or total <= 0:
        return NO_SKILL
    ratio = float(loss.sum()) / total
    spread = float((loss - ratio * constant).std(ddof=1)) / (total / n_rows)
    half = TWO_SIDED * spread / float(np.sqrt(n_rows))
    return Skill(1 - ratio, 1 - ratio - half, min(1 - ratio + half, 1.0), n_rows)


def number_skill(values: Array, sample: SkillRows) -> Skill:
    """Return the skill of one column of numbers, in the rows where it is known.

    A curve of up to 64 straight pieces between quantiles, or, where numbers repeat, a mean for
    each: the better of them.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        The column; NaN for missing.
    sample : SkillRows
        The rows.
    """
    known = np.isfinite(values)
    n_known = int(known.sum())
    if n_known < max(FEWEST_ROWS, FEWEST_KNOWN * len(values)):
        return NO_SKILL
    x, outputs, fold = values[known], sample.outputs[known], sample.fold[known]
    distinct, level = np.unique(x, return_inverse=True)
    if len(distinct) < 2:
        return NO_SKILL
    knots = knots_of(distinct, x)
    curve = skill_of(_curve(x, knots, outputs, fold), outputs, fold)
    if len(knots) == len(distinct) or len(distinct) > n_known / ROWS_A_LEVEL:
        return curve
    means = skill_of(_level_means(level, outputs, fold, len(distinct)), outputs, fold)
    return max((curve, means), key=lambda one: one.low)


def knots_of(distinct: Array, x: Array, most: int = MOST_KNOTS) -> Array:
    """Return the values between which a curve is straight: all distinct ones, or quantiles."""
    n_knots = min(most, max(len(x) // ROWS_A_KNOT, 2))
    if len(distinct) <= n_knots:
        return distinct
    return np.unique(np.quantile(x, np.linspace(0, 1, n_knots)))


def hats(x: Array, knots: Array) -> tuple[Array, Array]:
    """Return the knot below each value, and how far on the way to the next it lies, 0 to 1.

    Examples
    --------
    >>> hats(np.array([0.0, 0.5, 2.0, 9.0]), np.array([0.0, 1.0, 3.0]))
    (array([0, 0, 1, 1]), array([0. , 0.5, 0.5, 1. ]))
    """
    below = np.clip(np.searchsorted(knots, x, side="right") - 1, 0, len(knots) - 2)
    step = knots[below + 1] - knots[below]
    return below, np.clip((x - knots[below]) / step, 0.0, 1.0)


def _curve(x: Array, knots: Array, outputs: Array, fold: Array) -> Array:
    """Predict each fold from a curve of straight pieces that the others drew."""
    n_knots = len(knots)
    below, way = hats(x, knots)
    place = fold * n_knots + below

    def sums(weights: Array) -> Array:
        """Return sums of the other folds, by knot; (n_folds, n_knots)."""
        own = np.bincount(place, weights, FOLDS * n_knots).reshape(FOLDS, n_knots)
        return np.asarray(own.sum(axis=0) - own)

    left, both, right = sums((1 - way) ** 2), sums(way * (1 - way)), sums(way**2)
    diagonal = left
    diagonal[:, 1:] += right[:, :-1]
    tops = [(sums((1 - way) * one), sums(way * one)) for one in outputs.T]
    predicted = np.empty_like(outputs)
    for k in range(FOLDS):
        band = np.zeros((2, n_knots))
        band[1] = diagonal[k] + 2 * TIE
        band[1, [0, -1]] -= TIE * (1 - 1e-6)
        band[0, 1:] = both[k, :-1] - TIE
        top = np.stack([a[k] + np.append(0.0, b[k, :-1]) for a, b in tops], axis=1)
        height = solveh_banded(band, top, check_finite=False)
        own = fold == k
        part = way[own][:, None]
        predicted[own] = height[below[own]] * (1 - part) + height[below[own] + 1] * part
    return predicted


def category_skill(codes: Array, sample: SkillRows) -> Skill:
    """Return the skill of one column of categories, a missing cell being one of its own."""
    level = np.maximum(codes.astype(np.int64), -1) + 1
    n_levels = int(level.max(initial=0)) + 1
    if len(level) < FEWEST_ROWS:
        return NO_SKILL
    predicted = _level_means(level, sample.outputs, sample.fold, n_levels)
    return skill_of(predicted, sample.outputs, sample.fold)


def _level_means(level: Array, outputs: Array, fold: Array, n_levels: int) -> Array:
    """Predict each row by the mean of its level in the other folds, drawn to their mean by a row."""
    place = fold * n_levels + level
    counts = np.bincount(place, minlength=FOLDS * n_levels).reshape(FOLDS, n_levels)
    others = counts.sum(axis=0) - counts
    predicted = np.empty_like(outputs)
    for j, one in enumerate(outputs.T):
        own = np.bincount(place, one, FOLDS * n_levels).reshape(FOLDS, n_levels)
        sums = own.sum(axis=0) - own
        mean = sums.sum(axis=1, keepdims=True) / np.maximum(others.sum(axis=1, keepdims=True), 1)
        predicted[:, j] = ((sums + mean) / (others + 1.0))[fold, level]
    return predicted


def skills_of(sample: SkillRows) -> dict[str, Skill]:
    """Return the skill of every feature, by its name; of a time, that of its parts."""
    design = sample.design
    numbers = zip(design.number_names, design.number_columns(), strict=True)
    found = {name: number_skill(values, sample) for name, values in numbers}
    return found | {
        column.name: category_skill(design.values[column.name], sample)
        for column in design.category_columns
    }


def missing_skill(is_missing: Array, sample: SkillRows) -> Skill:
    """Return the skill of knowing whether a cell is missing, and nothing of what it holds."""
    return category_skill(is_missing.astype(np.int64), sample)
