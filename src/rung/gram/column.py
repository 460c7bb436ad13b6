"""Predict from one column: gather its rows into groups, and fit a line, a split or levels to them.

A group is a distinct value, a bin of neighbouring values, or a level; the last group holds the rows
where the cell is missing. Whatever is fitted, and its loss on other rows, needs only each group's
weight and sum of the target, so that a column costs one pass over its rows for all forms.

Sources: Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, 3.2 (the line),
4.4 (the logistic line), 9.2 (the split); Cestnik (1990), Proc. 9th ECAI (the m-estimate).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.gram.logistic import EXACT, LOOSE, NewtonRows, fit_logistic
from rung.prep.one_hot import moments, standardise
from rung.prep.outputs import softmax, spread_shares
from rung.trees.ranks import cuts_between
from rung.typing import Array

# A group speaks as if this many rows more had the mean of all rows.
PRIOR_ROWS = 5.0


@dataclass(frozen=True)
class Groups:
    """Say which rows of a column stand together.

    Attributes
    ----------
    of_row : ndarray of int, shape (n_rows,)
        Group of each row; the last group, `n_known`, is missing.
    n_known : int
        Groups that are not missing.
    place : ndarray, shape (n_known,)
        Mean of the standardised values of a group; zeros for levels.
    low, high : ndarray, shape (n_known,)
        Smallest and largest value of a group; empty for levels.
    shift, scale : float
        How values were standardised.
    """

    of_row: Array
    n_known: int
    place: Array
    low: Array
    high: Array
    shift: float = 0.0
    scale: float = 1.0


def gather_numbers(values: Array, weight: Array, most: int) -> Groups:
    """Gather rows by value, in `most` bins of neighbouring values where there are more values.

    Parameters
    ----------
    values : ndarray, shape (n_rows,)
        Cells; those that are not finite count as missing.
    weight : ndarray, shape (n_rows,)
        Weights, for mean and standard deviation.
    most : int
        Groups at most; bins hold about equally many rows.

    Examples
    --------
    >>> gather_numbers(np.array([2.0, np.nan, 1.0, 2.0]), np.ones(4), most=9).of_row
    array([1, 2, 0, 1])
    """
    shift, scale, varies, _ = moments(values, weight)
    known = np.isfinite(values)
    distinct, inverse = np.unique(values[known], return_inverse=True)
    counts = np.bincount(inverse, minlength=len(distinct))
    group = np.arange(len(distinct))
    if len(distinct) > most:
        before = np.cumsum(counts) - counts
        group = np.unique(before * most // len(inverse), return_inverse=True)[1]
    n_known = int(group[-1]) + 1 if len(group) else 0
    of_row = np.full(len(values), n_known)
    of_row[known] = group[inverse]
    first = np.flatnonzero(np.diff(group, prepend=-1))
    z = standardise(distinct, shift, scale) if varies else np.zeros(len(distinct))
    size = np.bincount(group, counts, minlength=n_known)
    place = np.bincount(group, z * counts, minlength=n_known) / size
    high = distinct[np.append(first[1:], len(distinct)) - 1] if n_known else distinct
    return Groups(of_row, n_known, place, distinct[first], high, shift, scale)


def gather_levels(codes: Array, n_levels: int) -> Groups:
    """Gather rows by level; a code outside the levels counts as missing."""
    of_row = np.where((codes >= 0) & (codes < n_levels), codes, n_levels)
    none = np.empty(0)
    return Groups(of_row, n_levels, np.zeros(n_levels), none, none)


@dataclass(frozen=True)
class ColumnTarget:
    """Hold targets to add up.

    Attributes
    ----------
    y : ndarray, shape (n_rows,)
        Values near 0, or class numbers.
    weight : ndarray, shape (n_rows,)
        Weights.
    n_classes : int
        0 for values.
    """

    y: Array
    weight: Array
    n_classes: int


@dataclass(frozen=True)
class ColumnSums:
    """Hold weight, (n_groups,), and weighted sum of the target, (n_groups, n_outputs)."""

    mass: Array
    total: Array
    is_class: bool

    def smoothed(self, prior: Array) -> Array:
        """Return the m-estimates of groups, (n_groups, n_outputs)."""
        return np.asarray((self.total + PRIOR_ROWS * prior) / (self.mass[:, None] + PRIOR_ROWS))

    def over(self, group: Array, n_groups: int) -> ColumnSums:
        """Return the sums of larger groups; `group` says where each of these goes."""
        mass, total = np.zeros(n_groups), np.zeros((n_groups, self.total.shape[1]))
        np.add.at(mass, group, self.mass)
        np.add.at(total, group, self.total)
        return ColumnSums(mass, total, self.is_class)

    def purity(self) -> Array:
        """Return how much less each group loses by its own mean than by zero; (n_groups,)."""
        mass = np.where(self.mass > 0, self.mass, 1.0)[:, None]
        if self.is_class:
            share = np.where(self.total > 0, self.total, 1.0)
            return np.asarray((self.total * np.log(share / mass)).sum(axis=1))
        return np.asarray((self.total**2 / mass).sum(axis=1))


def add_up(groups: Groups, target: ColumnTarget, rows: Array) -> ColumnSums:
    """Add up the target of some rows by group.

    Examples
    --------
    >>> target = ColumnTarget(np.array([1.0, 2.0, 4.0]), np.ones(3), 0)
    >>> add_up(gather_levels(np.array([0, 1, 1]), 2), target, np.arange(3)).total[:, 0]
    array([1., 6., 0.])
    """
    group, y, weight = groups.of_row[rows], target.y[rows], target.weight[rows]
    n_groups, n_classes = groups.n_known + 1, target.n_classes
    if not n_classes:
        mass = np.bincount(group, weight, minlength=n_groups)
        total = np.bincount(group, weight * y, minlength=n_groups)[:, None]
        return ColumnSums(mass, total, is_class=False)
    flat = np.bincount(group * n_classes + y, weight, minlength=n_groups * n_classes)
    total = flat.reshape(n_groups, n_classes)
    return ColumnSums(total.sum(axis=1), total, is_class=True)


def overall(sums: ColumnSums) -> Array:
    """Return the mean of all rows, (n_outputs,); a class without a row gets half a row's share."""
    mass = sums.mass.sum()
    mean = sums.total.sum(axis=0) / mass
    if not sums.is_class:
        return np.asarray(mean)
    mean = np.maximum(mean, 1.0 / (2.0 * max(mass, 1.0)))
    return np.asarray(mean / mean.sum())


