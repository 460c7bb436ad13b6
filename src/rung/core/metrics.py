"""Name the metrics: what each measures, its unit, and the loss that verdicts use for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rung.errors import UsageError, suggest
from rung.typing import Array, Task

REGRESSION: tuple[Task, ...] = ("regression",)
CLASSIFICATION: tuple[Task, ...] = ("binary", "multiclass")
TEXT: tuple[Task, ...] = ("language modelling",)


@dataclass(frozen=True)
class Metric:
    """Describe one metric.

    Attributes
    ----------
    key, title : str
        Key in files and options; name for people.
    tasks : tuple of str
        Tasks it scores.
    loss : str
        Key of the loss behind it (`rung.core.losses`): verdicts compare losses, and a metric
        is a display of its loss.
    unit : str
        Unit of its values, in words.
    greater_is_better : bool
        Whether larger values are better.
    low, high : float
        Range of its values.
    convention : str
        Which of several definitions in use this one is.
    group : str
        Metrics of a field (`rung.core.field_metrics`) that are shown where one of them is asked
        for; empty for those that every run of the task shows.
    scale : str
        What the loss is taken as a share of, to be 1 less that: `variance` of the target, or the
        loss of the `baseline`; empty for none.
    training : str
        Loss that families learn by, where they know its own no better.
    function : callable, optional
        A user's loss of rows, from true and predicted values.
    """

    key: str
    title: str
    tasks: tuple[Task, ...]
    loss: str
    unit: str
    greater_is_better: bool = False
    low: float = 0.0
    high: float = math.inf
    convention: str = ""
    group: str = ""
    scale: str = ""
    training: str = ""
    function: Callable[[Array, Array], Array] | None = None

    @property
    def training_loss(self) -> str:
        """What families learn by."""
        return self.training or self.loss

    def limits(self, task: Task) -> tuple[float, float]:
        """Return the smallest and largest value possible for a task.

        Examples
        --------
        >>> METRICS["brier"].limits("multiclass")
        (0.0, 2.0)
        """
        if self.key == "brier" and task == "multiclass":
            return self.low, 2.0
        return self.low, self.high

    def value(self, loss: float) -> float:
        """Return the metric for a mean loss; for R², whose loss needs a scale, the loss itself.

        Examples
        --------
        >>> METRICS["rmse"].value(4.0), METRICS["accuracy"].value(0.25)
        (2.0, 0.75)
        """
        if self.key == "rmse":
            return math.sqrt(max(loss, 0.0))
        if self.key == "bits_per_char":
            return loss / math.log(2)
        if self.key == "perplexity":
            return math.exp(min(loss, LARGEST_EXPONENT))
        if self.greater_is_better and not self.scale:
            return 1.0 - loss
        return loss

    def difference(self, loss: float, own: float) -> float:
        """Return what a difference of losses is in the metric's unit; positive for a larger loss.

        Parameters
        ----------
        loss : float
            Difference of mean losses.
        own : float
            Mean loss that it starts from, where the metric is not linear in the loss.

        Examples
        --------
        >>> METRICS["rmse"].difference(5.0, 4.0), METRICS["accuracy"].difference(0.1, 0.3)
        (1.0, 0.1)
        """
        if self.key == "rmse":
            return math.sqrt(max(own + loss, 0.0)) - math.sqrt(own)
        if self.key in _CURVED:
            return self.value(own + loss) - self.value(own)
        return loss

    def loss_difference(self, difference: float, own: float) -> float:
        """Return the difference of losses that `difference` turns into this one.

        Examples
        --------
        >>> METRICS["rmse"].loss_difference(1.0, 4.0)
        5.0
        """
        if self.key == "rmse":
            root = math.sqrt(max(own, 0.0))
            return (root + difference) ** 2 - root**2
        if self.key == "bits_per_char":
            return difference * math.log(2)
        if self.key == "perplexity":
            return math.log(math.exp(min(own, LARGEST_EXPONENT)) + difference) - own
        return difference


LARGEST_EXPONENT = 700.0
_CURVED = ("bits_per_char", "perplexity")
_ALL = (
    Metric("rmse", "root mean squared error", REGRESSION, "squared_error", "target's unit"),
    Metric("mae", "mean absolute error", REGRESSION, "absolute_error", "target's unit"),
    Metric(
        "r2",
        "share of variance explained (R²)",
        REGRESSION,
        "squared_error",
        "share",
        greater_is_better=True,
        low=-math.inf,
        high=1.0,
        convention="1 - squared error / variance of the target, both over all rows",
        scale="variance",
    ),
    Metric("mse", "mean squared error", REGRESSION, "squared_error", "target's unit, squared"),
    Metric(
        "mape",
        "mean absolute relative error",
        REGRESSION,
        "relative_error",
        "share of the target's value",
        convention="|y - p| / |y|, a share and not a percentage; not for a target that holds 0",
    ),
    Metric(
        "log_loss",
        "log loss",
        CLASSIFICATION,
        "log_loss",
        "nats a row",
        convention="probability of the true class clipped to [e, 1 - e], e = 1 / (2 n_train), so "
        "that a row costs at most log(2 n_train)",
    ),
    Metric(
        "accuracy",
        "accuracy",
        CLASSIFICATION,
        "zero_one",
        "share of rows",
        greater_is_better=True,
        high=1.0,
        convention="the predicted class is the most probable one, the first on a tie",
    ),
    Metric(
        "balanced_accuracy",
        "balanced accuracy",
        CLASSIFICATION,
        "balanced",
        "share of rows",
        greater_is_better=True,
        high=1.0,
        convention="mean over classes of the share of their rows that is recognised",
    ),
    Metric(
        "roc_auc",
        "area under the ROC curve",
        CLASSIFICATION,
        "auc",
        "share of pairs",
        greater_is_better=True,
        high=1.0,
        convention="mean over folds; several classes: mean over classes of one against the rest",
    ),
    Metric(
        "brier",
        "Brier score",
        CLASSIFICATION,
        "brier",
        "squared probability",
        high=1.0,
        convention="squared differences summed over classes; halved for two classes",
    ),
    Metric(
        "nll",
        "negative log likelihood",
        TEXT,
        "nll",
        "nats a character",
        convention="sum over characters divided by their number; a line's end counts as one",
    ),
    Metric(
        "bits_per_char",
        "bits a character",
        TEXT,
        "nll",
        "bits a character",
        convention="nll / log 2",
    ),
    Metric(
        "perplexity",
        "perplexity",
        TEXT,
        "nll",
        "characters that are equally likely",
        low=1.0,
        convention="exp(nll), a character",
    ),
)

METRICS: Mapping[str, Metric] = MappingProxyType({metric.key: metric for metric in _ALL})


def metrics_of(task: Task) -> tuple[str, ...]:
    """Return the keys of the metrics that score a task.

    Examples
    --------
    >>> metrics_of("regression")
    ('rmse', 'mae', 'r2', 'mse', 'mape')
    """
    return tuple(key for key, metric in METRICS.items() if task in metric.tasks)


def default_metric(task: Task) -> str:
    """Return the metric that a run is judged by unless the user names another.

    Examples
    --------
    >>> default_metric("regression"), default_metric("binary")
    ('rmse', 'log_loss')
    """
    if task in TEXT:
        return "nll"
    return "rmse" if task == "regression" else "log_loss"


def find_metric(key: str | None, task: Task) -> Metric:
    """Return a metric by its key, or the default of the task for None.

    Raises
    ------
    UsageError
        If no metric of the task has this key.

    Examples
    --------
    >>> find_metric("mae", "regression").title
    'mean absolute error'
    """
    accepted = metrics_of(task)
    if key is None:
        return METRICS[default_metric(task)]
    if key in accepted:
        return METRICS[key]
    raise UsageError(
        f"metric '{key}' is not one for {task}; accepted: {', '.join(accepted)}",
        _remedy(key, task, accepted),
    )


def _remedy(key: str, task: Task, accepted: tuple[str, ...]) -> str:
    """Say what to do about a metric that does not score the task."""
    known = METRICS.get(key)
    if known and task not in TEXT and known.tasks != TEXT:
        other = "multiclass if its values are classes"
        if task != "regression":
            other = "regression if the target is a quantity"
        return f"use '{default_metric(task)}', or add --task {other}"
    near = suggest(key, accepted)
    return f"did you mean '{near}'?" if near else f"use '{default_metric(task)}'"
