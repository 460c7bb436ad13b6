"""Metrics of single fields, and losses that a user brings: what is shown where they are asked for.

A group of metrics stands together: the run is compared by the one that is a mean of row losses, and
the others stand beside it. Of the group `skill` the loss is the squared error, whose scale is that of
the constant guess: the climatology of the training rows.

Sources: Hildebrandt et al. (2010), A&A 523 (photometric redshifts); Hoaglin, Mosteller & Tukey (1983),
Understanding Robust and Exploratory Data Analysis (the normalised median absolute deviation); Murphy
(1988), Monthly Weather Review 116 (skill).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from rung.core.metrics import METRICS, REGRESSION, Metric, default_metric, find_metric, metrics_of
from rung.errors import UsageError, suggest
from rung.typing import Array, Task

OWN = "own"
# What the loss of a row is, from what is true and what was predicted.
RowFunction = Callable[[Array, Array], Array]

_FIELD = (
    Metric(
        "photoz",
        "mean |Δz| / (1 + z)",
        REGRESSION,
        "photoz",
        "share of 1 + z",
        group="photoz",
        training="absolute_error",
        convention="|p - y| / (1 + y)",
    ),
    Metric(
        "photoz_bias",
        "mean of Δz / (1 + z)",
        REGRESSION,
        "photoz_bias",
        "share of 1 + z",
        low=-math.inf,
        group="photoz",
        convention="(p - y) / (1 + y)",
    ),
    Metric(
        "photoz_nmad",
        "σ_NMAD of Δz / (1 + z)",
        REGRESSION,
        "photoz_nmad",
        "share of 1 + z",
        group="photoz",
        convention="1.4826 times the median distance from the median",
    ),
    Metric(
        "photoz_outliers",
        "share of rows with |Δz| / (1 + z) > 0.15",
        REGRESSION,
        "photoz_outliers",
        "share of rows",
        high=1.0,
        group="photoz",
    ),
    Metric(
        "skill",
        "skill against climatology",
        REGRESSION,
        "squared_error",
        "share",
        greater_is_better=True,
        low=-math.inf,
        high=1.0,
        group="skill",
        scale="baseline",
        convention="1 - squared error / that of the constant guess, the mean of the training rows",
    ),
    Metric(
        "bias",
        "mean error",
        REGRESSION,
        "error",
        "target's unit",
        low=-math.inf,
        group="skill",
        convention="prediction less truth",
    ),
)
FIELD_METRICS: Mapping[str, Metric] = MappingProxyType({metric.key: metric for metric in _FIELD})
# Those that a run can be compared by.
COMPARED = ("photoz", "skill")


def metric_named(key: str) -> Metric:
    """Return the metric of this key; of a loss that a user brought, all that the key says.

    Examples
    --------
    >>> [metric_named(key).title for key in ("mae", "skill", "my_loss")]
    ['mean absolute error', 'skill against climatology', 'my_loss']
    """
    known = METRICS.get(key) or FIELD_METRICS.get(key)
    return known or Metric(key, key, (), OWN, "", low=-math.inf)


def asked_metric(key: str | RowFunction | None, task: Task) -> Metric:
    """Return the metric that is asked for, or the default of the task for None.

    Parameters
    ----------
    key : str, callable or None
        Key of a metric, or a function of a user.
    task : str
        What is predicted.

    Raises
    ------
    UsageError
        If the task has no such metric, or only stands beside another.

    Examples
    --------
    >>> asked_metric("photoz", "regression").loss
    'photoz'
    """
    if callable(key):
        return own_metric(key, task)
    accepted = (*metrics_of(task), *(COMPARED if task in REGRESSION else ()))
    field = FIELD_METRICS.get(key or "")
    if key is None or key in METRICS or not (field or task in REGRESSION):
        return find_metric(key, task)
    if field and key in accepted:
        return field
    near = suggest(key, accepted)
    remedy = f"did you mean '{near}'?" if near else f"use '{default_metric(task)}'"
    raise UsageError(
        f"metric '{key}' is not one that a run for {task} is compared by; accepted: "
        f"{', '.join(accepted)}",
        f"use '{field.group}', it stands beside it" if field and task in REGRESSION else remedy,
    )


def own_metric(function: RowFunction, task: Task) -> Metric:
    """Return the metric of a function that a user wrote, called by its name.

    Raises
    ------
    UsageError
        If it has no name that can be written down, or that of a metric of rung.

    Examples
    --------
    >>> def cubed(true, predicted):
    ...     return abs(true - predicted) ** 3
    >>> own_metric(cubed, "regression").key
    'cubed'
    """
    name = getattr(function, "__name__", "")
    if not name.isidentifier():
        raise UsageError(
            f"metric {function!r} has no name that results could call it by",
            "write it as `def my_loss(true, predicted): ...`",
        )
    if name in METRICS or name in FIELD_METRICS:
        raise UsageError(
            f"metric {name!r} is one of rung's own, and a function of this name was given",
            "give the function another name",
        )
    learned = "squared_error" if task in REGRESSION else "log_loss"
    return Metric(name, name, (task,), OWN, "", low=-math.inf, training=learned, function=function)


def beside(metric: Metric) -> tuple[Metric, ...]:
    """Return the metrics that are shown for a run because it is compared by this one.

    Examples
    --------
    >>> from rung.core.metrics import METRICS
    >>> [one.key for one in beside(metric_named("skill"))], beside(METRICS["mae"])
    (['skill', 'bias'], ())
    """
    if metric.loss == OWN:
        return (metric,)
    return tuple(one for one in _FIELD if one.group and one.group == metric.group)


def own_losses(metric: Metric, true: Array, predicted: Array) -> Array:
    """Return what a user's function gives for rows, held to be a finite number for each.

    Raises
    ------
    UsageError
        If it fails, or gives anything else.
    """
    assert metric.function is not None
    name, n = metric.key, len(true)
    try:
        found = np.asarray(metric.function(true, predicted), dtype=np.float64)
    except Exception as error:  # it is foreign: it may raise anything
        raise UsageError(
            f"metric {name!r} raised {type(error).__name__}: {error}",
            f"see that {name}(true, predicted) works on arrays, with {n:,} rows",
        ) from error
    if found.shape != (n,):
        raise UsageError(
            f"metric {name!r} gave an array of shape {found.shape}; it must be ({n},), a loss for "
            "each row",
            "return a loss of each row, such as abs(true - predicted), without taking the mean",
        )
    n_broken = int((~np.isfinite(found)).sum())
    if n_broken:
        raise UsageError(
            f"metric {name!r} gave {n_broken:,} of {n:,} losses that are not finite numbers",
            "see what it gives where it divides or takes a logarithm",
        )
    return found