@dataclass(frozen=True)
class Fit:
    """Say what one form predicts.

    Attributes
    ----------
    by_group : ndarray, shape (n_groups, n_outputs)
        Prediction for each group, the missing one last.
    values : ndarray, shape (n_values, n_outputs)
        Split: left, right, missing. Levels: each level, missing. Line: missing.
    threshold : float
        Split: rows up to this value go left.
    coefficients : ndarray, shape (2, n_scores)
        Line: intercepts, then slopes, on standardised values.
    present : ndarray of int, shape (n_scores,)
        Line: class of each score.
    """

    by_group: Array
    values: Array
    threshold: float = 0.0
    coefficients: Array | None = None
    present: Array | None = None


def fit_levels(groups: Groups, sums: ColumnSums, prior: Array) -> Fit:
    """Give each level its smoothed mean."""
    values = sums.smoothed(prior)
    return Fit(values, values)


def fit_split(groups: Groups, sums: ColumnSums, prior: Array) -> Fit:
    """Cut an ordered column in two where both sides together are purest.

    Examples
    --------
    >>> groups = gather_numbers(np.array([1.0, 2.0, 8.0, 9.0]), np.ones(4), most=9)
    >>> sums = add_up(groups, ColumnTarget(np.array([-1.0, -1, 1, 1]), np.ones(4), 0), np.arange(4))
    >>> round(fit_split(groups, sums, np.zeros(1)).threshold, 1)
    5.0
    """
    n_known = groups.n_known
    left = ColumnSums(
        sums.mass[:n_known].cumsum(), sums.total[:n_known].cumsum(axis=0), sums.is_class
    )
    right = ColumnSums(
        sums.mass[:n_known][::-1].cumsum()[::-1],
        sums.total[:n_known][::-1].cumsum(axis=0)[::-1],
        sums.is_class,
    )
    last_left, threshold = n_known - 1, 0.0
    if n_known > 1:
        last_left = int((left.purity()[:-1] + right.purity()[1:]).argmax())
        neighbours = np.array([groups.high[last_left], groups.low[last_left + 1]])
        threshold = float(cuts_between(neighbours)[0])
    side = np.append((np.arange(n_known) > last_left).astype(np.int64), 2)
    values = sums.over(side, 3).smoothed(prior)
    return Fit(values[side], values, threshold)


