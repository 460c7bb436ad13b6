"""Bound scores on the sealed rows, which were opened once.

Three families are scored (the constant, the choice, the leader), so each interval has level
1 - .05 / 3: together they hold with 95 %.

Methods, by name:

- `Clopper-Pearson`: accuracy on independent rows without weights; exact.
- `empirical Bernstein`: for a mean of losses whose range was declared before opening.
- `bootstrap-t (approximate)`: everything else, over units.
- `t (approximate)`: where the bootstrap has too few distinct units.
- `no variation seen`: all units give the same value; the interval is that of a share of which no
  exception was seen, and for a metric without bounds there is none to give.

Sources: Clopper & Pearson (1934), Biometrika 26; Maurer & Pontil (2009), COLT (empirical
Bernstein); Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 12.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rung.core.compare import standard_errors
from rung.core.folds import Split
from rung.core.judge_predictions import (
    fewest_units,
    metric_estimate,
    metric_limits,
    score_interval,
    shown_metrics,
    to_metric,
    unvaried_interval,
    varies,
)
from rung.core.metrics import Metric
from rung.core.out_of_fold import OutOfFold
from rung.core.result import TestScore
from rung.typing import Array, Task

LEVEL = 1 - 0.05 / 3
N_DRAWS = 2_000
# Above this many units, units are joined at random: what the bootstrap corrects is then gone.
MOST_UNITS = 10_000
CHUNK = 100

CLOPPER_PEARSON = "Clopper-Pearson"
BERNSTEIN = "empirical Bernstein"
BOOTSTRAP = "bootstrap-t (approximate)"
STUDENT = "t (approximate)"
NO_VARIATION = "no variation seen"


@dataclass(frozen=True)
class SealedRows:
    """The opened rows, as the scores read them.

    Attributes
    ----------
    task, y, unit, classes, positive, weight
        As in `OutOfFold`.
    n_train : int
        Rows that the models were trained on; sets the clipping of probabilities.
    """

    task: Task
    y: Array
    unit: Array
    n_train: int
    classes: tuple[str, ...] = ()
    positive: int | None = None
    weight: Array | None = None


def sealed_scores(
    rows: SealedRows,
    predictions: Mapping[str, Array],
    *,
    metric: Metric | None = None,
    seed: int = 0,
    level: float = LEVEL,
) -> dict[str, dict[str, TestScore]]:
    """Score each role on the sealed rows, with every metric that is defined there.

    Parameters
    ----------
    rows : SealedRows
        Truth, units and weights.
    predictions : mapping of str to ndarray, shape (n_rows, n_outputs)
        Role (`constant`, `choice`, `leader`) to predictions.
    metric : Metric, optional
        What the run compares by; of a field or a user it is shown too.
    seed : int
        Of the bootstrap.
    level : float
        Of each interval.

    Examples
    --------
    >>> y = np.array([0, 1, 1, 0, 1])
    >>> rows = SealedRows("binary", y, np.arange(5), 100, classes=("no", "yes"))
    >>> scores = sealed_scores(rows, {"choice": np.eye(2)[y]})
    >>> scores["choice"]["accuracy"].method
    'Clopper-Pearson'
    """
    opened = OutOfFold(
        task=rows.task,
        y=rows.y,
        splits=(Split(np.arange(0), np.arange(len(rows.y))),),
        predictions={role: (array,) for role, array in predictions.items()},
        unit=rows.unit,
        classes=rows.classes,
        positive=rows.positive,
        weight=rows.weight,
        n_train=(rows.n_train,),
        own=metric,
    )
    resample = resampling(opened.n_units, seed)
    scores: dict[str, dict[str, TestScore]] = {}
    for role in opened.families:
        scores[role] = {
            one.key: _test_score(opened, role, one, resample=resample, level=level)
            for one in shown_metrics(opened, metric)
        }
    return scores


def _test_score(
    opened: OutOfFold, role: str, metric: Metric, *, resample: Array, level: float
) -> TestScore:
    found = metric_estimate(opened, role, metric)
    value, limits = to_metric(metric, found.mean), metric_limits(opened, metric)
    if metric.key == "accuracy" and opened.has_plain_rows:
        n_right = round(value * opened.n_units)
        low, high = clopper_pearson(n_right, opened.n_units, level)
        return TestScore(n_right / opened.n_units, low, high, level, CLOPPER_PEARSON)
    if not varies(found):
        low, high = unvaried_interval(value, limits, fewest_units(opened, metric), level)
        return TestScore(value, low, high, level, NO_VARIATION)
    below, above, method = bootstrap_t(found.influence, resample, level)
    low, high = score_interval(metric, limits, found.mean - below, found.mean + above)
    return TestScore(value, float(low), float(high), level, method)


def clopper_pearson(n_right: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Bound a share exactly from independent trials.

    Parameters
    ----------
    n_right, n : int
        Successes and trials.
    level : float
        Coverage wanted, as a fraction.

    Source
    ------
    Clopper & Pearson (1934), Biometrika 26.

    Examples
    --------
    >>> low, high = clopper_pearson(0, 10)
    >>> round(low, 4), round(high, 4)
    (0.0, 0.3085)
    """
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(n_right, n - n_right + 1, tail)) if n_right > 0 else 0.0
    high = float(betaincinv(n_right + 1, n - n_right, 1 - tail)) if n_right < n else 1.0
    return low, high


