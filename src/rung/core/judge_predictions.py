"""Score every family on the rows that its models had not seen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from rung.core.compare import standard_errors
from rung.core.estimate import Estimate
from rung.core.field_losses import redshift_scatter, unskilled
from rung.core.field_metrics import beside, metric_named
from rung.core.losses import estimate, explained, lowest_probability
from rung.core.metrics import METRICS, Metric, metrics_of
from rung.core.out_of_fold import OutOfFold
from rung.core.result import Score
from rung.core.table_losses import MEASURES
from rung.typing import Array

__all__ = [
    "OutOfFold",
    "confusion",
    "defined_metrics",
    "metric_estimate",
    "score_families",
    "score_interval",
    "zeros",
]

LEVEL = 0.95
BASELINE = "constant"
# Share of the target's range.
NEARLY_ZERO = 1e-9
RANKINGS = ("auc", "average_precision")
# Losses that rest on each class, however rare; all others are means over rows.
COUNTING_CLASSES = (*RANKINGS, "balanced", *MEASURES)


class FamilyScores(Mapping[str, dict[str, Score]]):
    """Hold the scores of every family, each computed when it is first asked for.

    Whoever follows a run asks for those of one family at a time.

    Parameters
    ----------
    oof : OutOfFold
        Predictions of all families.
    metrics : sequence of Metric
        What is computed.
    """

    def __init__(self, oof: OutOfFold, metrics: Sequence[Metric]) -> None:
        self._oof, self._metrics = oof, tuple(metrics)
        self._known: dict[str, dict[str, Score]] = {}

    def __getitem__(self, family: str) -> dict[str, Score]:
        """Return the scores of a family by the key of the metric."""
        if family not in self._known:
            if family not in self._oof.predictions:
                raise KeyError(family)
            self._known[family] = {one.key: _score(self._oof, family, one) for one in self._metrics}
        return self._known[family]

    def __iter__(self) -> Iterator[str]:
        """Iterate over families."""
        return iter(self._oof.families)

    def __len__(self) -> int:
        """Count families."""
        return len(self._oof.families)


def score_families(oof: OutOfFold, metric: Metric | None = None) -> FamilyScores:
    """Return every metric that is defined for every family, with 95 % intervals.

    Those of a field, and of a user, are among them where the run is compared by one.

    The intervals are for the mean risk of the fold models: t intervals over units, widened for
    the overlap of training sets as `rung.core.compare.standard_errors` says, and cut off at the
    metric's range.

    Examples
    --------
    >>> from rung.core.folds import partition_folds
    >>> y = np.array([0.0, 1.0, 2.0, 3.0])
    >>> splits = partition_folds(np.array([0, 0, 1, 1])).splits
    >>> ones = tuple(np.ones((2, 1)) for _ in splits)
    >>> oof = OutOfFold("regression", y, splits, {"one": ones}, unit=np.arange(4))
    >>> score_families(oof)["one"]["mae"].mean
    1.0
    """
    return FamilyScores(oof, shown_metrics(oof, metric))


def defined_metrics(oof: OutOfFold) -> tuple[str, ...]:
    """Return the metrics of the task, without relative errors where a target is zero."""
    keys = metrics_of(oof.task)
    return tuple(key for key in keys if METRICS[key].loss != "relative_error" or not zeros(oof.y))


def shown_metrics(oof: OutOfFold, metric: Metric | None) -> tuple[Metric, ...]:
    """Return the metrics of the task, and those that stand beside the one of the run."""
    keys = defined_metrics(oof)
    return (*map(metric_named, keys), *(beside(metric) if metric else ()))


def zeros(y: Array) -> int:
    """Count values that are zero, or so near it beside the others that nothing is relative to them.

    Examples
    --------
    >>> zeros(np.array([0.0, 1e-12, 3.0, -4.0]))
    2
    """
    return int((np.abs(y) <= np.ptp(NEARLY_ZERO * y)).sum())


def metric_estimate(oof: OutOfFold, family: str, metric: Metric) -> Estimate:
    """Return the loss behind a metric; for R² and skill the share that is unexplained."""
    if metric.key == "photoz_nmad":
        return redshift_scatter(oof, family)
    if metric.scale == "baseline" and BASELINE in oof.predictions:
        return unskilled(oof, family, BASELINE)
    return explained(oof, family) if metric.scale else estimate(oof, family, metric.loss)


def metric_limits(oof: OutOfFold, metric: Metric) -> tuple[float, float]:
    """Return the smallest and largest value possible; clipping bounds the log loss too."""
    low, high = metric.limits(oof.task)
    if metric.key == "log_loss":
        high = max(-math.log(lowest_probability(n_train)) for n_train in oof.n_train)
    return low, high


def to_metric(metric: Metric, loss: float) -> float:
    """Return the metric for the mean that `metric_estimate` gives."""
    return 1.0 - loss if metric.scale else metric.value(loss)


def score_interval(metric: Metric, limits: tuple[float, float], low: float, high: float) -> Array:
    """Return an interval of the loss in the metric's unit, ordered and inside its range."""
    ends = sorted((to_metric(metric, low), to_metric(metric, high)))
    return np.asarray(np.clip(np.array(ends), *limits))


