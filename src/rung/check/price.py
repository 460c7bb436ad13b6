"""Measure what dependence between rows is worth: random folds beside folds that respect it.

One cheap family is cross-fitted twice on the same rows. What it loses more on the second folds is
what random folds flatter by.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from rung.core.compare import CONSTANT_SHARE, GAIN_SHARE, LOSS_SHARE, overlap_factor
from rung.core.dataset import Dataset
from rung.core.family import Problem
from rung.core.seal import LARGE_KEY, LARGE_KEY_ROWS
from rung.prep.outputs import softmax
from rung.trees.boost import Goal, grow
from rung.trees.sample import Sample
from rung.trees.walk import walk
from rung.typing import Array

N_FOLDS = 5
MOST_ROWS = 2_400
FEW_ROWS, FEW_REPEATS = 600, 3
MOST_COLUMNS = 150
MOST_CLASSES = 4
# Standard errors, of rows taken as independent, that a price must be away from none. It is measured
# only where rows are alike beyond doubt, which is what keeps false alarms away.
LIKELY = 1.0
SETTINGS = {
    "leaves": 31,
    "learning_rate": 0.15,
    "min_rows_in_leaf": 3,
    "feature_share": 1.0,
    "row_share": 1.0,
}
ROUNDS = 30
# A price that no reader sees.
LITTLE = 0.01
# Middle part of the target, and how many times its width values may lie beyond.
INNER, BEYOND = 0.01, 3.0


@dataclass(frozen=True)
class Sheet:
    """Hold the features of some rows as one matrix, and the target as columns of numbers.

    Attributes
    ----------
    X : ndarray, shape (n_rows, n_features)
        NaN for missing; categories by their codes.
    owner : tuple of str
        Column of the table behind each feature.
    y : ndarray, shape (n_rows, n_outputs)
        The quantity; or a column of zeros and ones for each class, rare ones joined.
    """

    X: Array
    owner: tuple[str, ...]
    y: Array

    @property
    def has_classes(self) -> bool:
        """Whether the target is a class."""
        return bool(self.y.shape[1] > 1)

    def without(self, columns: Collection[str]) -> Sheet:
        """Return the sheet without the features made of these columns."""
        kept = [j for j, name in enumerate(self.owner) if name not in columns]
        return Sheet(self.X[:, kept], tuple(self.owner[j] for j in kept), self.y)

    def take(self, rows: Array) -> Sheet:
        """Return the sheet of these rows."""
        return Sheet(self.X[rows], self.owner, self.y[rows])


def make_sheet(problem: Problem, rows: Array | None = None) -> Sheet:
    """Write the rows of a problem as a sheet.

    Parameters
    ----------
    problem : Problem
        Training rows.
    rows : ndarray of int, optional
        Which of them; all otherwise.

    Examples
    --------
    >>> from rung.core.dataset import Column
    >>> table = Dataset((Column("x", "number"),), {"x": np.arange(3.0)}, 3)
    >>> make_sheet(Problem("regression", table, np.ones(3))).owner
    ('x',)
    """
    design = problem.design
    assert isinstance(design, Dataset)
    chosen = np.arange(design.n_rows) if rows is None else rows
    owner = list(design.number_owners)
    codes = design.codes(chosen).astype(np.float64)
    codes[codes < 0] = np.nan
    X = np.hstack([design.numbers(chosen), codes])
    owner.extend(column.name for column in design.category_columns)
    X[~np.isfinite(X)] = np.nan
    kept = np.linspace(0, len(owner) - 1, min(len(owner), MOST_COLUMNS)).astype(int)
    return Sheet(X[:, kept], tuple(owner[j] for j in kept), _target(problem, chosen))


def _target(problem: Problem, rows: Array) -> Array:
    if problem.task == "regression":
        y = problem.y.astype(np.float64)
        low, high = np.quantile(y, [INNER, 1 - INNER])
        reach = BEYOND * (high - low)
        return np.clip(y[rows], low - reach, high + reach)[:, None]
    counts = np.bincount(problem.y, minlength=len(problem.classes))
    order = np.argsort(-counts, kind="stable")
    place = np.empty(len(counts), dtype=np.int64)
    place[order] = np.minimum(np.arange(len(counts)), MOST_CLASSES - 1)
    return np.eye(min(len(counts), MOST_CLASSES))[place[problem.y[rows]]]


@dataclass(frozen=True)
class Price:
    """Say what random folds flatter by, as shares of the constant guess's loss.

    Attributes
    ----------
    random, honest : float
        Skill on random folds, and on folds that respect the dependence: 1 minus loss over the
        constant's, which is R² for a quantity.
    low, high : float
        95 % limits of their difference, with groups or blocks as the units.
    margin : float
        Smallest difference that matters: the default margin of a run.
    z : float
        Difference over its standard error if rows were independent.
    has_classes : bool
        Whether the target is a class.
    """

    random: float
    honest: float
    low: float
    high: float
    margin: float
    z: float
    has_classes: bool

    @property
    def difference(self) -> float:
        """What random folds flatter by."""
        return self.random - self.honest

    @property
    def matters(self) -> bool:
        """Whether it is beyond the margin, and more than an accident of the folds."""
        return bool(self.difference > max(self.margin, LITTLE) and self.z > LIKELY)

    @property
    def is_nothing(self) -> bool:
        """Whether it is shown to be within twice the margin."""
        return self.high <= 2 * max(self.margin, LITTLE)

    def weigh(self) -> str:
        """Say it in numbers, and whether it matters."""
        if self.matters:
            return self.say()
        how = "which does not matter" if self.is_nothing else "which may be nothing"
        return f"measured: {self.say()}, {how}"

    def say(self) -> str:
        """Say it in numbers.

        Examples
        --------
        >>> Price(0.74, 0.22, 0.4, 0.64, 0.03, 12.0, False).say()
        'random folds flatter by .52, 95 % interval .40 to .64 (R² .74 → .22)'
        """
        name = "share of the Brier score removed" if self.has_classes else "R²"
        return (
            f"random folds flatter by {share(self.difference)}, 95 % interval {share(self.low)} to "
            f"{share(self.high)} ({name} {share(self.random)} → {share(self.honest)})"
        )


def share(value: float) -> str:
    """Write a share with two digits, without the zero before the point.

    Examples
    --------
    >>> share(0.524), share(-0.05), share(-1.2)
    ('.52', '-.05', '-1.20')
    """
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1) if abs(float(text)) < 1 else text


def measure(
    sheet: Sheet,
    deal: Callable[[int], Array],
    unit: Array,
    *,
    hidden: Collection[str] = (),
    seed: int = 0,
) -> Price:
    """Measure a price.

    Parameters
    ----------
    sheet : Sheet
        Rows.
    deal : callable
        From a seed to the honest fold of each row, 0 to 4.
    unit : ndarray of int, shape (n_rows,)
        Group or block of each row: the unit of the interval.
    hidden : collection of str
        Columns that are features on random folds only: the one that names the groups is none
        where they are respected.
    seed : int
        Of the folds; tables of few rows are dealt several times.
    """
    guess = float(((sheet.y - sheet.y.mean(axis=0)) ** 2).sum(axis=1).mean())
    if guess <= 0:
        return Price(0.0, 0.0, 0.0, 0.0, 1.0, 0.0, sheet.has_classes)
    kept = sheet.without(hidden)
    random, honest = _losses(sheet, random_folds(sheet.X, seed)), _losses(kept, deal(seed))
    if len(unit) < FEW_ROWS and honest.mean() > random.mean():
        again = range(seed + 1, seed + FEW_REPEATS)
        more = [
            (_losses(sheet, random_folds(sheet.X, one)), _losses(kept, deal(one))) for one in again
        ]
        random, honest = np.mean([(random, honest), *more], axis=0)
    difference, loss = honest - random, float(random.mean())
    middle, by_rows = float(difference.mean()), _error(difference)
    half = _half_width(difference, unit)
    margin = min(max(GAIN_SHARE * (guess - loss), CONSTANT_SHARE * guess), LOSS_SHARE * loss)
    return Price(
        random=1 - loss / guess,
        honest=1 - float(honest.mean()) / guess,
        low=(middle - half) / guess,
        high=(middle + half) / guess,
        margin=margin / guess,
        z=middle / by_rows if by_rows > 0 else 0.0,
        has_classes=sheet.has_classes,
    )


def _half_width(difference: Array, unit: Array) -> float:
    """Return half of a 95 % interval of a mean over rows, with units as what varies."""
    from scipy.special import stdtrit

    codes = np.unique(unit, return_inverse=True)[1]
    sums = np.bincount(codes, difference - difference.mean())
    m = len(sums)
    if m < 2:
        return math.inf
    error = math.sqrt(float(sums @ sums) * m / (m - 1)) / len(difference)
    return float(stdtrit(m - 1, 0.975)) * error * overlap_factor(N_FOLDS)


def _error(difference: Array) -> float:
    return float(difference.std() / math.sqrt(len(difference))) * overlap_factor(N_FOLDS)


def random_folds(X: Array, seed: int) -> Array:
    """Deal rows into folds at random, equal ones together unless they are very many, as a run does."""
    filled = np.where(np.isnan(X), np.inf, X)
    key = np.unique(filled, axis=0, return_inverse=True)[1].ravel()
    is_large = np.bincount(key)[key] > max(LARGE_KEY * len(key), LARGE_KEY_ROWS)
    key[is_large] = len(key) + np.flatnonzero(is_large)
    return deal_units(key, seed)


def deal_units(unit: Array, seed: int) -> Array:
    """Deal units into five folds at random, so that folds hold about as many rows each.

    Examples
    --------
    >>> np.bincount(deal_units(np.arange(10), 0)).tolist()
    [2, 2, 2, 2, 2]
    """
    codes = np.unique(unit, return_inverse=True)[1]
    sizes = np.bincount(codes)
    rng = np.random.default_rng([0xDEA1, seed])
    order = rng.permutation(len(sizes))
    if sizes.max() > 1:
        order = order[np.argsort(-sizes[order], kind="stable")]
    fold, filled = np.empty(len(sizes), dtype=np.int64), [0] * N_FOLDS
    for unit_number in order:
        fold[unit_number] = chosen = filled.index(min(filled))
        filled[chosen] += int(sizes[unit_number])
    return np.asarray(fold[codes])


def _losses(sheet: Sheet, fold: Array) -> Array:
    """Return the squared distance of prediction and target for every row; shape (n_rows,)."""
    sheet = Sheet(_filled(sheet.X), sheet.owner, sheet.y)
    losses = np.zeros(len(fold))
    for number in np.unique(fold):
        held = fold == number
        predicted = _predict(sheet.take(np.flatnonzero(~held)), sheet.X[held])
        losses[held] = ((predicted - sheet.y[held]) ** 2).sum(axis=1)
    return losses


def _filled(X: Array) -> Array:
    """Write missing cells as a number below all others of their column, so that trees part them."""
    known = np.isfinite(X)
    low = np.where(known, X, np.inf).min(axis=0, initial=np.inf)
    high = np.where(known, X, -np.inf).max(axis=0, initial=-np.inf)
    below = np.where(np.isfinite(low), low - np.maximum(high - low, 1.0), 0.0)
    return np.where(known, X, below)


def _predict(sheet: Sheet, X: Array) -> Array:
    """Learn a few boosted trees, and predict."""
    if sheet.has_classes:
        return _predict_classes(sheet, X)
    centre, scale = float(sheet.y.mean()), float(sheet.y.std()) or 1.0
    learned = _boosted(sheet.X, (sheet.y[:, 0] - centre) / scale, X, Goal("regression"))
    return centre + scale * learned


def _predict_classes(sheet: Sheet, X: Array) -> Array:
    """Return the probability of every class; certainty where rows are all of one."""
    present = np.flatnonzero(sheet.y.any(axis=0))
    codes = sheet.y[:, present].argmax(axis=1)
    outputs = np.zeros((len(X), sheet.y.shape[1]))
    if len(present) == 1:
        outputs[:, present] = 1.0
    elif len(present) == 2:
        raw = _boosted(sheet.X, codes, X, Goal("binary"))
        outputs[:, present] = softmax(np.hstack([-raw, raw]) / 2)
    else:
        outputs[:, present] = softmax(_boosted(sheet.X, codes, X, Goal("multiclass", len(present))))
    return outputs


def _boosted(learned: Array, y: Array, X: Array, goal: Goal) -> Array:
    rounds = ROUNDS if goal.n_classes == 1 else ROUNDS // 2
    nodes = grow(Sample(learned, y, np.ones(len(y))), goal, {**SETTINGS, "rounds": rounds})
    return walk(nodes, X)


def thin(unit: Array, seed: int) -> Array:
    """Choose rows so that units stay as whole as can be: few units are thinned, of many some left.

    Parameters
    ----------
    unit : ndarray of int, shape (n_rows,)
        Unit of each row.
    seed : int
        Of the choice.

    Returns
    -------
    ndarray of int
        At most 2,400 rows, sorted; all where there are no more.
    """
    if len(unit) <= MOST_ROWS:
        return np.arange(len(unit))
    codes = np.unique(unit, return_inverse=True)[1]
    rng = np.random.default_rng([0x7417, seed])
    sizes = np.bincount(codes)
    most = max(MOST_ROWS // min(len(sizes), 100), 2)
    order = rng.permutation(len(unit))
    by_unit = order[np.argsort(codes[order], kind="stable")]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    place = np.arange(len(unit)) - np.repeat(starts, sizes)
    kept = by_unit[place < most]
    rank = rng.permutation(len(sizes))[codes[kept]]
    kept = kept[np.argsort(rank, kind="stable")]
    return np.sort(kept[:MOST_ROWS])