def fit_line(groups: Groups, sums: ColumnSums, prior: Array, *, exact: bool = True) -> Fit | None:
    """Fit a straight line by least squares, or class scores that are lines.

    Parameters
    ----------
    groups, sums : Groups, Sums
        Values and what the target adds up to at each.
    prior : ndarray, shape (n_outputs,)
        Mean of all rows.
    exact : bool
        Classes: whether to descend to the bottom.

    Returns
    -------
    Fit or None
        None where fewer than two classes have a value.

    Examples
    --------
    >>> groups = gather_numbers(np.array([1.0, 2.0, 3.0]), np.ones(3), most=9)
    >>> sums = add_up(groups, ColumnTarget(np.array([5.0, 7.0, 9.0]), np.ones(3), 0), np.arange(3))
    >>> np.round(fit_line(groups, sums, np.full(1, 7.0)).by_group[:, 0], 9)
    array([5., 7., 9., 7.])
    """
    missing = sums.smoothed(prior)[-1:]
    if sums.is_class:
        return _logistic_line(groups, sums, missing=missing, exact=exact)
    mass, total, x = sums.mass[:-1], sums.total[:-1, 0], groups.place
    weight = max(float(mass.sum()), np.finfo(float).tiny)
    centre, height = float(mass @ x) / weight, float(total.sum()) / weight
    spread = float(mass @ (x - centre) ** 2)
    slope = float((total - height * mass) @ (x - centre)) / spread if spread > 0 else 0.0
    coefficients = np.array([[height - slope * centre], [slope]])
    by_group = np.vstack([coefficients[0] + x[:, None] * coefficients[1], missing])
    return Fit(by_group, missing, 0.0, coefficients, np.zeros(1, dtype=np.int64))


def _logistic_line(groups: Groups, sums: ColumnSums, *, missing: Array, exact: bool) -> Fit | None:
    total = sums.total[:-1]
    present = np.flatnonzero(total.sum(axis=0) > 0)
    if len(present) < 2:
        return None
    group, y = np.nonzero(total[:, present])
    mass = total[:, present][group, y]
    X = np.column_stack([np.ones(len(group)), groups.place[group]])
    rows = NewtonRows(X, y, mass / mass.sum(), len(present))
    # The penalty weighs as one row, which keeps a line between parted classes finite.
    penalty = 1.0 / max(float(mass.sum()), 1.0)
    theta = fit_logistic(rows, penalty, tolerance=EXACT if exact else LOOSE)
    shares = line_shares(groups.place, theta, present, missing.shape[1], float(sums.mass.sum()))
    return Fit(np.vstack([shares, missing]), missing, 0.0, theta, present)


def line_shares(
    z: Array, coefficients: Array, present: Array, n_classes: int, n_train: float
) -> Array:
    """Return probabilities along a line, (n_rows, n_classes), absent classes with half a row."""
    scores = coefficients[0] + z[:, None] * coefficients[1]
    if coefficients.shape[1] == 1:
        scores = np.hstack([np.zeros((len(z), 1)), scores])
    absent = np.full(n_classes, 1.0 / (2.0 * max(n_train, 1.0)))
    absent[present] = 0.0
    return spread_shares(softmax(scores), present, absent)


def held_out_loss(fit: Fit, sums: ColumnSums, loss: str) -> float:
    """Return what a fit loses on other rows, up to a number that is the same for all fits."""
    if not sums.is_class:
        return float((sums.mass[:, None] * fit.by_group**2 - 2.0 * fit.by_group * sums.total).sum())
    if loss == "zero_one":
        guess = fit.by_group.argmax(axis=1)
        return float((sums.mass - sums.total[np.arange(len(guess)), guess]).sum())
    floor = np.finfo(float).eps
    return float(-(sums.total * np.log(np.maximum(fit.by_group, floor))).sum())