def empirical_bernstein(
    losses: Array, limits: tuple[float, float], level: float = 0.95
) -> tuple[float, float]:
    """Bound the mean of independent losses whose range was declared beforehand.

    Parameters
    ----------
    losses : ndarray, shape (n_units,)
        At least two.
    limits : (float, float)
        Declared smallest and largest loss.
    level : float
        Coverage wanted, as a fraction; it holds for any distribution.

    Source
    ------
    Maurer & Pontil (2009), COLT, theorem 4, both sides.

    Examples
    --------
    >>> low, high = empirical_bernstein(np.full(1000, 0.5), (0.0, 1.0))
    >>> round(high - low, 3)
    0.02
    """
    low, high = limits
    n, mean, width = len(losses), float(losses.mean()), high - low
    log_term = math.log(4 / (1 - level))
    half = math.sqrt(2 * float(losses.var(ddof=1)) * log_term / n)
    half += 7 * width * log_term / (3 * (n - 1))
    return max(low, mean - half), min(high, mean + half)


def resampling(n_units: int, seed: int) -> Array:
    """Draw how often each unit appears in each bootstrap sample.

    Returns
    -------
    ndarray of uint16, shape (N_DRAWS, n_groups)
        One column a unit; above `MOST_UNITS` a column stands for the units that share their
        position modulo `MOST_UNITS`.
    """
    rng = np.random.default_rng([0xB007, seed])
    size = max(min(n_units, MOST_UNITS), 1)
    counts = np.empty((N_DRAWS, size), dtype=np.uint16)
    offset = size * np.arange(CHUNK)[:, None]
    for start in range(0, N_DRAWS, CHUNK):
        drawn = rng.integers(size, size=(CHUNK, size)) + offset
        counts[start : start + CHUNK] = np.bincount(drawn.ravel(), minlength=CHUNK * size).reshape(
            CHUNK, size
        )
    return counts


def bootstrap_t(influence: Array, counts: Array, level: float) -> tuple[float, float, str]:
    """Return how far an interval reaches below and above an estimate.

    Parameters
    ----------
    influence : ndarray, shape (n_units,)
        Centred values of units; for a ratio or a rank statistic its linearisation.
    counts : ndarray, shape (n_draws, n_groups)
        From `resampling`.
    level : float
        Coverage wanted, as a fraction.

    Returns
    -------
    below, above : float
        Distances from the estimate.
    method : str
        `bootstrap-t (approximate)`; `t (approximate)` if a tenth of the samples do not vary.

    Source
    ------
    Efron & Tibshirani (1993), ch. 12.5. NOTE[DIFF] ratios and ranks are linearised before and
    not inside the resampling, which keeps it to two matrix products.
    """
    from scipy.special import stdtrit

    error = float(standard_errors(influence[:, None], 2, factor=1.0)[0])
    values = _joined(influence, counts.shape[1])
    size = len(values)
    means, squares = np.empty(len(counts)), np.empty(len(counts))
    for start in range(0, len(counts), CHUNK):
        chunk = counts[start : start + CHUNK].astype(np.float64)
        means[start : start + CHUNK] = chunk @ values / size
        squares[start : start + CHUNK] = chunk @ values**2 / size
    spread = np.sqrt(np.maximum(squares - means**2, 0.0))
    usable = spread > 1e-6 * np.sqrt((values**2).mean())
    tail = (1 - level) / 2
    if usable.mean() < 0.9:
        half = float(stdtrit(max(len(influence) - 1, 1), 1 - tail)) * error
        return half, half, STUDENT
    ratios = means[usable] * math.sqrt(size - 1) / spread[usable]
    lower, upper = np.quantile(ratios, [tail, 1 - tail])
    return float(max(upper, 0.0) * error), float(max(-lower, 0.0) * error), BOOTSTRAP


def _joined(influence: Array, n_groups: int) -> Array:
    """Sum units into groups by position; a scale would cancel from the ratios."""
    groups = np.arange(len(influence)) % n_groups
    return np.bincount(groups, weights=influence, minlength=n_groups)
