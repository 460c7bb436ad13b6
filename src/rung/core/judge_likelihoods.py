"""Score and compare families by the losses of units: for text, which has too many predictions.

A score is the sum of nats over the sum of characters, a ratio. Its uncertainty is that of its
linearisation: what unit u contributes is (l_u - r c_u), with l its nats, c its characters and r
the score. The comparison is conditional on the models as they were trained, so nothing is added
for the overlap of training sets.

Source: Cochran (1977), Sampling Techniques, ch. 6 (ratios).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rung.core.bounds import LEVEL as SEALED_LEVEL
from rung.core.bounds import STUDENT, bootstrap_t, resampling
from rung.core.compare import standard_errors
from rung.core.judge_predictions import LEVEL, score_interval, to_metric
from rung.core.losses import Losses
from rung.core.metrics import METRICS, metrics_of
from rung.core.result import Score, TestScore
from rung.typing import Array, Task

TASK: Task = "language modelling"
BASELINE = "unigram"
NO_INTERVAL = "none: too few units"


@dataclass(frozen=True)
class UnitLosses:
    """Hold nats and characters of every unit, by family.

    Attributes
    ----------
    losses : mapping of str to ndarray, shape (n_units, 2)
        Families share the units and their characters.
    n_pieces : int
        Units of the whole data set, of which these are a share.
    counted : str
        What units are called, in the plural.
    is_ordered : bool
        Whether units follow each other in a stream.
    is_bounded : bool
        Whether there are enough units for intervals.
    """

    losses: Mapping[str, Array]
    n_pieces: int
    counted: str = "lines"
    is_ordered: bool = False
    is_bounded: bool = True

    @property
    def factor(self) -> float:
        """What standard errors are widened by: nothing, or without bound."""
        return 1.0 if self.is_bounded else math.inf

    def to_losses(self) -> Losses:
        """Return what the verdict reads.

        Examples
        --------
        >>> two = UnitLosses({"unigram": np.array([[2.0, 1.0], [4.0, 2.0]])}, 20)
        >>> two.to_losses().means.tolist(), two.to_losses().influence.tolist()
        ([2.0], [[0.0], [0.0]])
        """
        found = [ratio(one) for one in self.losses.values()]
        return Losses(
            names=tuple(self.losses),
            means=np.array([mean for mean, _ in found]),
            influence=np.column_stack([influence for _, influence in found]),
            k=1,
            m=len(found[0][1]),
            n_counted=self.n_pieces,
            factor=self.factor,
            is_ordered=self.is_ordered,
            baseline=BASELINE,
            counted=self.counted,
        )


def ratio(losses: Array) -> tuple[float, Array]:
    """Return nats a character, and what each unit contributes, centred.

    Parameters
    ----------
    losses : ndarray, shape (n_units, 2)
        Nats and characters.

    Examples
    --------
    >>> mean, influence = ratio(np.array([[1.0, 1.0], [6.0, 2.0]]))
    >>> round(mean, 3), influence.round(3).tolist()
    (2.333, [-0.889, 0.889])
    """
    nats, characters = losses.T
    mean = float(nats.sum() / characters.sum())
    return mean, (nats - mean * characters) * len(losses) / characters.sum()


def score_units(units: UnitLosses) -> dict[str, dict[str, Score]]:
    """Return every metric for every family, with 95 % intervals; NaN where there is none."""
    return {name: _scores(losses, units) for name, losses in units.losses.items()}


def _scores(losses: Array, units: UnitLosses) -> dict[str, Score]:
    from scipy.special import stdtrit

    mean, influence = ratio(losses)
    error = float(
        standard_errors(influence[:, None], 1, factor=units.factor, is_ordered=units.is_ordered)[0]
    )
    half = float(stdtrit(max(len(influence) - 1, 1), (1 + LEVEL) / 2)) * error
    return {key: Score(*_ends(key, mean, half, half)) for key in metrics_of(TASK)}


def _ends(key: str, mean: float, below: float, above: float) -> tuple[float, float, float]:
    """Return a metric and its ends, from those of the loss."""
    metric = METRICS[key]
    value = to_metric(metric, mean)
    if not math.isfinite(below + above):
        return value, math.nan, math.nan
    low, high = score_interval(metric, metric.limits(TASK), mean - below, mean + above)
    return value, float(low), float(high)


def sealed_unit_scores(units: UnitLosses, *, seed: int = 0) -> dict[str, dict[str, TestScore]]:
    """Score each role on the sealed units; `losses` maps roles instead of families.

    Lines have bootstrap-t intervals, as tables do; segments of a stream, which are alike where
    they are neighbours, t intervals.
    """
    first = next(iter(units.losses.values()))
    counts = resampling(len(first), seed)
    return {role: _sealed(losses, units, counts) for role, losses in units.losses.items()}


def _sealed(losses: Array, units: UnitLosses, counts: Array) -> dict[str, TestScore]:
    from scipy.special import stdtrit

    mean, influence = ratio(losses)
    if not units.is_bounded:
        below = above = math.inf
        method = NO_INTERVAL
    elif units.is_ordered:
        errors = standard_errors(influence[:, None], 1, factor=1.0, is_ordered=True)
        below = above = float(errors[0] * stdtrit(len(influence) - 1, (1 + SEALED_LEVEL) / 2))
        method = STUDENT
    else:
        below, above, method = bootstrap_t(influence, counts, SEALED_LEVEL)
    return {
        key: TestScore(*_ends(key, mean, below, above), SEALED_LEVEL, method)
        for key in metrics_of(TASK)
    }
