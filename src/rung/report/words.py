"""Name metrics, losses, tasks and verdicts for people."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class MetricWords(NamedTuple):
    """How a metric is called, which way is better, and how its unit follows from the target's."""

    title: str
    long: str
    higher_is_better: bool
    unit: str


METRICS: Mapping[str, MetricWords] = MappingProxyType(
    {
        "rmse": MetricWords("RMSE", "root mean squared error", False, "{unit}"),
        "mae": MetricWords("MAE", "mean absolute error", False, "{unit}"),
        "mse": MetricWords("MSE", "mean squared error", False, "({unit})²"),
        "r2": MetricWords("R²", "share of the variance explained", True, ""),
        "mape": MetricWords("MAPE", "mean absolute error relative to the value", False, ""),
        "log_loss": MetricWords("log loss", "mean surprise at the true class", False, "nats"),
        "accuracy": MetricWords("accuracy", "share of rows put in the right class", True, ""),
        "balanced_accuracy": MetricWords(
            "balanced accuracy", "accuracy averaged over the classes", True, ""
        ),
        "roc_auc": MetricWords(
            "ROC AUC", "chance that a random positive ranks above a random negative", True, ""
        ),
        "brier": MetricWords("Brier score", "mean squared error of the probabilities", False, ""),
    }
)

LOSSES: Mapping[str, str] = MappingProxyType(
    {
        "squared_error": "squared error",
        "absolute_error": "absolute error",
        "relative_error": "relative error",
        "log_loss": "log loss",
        "brier": "Brier loss",
        "zero_one": "share of wrong classes",
    }
)

TASKS: Mapping[str, str] = MappingProxyType(
    {
        "regression": "regression",
        "binary": "classification, two classes",
        "multiclass": "classification, several classes",
    }
)

VERDICTS: Mapping[str, str] = MappingProxyType(
    {
        "as good": "shown to lose at most the margin against every rival",
        "worse": "shown to lose more than the margin against a rival",
        "undecided": "the data cannot tell yet",
    }
)

ROLES: Mapping[str, str] = MappingProxyType(
    {"constant": "the constant guess", "choice": "the choice", "leader": "the leader"}
)


def metric_words(key: str) -> MetricWords:
    """Return the words of a metric; a metric unknown here is called by its key.

    Examples
    --------
    >>> metric_words("rmse").title
    'RMSE'
    """
    return METRICS.get(key) or MetricWords(key.replace("_", " "), "", False, "")


def metric_unit(key: str, target_unit: str) -> str:
    """Return the unit of a metric for a target measured in `target_unit`.

    Examples
    --------
    >>> metric_unit("mse", "km/s")
    '(km/s)²'
    """
    pattern = metric_words(key).unit
    if "{unit}" in pattern:
        return pattern.format(unit=target_unit) if target_unit else ""
    return pattern


def loss_words(key: str) -> str:
    """Return the words of a unit loss.

    Examples
    --------
    >>> loss_words("squared_error")
    'squared error'
    """
    return LOSSES.get(key, key.replace("_", " "))