def _score(oof: OutOfFold, family: str, metric: Metric) -> Score:
    from scipy.special import stdtrit

    found = metric_estimate(oof, family, metric)
    value, limits = to_metric(metric, found.mean), metric_limits(oof, metric)
    folds = tuple(to_metric(metric, loss) for loss in found.per_fold)
    if not varies(found):
        low, high = unvaried_interval(value, limits, fewest_units(oof, metric), LEVEL)
        return Score(value, low, high, folds)
    influence, is_ordered = found.influence[:, None], oof.is_ordered
    error = float(standard_errors(influence, oof.n_folds, is_ordered=is_ordered)[0])
    half = float(stdtrit(oof.n_units - 1, (1 + LEVEL) / 2)) * error
    low, high = score_interval(metric, limits, found.mean - half, found.mean + half)
    return Score(value, float(low), float(high), folds)


def varies(found: Estimate) -> bool:
    """Say whether units differ by more than rounding, so that a standard error can be had."""
    size = max(abs(found.mean), 1.0)
    return len(found.influence) > 1 and bool(np.abs(found.influence).max() > 1e-12 * size)


def fewest_units(oof: OutOfFold, metric: Metric) -> int:
    """Return the units that a metric rests on: those of the rarest class where each counts.

    Zero for a ranking of rows of one class, which is not defined.
    """
    if metric.loss not in COUNTING_CLASSES:
        return oof.n_units
    labels = oof.y[oof.scored]
    present = np.unique(labels)
    if metric.loss in RANKINGS and len(present) < 2:
        return 0
    return min(len(np.unique(oof.unit_of_scored[labels == label])) for label in present)


def unvaried_interval(
    value: float, limits: tuple[float, float], n_units: int, level: float
) -> tuple[float, float]:
    """Bound a mean of which all units seen have the same value.

    At most a share 1 - (tail)^(1/n) of units can differ, each by the range at most: the exact
    bound of a share without an exception among n. A range without end allows no statement, and
    is then the interval.

    Source
    ------
    Clopper & Pearson (1934), Biometrika 26, for no success in n.

    Examples
    --------
    >>> low, high = unvaried_interval(1.0, (0.0, 1.0), 100, 0.95)
    >>> round(low, 3), high
    (0.964, 1.0)
    """
    low, high = limits
    if math.isinf(low) or math.isinf(high) or n_units < 1:
        return limits
    missed = (high - low) * (1 - ((1 - level) / 2) ** (1 / n_units))
    return max(low, value - missed), min(high, value + missed)


def confusion(oof: OutOfFold, family: str) -> tuple[tuple[float, ...], ...]:
    """Return weighted counts: rows are true classes, columns predicted ones.

    A row that was held out several times counts once, shared among its predictions.
    """
    n_classes = len(oof.classes)
    counts = np.zeros((n_classes, n_classes))
    for split, probability in zip(oof.splits, oof.predictions[family], strict=True):
        share = oof.weights[split.test] / oof.times_held_out[split.test]
        np.add.at(counts, (oof.y[split.test], probability.argmax(axis=1)), share)
    return tuple(tuple(float(value) for value in row) for row in counts)
