"""Refuse, before anything is trained, numbers that no loss could be computed with.

The verdict squares losses, and losses square errors: numbers are accepted whose fourth power, times
the square of a weight, a float64 can hold.
"""

from __future__ import annotations

import math

import numpy as np

from rung.core.field_metrics import OWN
from rung.core.metrics import Metric
from rung.core.task import TargetColumn
from rung.errors import DataError, TargetProblem, UsageError
from rung.typing import Array

LARGEST = 1e60
LARGEST_WEIGHT = 1e30
FEWEST_WEIGHTS = 10


def check_target(target: TargetColumn, train: Array, name: str) -> None:
    """Refuse a target that is too large, varies too little, or not at all where models learn.

    Parameters
    ----------
    target : TargetColumn
        Of all rows.
    train : ndarray of int, shape (n_train,)
        Rows to learn from.
    name : str
        Of the column.

    Raises
    ------
    TargetProblem
        With the values, and what to do.
    """
    learned = target.y[train]
    if not len(learned):
        raise TargetProblem(
            f"no row is left to learn from: all {len(target.y)} rows are sealed, or too near to "
            "sealed ones",
            "give a smaller --buffer, --gap or --test-fraction, or more rows",
        )
    spread = float(learned.max() - learned.min()) if np.isfinite(learned).all() else math.inf
    if spread == 0:
        shown = target.classes[int(learned[0])] if target.classes else f"{learned[0]:g}"
        raise TargetProblem(
            f"target column {name!r} has the same value, {shown}, in all {len(learned)} rows to "
            f"learn from; the {len(target.y) - len(learned)} sealed rows hold the others",
            "choose another --target, or give more rows with other values",
        )
    if target.classes:
        return
    largest = float(np.abs(target.y).max())
    if largest > LARGEST:
        raise TargetProblem(
            f"target column {name!r} holds {_signed_largest(target.y):g}; values from "
            f"{-LARGEST:g} to {LARGEST:g} are accepted, as errors are squared",
            f"divide the target by {_power(largest):g}, or mend the value if it is none",
        )
    if spread < 1 / LARGEST:
        raise TargetProblem(
            f"values of target column {name!r} lie within {spread:g}; they must differ by "
            f"{1 / LARGEST:g} at least, as errors are squared",
            f"divide the target by {_power(spread):g}",
        )


def check_weight(weight: Array | None, train: Array, name: str | None) -> None:
    """Refuse weights that are too large or small, or leave too few rows to learn from.

    Parameters
    ----------
    weight : ndarray, shape (n_rows,), or None
        Of all rows; none below 0.
    train : ndarray of int, shape (n_train,)
        Rows to learn from.
    name : str or None
        Of the column.

    Raises
    ------
    DataError
        With the value, and what to do.
    """
    if weight is None:
        return
    largest = float(weight.max())
    if not 1 / LARGEST_WEIGHT <= largest <= LARGEST_WEIGHT:
        raise DataError(
            f"the largest value of weight column {name!r} is {largest:g}; it must lie between "
            f"{1 / LARGEST_WEIGHT:g} and {LARGEST_WEIGHT:g}",
            f"divide the weights by {_power(largest):g}",
        )
    n_counted = int((weight[train] > 0).sum())
    if n_counted < FEWEST_WEIGHTS:
        raise DataError(
            f"weight column {name!r} is above 0 in {n_counted} of {len(train)} rows to learn from; "
            f"{FEWEST_WEIGHTS} such rows are the fewest that can be cross-fitted",
            "give more rows a weight, or leave --weight out",
        )


def check_margin(margin: float | None, metric: Metric, target: TargetColumn) -> None:
    """Refuse a margin within which every family is as good as any other.

    Parameters
    ----------
    margin : float or None
        In the metric's unit.
    metric : Metric
        What families are compared by.
    target : TargetColumn
        Of all rows.

    Raises
    ------
    UsageError
        With the largest difference that there can be.
    """
    if margin is None:
        return
    largest = _largest_difference(metric, target)
    if not margin <= largest:
        refuse_margin(margin, metric, largest)


def refuse_margin(margin: float, metric: Metric, largest: float) -> None:
    """Say that a margin is beyond the largest difference that two models can have.

    Raises
    ------
    UsageError
        Always.
    """
    raise UsageError(
        f"margin {margin:g} is larger than any difference that two models can have in "
        f"{metric.key}, {largest:.4g}; every family would be as good as any other",
        "give the smallest difference that would matter to you, or leave --margin out",
    )


def _largest_difference(metric: Metric, target: TargetColumn) -> float:
    """Return how much worse a guess within the target's range can be than the truth."""
    if metric.loss == OWN:
        return math.inf
    if target.classes:
        if metric.key == "log_loss":
            return math.log(2 * len(target.y))
        low, high = metric.limits(target.task)
        return high - low
    spread = float(np.ptp(target.y))
    if metric.loss == "photoz":
        return spread / (1.0 + float(target.y.min()))
    if metric.key == "mse":
        return spread**2
    if metric.scale:
        return 1.0
    if metric.key == "mape":
        return spread / max(float(np.abs(target.y).min()), np.finfo(np.float64).eps)
    return spread


def _signed_largest(y: Array) -> float:
    return float(y[np.abs(y).argmax()])


def _power(value: float) -> float:
    """Return the power of ten below a value."""
    return float(10.0 ** max(math.floor(math.log10(value)), -300))
