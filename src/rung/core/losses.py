"""Turn out-of-fold predictions into losses of units, with what each unit contributes.

Each loss is estimated together with its *influence values*: one centred number a unit, with the
scale of that unit's own loss, so that the variance of any linear combination of losses is the
variance of the same combination of influence values, over the number of units. For a mean over
plain rows the influence is the row's loss minus the mean; for groups and weights it is the usual
linearisation of a ratio, z_u = m Σ_{i in u} w_i (c_i - mean) / Σ w; for the area under the ROC
curve, DeLong's placement values fold by fold; for balanced accuracy, the linearisation of each
class's recall.

Sources: Cochran (1977), Sampling Techniques, ch. 6 (ratios); DeLong, DeLong & Clarke-Pearson
(1988), Biometrics 44.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from rung.core.estimate import Estimate, weighted_mean
from rung.core.field_losses import FIELD_ROW_LOSSES
from rung.core.metrics import Metric
from rung.core.out_of_fold import OutOfFold
from rung.core.roc import auc
from rung.typing import Array

EPSILON = float(np.finfo(np.float64).eps)
# Smallest default margin, as a share of the constant guess's loss: a thousandth of its metric,
# which for the root of a mean square is a millionth of the square.
FLOOR = 1e-3
SQUARED_FLOOR = 1e-6
# With fewer groups nothing is claimed: `benchmarks/verdict` has the rates behind it.
FEWEST_GROUPS = 10


@dataclass(frozen=True)
class Losses:
    """Hold one loss of every family on the same units.

    Attributes
    ----------
    names : tuple of str
        Families.
    means : ndarray, shape (n_families,)
        Mean loss of each.
    influence : ndarray, shape (n_units, n_families)
        Influence values; linear contrasts of means have the same contrast of these.
    k, m, n_counted : int
        Folds of one repeat, units that were scored, and units of the whole data set: what is said
        of the data needed counts these.
    target_variance : float
        Variance of the target over the scored rows (regression; else 0): the scale of R².
    factor : float or None
        What widens standard errors; None for the overlap of the training sets of k folds, 1 where
        models are judged as they were trained, infinite where there are too few units to say.
    is_ordered : bool
        Whether units follow each other in a stream, so that neighbours are alike.
    baseline : str
        The family that knows least and sets the scale of the default margin.
    counted : str
        What units are called, in the plural.
    are_groups : bool
        Whether a unit is a group of rows, which share more than a row shares with the next one.
    floor : float
        Smallest default margin, as a share of the baseline's loss.
    values : ndarray, shape (n_units, n_families)
        What each unit adds to the mean, not centred: columns average to `means`. Where a family
        loses 1e38 on one row, the digits of the others are whole here; means + influence unless
        given.
    """

    names: tuple[str, ...]
    means: Array
    influence: Array
    k: int
    m: int
    n_counted: int
    target_variance: float = 0.0
    factor: float | None = None
    is_ordered: bool = False
    baseline: str = "constant"
    counted: str = "rows"
    are_groups: bool = False
    floor: float = FLOOR
    values: Array = field(default_factory=lambda: np.empty((0, 0)))

    def __post_init__(self) -> None:
        if not self.values.size:
            object.__setattr__(self, "values", self.means + self.influence)

    def scale_of(self, metric: Metric) -> float:
        """Return what a loss is a share of: the target's variance, or what the baseline loses."""
        if metric.scale == "baseline" and self.baseline in self.names:
            return float(self.means[self.names.index(self.baseline)])
        return self.target_variance

    @property
    def has_few_groups(self) -> bool:
        """Whether units are groups, and too few for any statement about others."""
        return self.are_groups and self.m < FEWEST_GROUPS


