"""Name metrics, losses, tasks and verdicts for people."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from rung.core.field_metrics import FIELD_METRICS
from rung.core.metrics import METRICS


class MetricWords(NamedTuple):
    """How a metric is called, what it says, and which way is better."""

    title: str
    long: str
    higher_is_better: bool


SHORT = {
    "rmse": "RMSE",
    "mae": "MAE",
    "mse": "MSE",
    "r2": "R²",
    "mape": "MAPE",
    "roc_auc": "ROC AUC",
    "f1": "F1",
    "mcc": "MCC",
    "nll": "NLL",
    "bits_per_char": "bits a character",
    "photoz_nmad": "σ_NMAD",
    "photoz_outliers": "outliers",
    "odds_share": "share won",
}
SHORT_TITLES = {
    "svm": "SVM",
    "neighbours": "k-NN",
    "mlp": "MLP",
    "boosting": "Boosting",
    "additive": "Additive",
    "independent": "Columns alone",
    "dependence_tree": "Tree",
    "mixture": "Mixture",
}
UNITS = {
    "rmse": "{unit}",
    "mae": "{unit}",
    "bias": "{unit}",
    "mse": "({unit})²",
    "log_loss": "nats",
    "nll": "nats/character",
    "log_density": "nats/row",
}

# What is shown beside a metric that few rows can rule, and how it is said in a sentence.
BESIDE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "log_density": (
            "odds_share",
            (
                "share won: of each row, its density / (its density + that of each column alone), "
                "averaged; 0.5 is no better, 1 is most, and no row counts for more"
            ),
        )
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
        "balanced": "share of wrong classes, averaged over the classes",
        "auc": "share of pairs ranked wrongly",
        "average_precision": "1 - average precision",
        "f1": "1 - F1",
        "precision": "1 - precision",
        "recall": "1 - recall",
        "mcc": "1 - Matthews' correlation",
        "nll": "negative log likelihood of a character",
        "photoz": "|Δz| / (1 + z)",
        "own": "loss that was given",
        "surprise": "negative log density of a row",
        "lost_odds": "share of the odds that columns alone have",
    }
)

TASKS: Mapping[str, str] = MappingProxyType(
    {
        "regression": "regression",
        "binary": "classification, two classes",
        "multiclass": "classification, several classes",
        "language modelling": "language modelling, character by character",
        "density": "no column is predicted",
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
    """Return the words of a metric; a metric unknown to `rung.core.metrics` is called by its key.

    Examples
    --------
    >>> metric_words("r2")
    MetricWords(title='R²', long='share of variance explained (R²)', higher_is_better=True)
    """
    known = METRICS.get(key) or FIELD_METRICS.get(key)
    title = SHORT.get(key, known.title if known else key.replace("_", " "))
    if known is None:
        return MetricWords(title, "", higher_is_better=False)
    return MetricWords(title, known.title, known.greater_is_better)


def metric_unit(key: str, target_unit: str) -> str:
    """Return the unit of a metric for a target measured in `target_unit`.

    Examples
    --------
    >>> metric_unit("mse", "km/s")
    '(km/s)²'
    """
    pattern = UNITS.get(key, "")
    if "{unit}" in pattern and not target_unit:
        return ""
    return pattern.replace("{unit}", target_unit)


def clip_words(key: str, n_train: int) -> str:
    """Say what bounds the log loss of a row, for models trained on so many rows; else nothing.

    Examples
    --------
    >>> clip_words("log_loss", 120)
    'a row costs at most 5.5 nats, as probabilities are clipped at 1/(2×120)'
    >>> clip_words("brier", 120)
    ''
    """
    if key != "log_loss":
        return ""
    most = math.log(2 * max(n_train, 1))
    times = "×"
    return (
        f"a row costs at most {most:.2g} nats, as probabilities are clipped at "
        f"1/(2{times}{n_train:,})"
    )


def loss_words(key: str) -> str:
    """Return the words of a unit loss.

    Examples
    --------
    >>> loss_words("squared_error")
    'squared error'
    """
    return LOSSES.get(key, key.replace("_", " "))