def unit_losses(oof: OutOfFold, loss: str) -> Losses:
    """Return one loss of every family.

    Parameters
    ----------
    oof : OutOfFold
        Predictions of all families.
    loss : str
        Key of the loss: `squared_error`, `absolute_error`, `relative_error`, `log_loss`,
        `zero_one`, `brier`, `auc` or `balanced`.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> y = np.array([0.0, 1.0, 2.0, 3.0])
    >>> splits = partition_folds(np.array([0, 0, 1, 1])).splits
    >>> zeros = tuple(np.zeros((2, 1)) for _ in splits)
    >>> oof = OutOfFold("regression", y, splits, {"zero": zeros}, unit=np.arange(4))
    >>> float(unit_losses(oof, "squared_error").means[0])
    3.5
    """
    estimates = [estimate(oof, family, loss) for family in oof.families]
    are_groups = oof.n_units < len(oof.scored)
    return Losses(
        names=oof.families,
        means=np.array([item.mean for item in estimates]),
        influence=np.column_stack([item.influence for item in estimates]),
        values=np.column_stack([item.values for item in estimates]),
        k=oof.n_folds,
        m=oof.n_units,
        n_counted=oof.n_units,
        target_variance=target_variance(oof) if oof.task == "regression" else 0.0,
        counted=oof.counted or ("groups" if are_groups else "rows"),
        is_ordered=oof.is_ordered,
        are_groups=are_groups,
        floor=SQUARED_FLOOR if loss == "squared_error" else FLOOR,
    )


def estimate(oof: OutOfFold, family: str, loss: str) -> Estimate:
    """Return one loss of one family with its influence values."""
    if loss == "auc":
        return auc(oof, family)
    if loss == "balanced":
        return _balanced(oof, family)
    return _row_mean(oof, family, ROW_LOSSES[loss])


# Losses of rows: functions of (out-of-fold predictions, family, split) -> (n_test,)


def _squared_error(oof: OutOfFold, family: str, split: int) -> Array:
    error: Array = (oof.y[oof.splits[split].test] - oof.values(family, split)) ** 2
    return error


def _absolute_error(oof: OutOfFold, family: str, split: int) -> Array:
    error: Array = np.abs(oof.y[oof.splits[split].test] - oof.values(family, split))
    return error


def _relative_error(oof: OutOfFold, family: str, split: int) -> Array:
    scale = np.maximum(np.abs(oof.y[oof.splits[split].test]), EPSILON)
    error: Array = _absolute_error(oof, family, split) / scale
    return error


def _log_loss(oof: OutOfFold, family: str, split: int) -> Array:
    # Only the true class's probability enters, so clipping it needs no renormalisation.
    probability = oof.predictions[family][split]
    truth = oof.y[oof.splits[split].test]
    lowest = lowest_probability(oof.n_train[split])
    kept: Array = np.clip(probability[np.arange(len(truth)), truth], lowest, 1.0 - lowest)
    return -np.log(kept)


def lowest_probability(n_train: int) -> float:
    """Return what probabilities are clipped at: half a row in as many as were trained on.

    Examples
    --------
    >>> lowest_probability(100)
    0.005
    """
    return min(1.0 / (2.0 * max(n_train, 1)), 0.5)


def _zero_one(oof: OutOfFold, family: str, split: int) -> Array:
    predicted = oof.predictions[family][split].argmax(axis=1)
    wrong: Array = (predicted != oof.y[oof.splits[split].test]).astype(np.float64)
    return wrong


def _brier(oof: OutOfFold, family: str, split: int) -> Array:
    truth = np.eye(len(oof.classes))[oof.y[oof.splits[split].test]]
    squares: Array = ((oof.predictions[family][split] - truth) ** 2).sum(axis=1)
    return squares / 2 if oof.task == "binary" else squares


RowLoss = Callable[[OutOfFold, str, int], Array]
ROW_LOSSES: Mapping[str, RowLoss] = {
    "squared_error": _squared_error,
    "absolute_error": _absolute_error,
    "relative_error": _relative_error,
    "log_loss": _log_loss,
    "zero_one": _zero_one,
    "brier": _brier,
    **FIELD_ROW_LOSSES,
}


def row_losses(oof: OutOfFold, family: str, loss: RowLoss) -> tuple[Array, list[Array]]:
    """Return each row's loss, averaged over the repeats that held it out, and each split's.

    Returns
    -------
    mean : ndarray, shape (n_rows,)
        Zero for rows that were never held out.
    splits : list of ndarray, each (n_test,)
        Losses of every split.
    """
    total = np.zeros(len(oof.y))
    parts = [loss(oof, family, index) for index in range(len(oof.splits))]
    for split, part in zip(oof.splits, parts, strict=True):
        total[split.test] += part
    return total / np.maximum(oof.times_held_out, 1), parts


def _row_mean(oof: OutOfFold, family: str, loss: RowLoss) -> Estimate:
    rows, parts = row_losses(oof, family, loss)
    scored, weight = oof.scored, oof.weights
    total = weight[scored].sum()
    mean = float(weight[scored] @ rows[scored] / total)
    folds = (
        weighted_mean(part, weight[split.test])
        for split, part in zip(oof.splits, parts, strict=True)
    )
    influence = oof.to_units(weight * (rows - mean) / total)
    return Estimate(mean, influence, tuple(folds), oof.to_units(weight * rows / total))


def target_variance(oof: OutOfFold, rows: Array | None = None) -> float:
    """Return the weighted variance of the target over these rows, or over the scored ones."""
    rows = oof.scored if rows is None else rows
    y, weight = oof.y[rows], oof.weights[rows]
    return weighted_mean((y - weighted_mean(y, weight)) ** 2, weight)


def explained(oof: OutOfFold, family: str) -> Estimate:
    """Return 1 - R²: squared error over the target's variance, both over all scored rows.

    So R² is the squared error on another scale, and both name the same leader. Where no row
    varies, the value is 0 for perfect predictions, else 1. A fold's own value is over its own
    rows' variance; over that of all rows where it has a single row or does not vary.
    """
    errors = _row_mean(oof, family, _squared_error)
    variance = target_variance(oof)
    folds = tuple(
        _unexplained(error, target_variance(oof, split.test), variance)
        for error, split in zip(errors.per_fold, oof.splits, strict=True)
    )
    if variance == 0:
        return Estimate(float(errors.mean > 0), np.zeros(oof.n_units), folds)
    y, weight = oof.y[oof.scored], oof.weights[oof.scored]
    mean = errors.mean / variance
    rows = np.zeros(len(oof.y))
    spread = (y - weighted_mean(y, weight)) ** 2
    rows[oof.scored] = weight / weight.sum() * (spread - variance)
    return Estimate(mean, (errors.influence - mean * oof.to_units(rows)) / variance, folds)


def _unexplained(error: float, own: float, pooled: float) -> float:
    scale = own if own > 0 else pooled
    return error / scale if scale > 0 else float(error > 0)


def _balanced(oof: OutOfFold, family: str) -> Estimate:
    """Return 1 - balanced accuracy; classes without a scored row are left out."""
    wrong, parts = row_losses(oof, family, _zero_one)
    weight = np.zeros(len(oof.y))
    weight[oof.scored] = oof.weights[oof.scored]
    rows = np.zeros(len(oof.y))
    misses = []
    present = np.unique(oof.y[oof.scored])
    for label in present:
        share = np.where(oof.y == label, weight, 0.0)
        share = share / share.sum()
        misses.append(float(share @ wrong))
        rows += share * (wrong - misses[-1]) / len(present)
    folds = [
        _mean_by_class(part, oof.y[split.test], oof.weights[split.test])
        for split, part in zip(oof.splits, parts, strict=True)
    ]
    return Estimate(float(np.mean(misses)), oof.to_units(rows), tuple(folds))


def _mean_by_class(values: Array, y: Array, weight: Array) -> float:
    means = [weighted_mean(values[y == label], weight[y == label]) for label in np.unique(y)]
    return float(np.mean(means))
