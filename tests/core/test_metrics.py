import math

import pytest

from rung.core.losses import ROW_LOSSES
from rung.core.metrics import METRICS, default_metric, find_metric, metrics_of
from rung.core.table_losses import MEASURES
from rung.errors import UsageError


def test_keys_are_those_of_the_files():
    assert list(METRICS) == [
        "rmse", "mae", "r2", "mse", "mape",
        "log_loss", "accuracy", "balanced_accuracy", "roc_auc", "brier",
        "average_precision", "f1", "precision", "recall", "mcc",
        "nll", "bits_per_char", "perplexity", "log_density", "odds_share",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "task", ["regression", "binary", "multiclass", "language modelling", "density"]
)
def test_the_default_metric_is_one_of_the_task(task):
    assert default_metric(task) in metrics_of(task)


@pytest.mark.parametrize("key", METRICS)
def test_every_metric_stands_on_a_loss_that_exists(key):
    assert METRICS[key].loss in {
        *ROW_LOSSES,
        *MEASURES,
        "auc",
        "average_precision",
        "balanced",
        "nll",
    }


def test_an_unknown_metric_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'rmse'"):
        find_metric("rsme", "regression")


def test_a_metric_of_another_task_is_refused_with_those_accepted():
    with pytest.raises(UsageError, match="'rmse' is not one for binary; accepted: log_loss"):
        find_metric("rmse", "binary")


def test_no_metric_named_means_the_default():
    assert find_metric(None, "multiclass").key == "log_loss"


def test_the_brier_score_reaches_two_for_several_classes_only():
    assert METRICS["brier"].limits("binary") == (0, 1)
    assert METRICS["brier"].limits("multiclass") == (0, 2)


@pytest.mark.parametrize("key", METRICS)
def test_a_difference_turns_into_a_loss_and_back(key):
    metric = METRICS[key]
    for own, loss in [(0.7, 0.2), (2.1, 0.05), (1.5, -0.3)]:
        difference = metric.difference(loss, own)
        assert metric.loss_difference(difference, own) == pytest.approx(loss)


@pytest.mark.parametrize("key", ["nll", "bits_per_char", "perplexity"])
def test_scores_of_text_are_those_of_information_theory(key):
    expected = {"nll": math.log(8), "bits_per_char": 3.0, "perplexity": 8.0}
    assert METRICS[key].value(math.log(8)) == pytest.approx(expected[key])


LIMITS = {
    "rmse": (0.0, math.inf), "mae": (0.0, math.inf), "r2": (-math.inf, 1.0), "mse": (0.0, math.inf),
    "mape": (0.0, math.inf), "log_loss": (0.0, math.inf), "accuracy": (0.0, 1.0),
    "balanced_accuracy": (0.0, 1.0), "roc_auc": (0.0, 1.0), "brier": (0.0, 1.0),
    "average_precision": (0.0, 1.0), "f1": (0.0, 1.0), "precision": (0.0, 1.0),
    "recall": (0.0, 1.0), "mcc": (-1.0, 1.0),
    "nll": (0.0, math.inf), "bits_per_char": (0.0, math.inf), "perplexity": (1.0, math.inf),
    "log_density": (-math.inf, math.inf), "odds_share": (0.0, 1.0),
}  # fmt: skip
RISING = {
    "r2", "accuracy", "balanced_accuracy", "roc_auc", "average_precision", "log_density",
    "odds_share", *MEASURES,
}  # fmt: skip


@pytest.mark.parametrize("key", METRICS)
def test_every_metric_has_its_range_and_direction(key):
    metric = METRICS[key]
    assert metric.limits(metric.tasks[0]) == LIMITS[key]
    assert metric.greater_is_better == (key in RISING)
    assert METRICS["accuracy"].limits("multiclass") == (0.0, 1.0)


@pytest.mark.parametrize(
    ("key", "loss", "value"),
    [
        ("rmse", 6.25, 2.5), ("rmse", -1e-9, 0.0), ("mse", 6.25, 6.25), ("r2", 0.3, 0.3),
        ("log_density", -3.0, 3.0), ("odds_share", 0.25, 0.75),
        ("accuracy", 0.25, 0.75), ("roc_auc", 0.1, 0.9), ("brier", 0.1, 0.1),
        ("perplexity", 699.0, math.exp(699)), ("perplexity", 1e6, math.exp(700)),
    ],
)  # fmt: skip
def test_a_loss_shows_as_its_metric(key, loss, value):
    assert METRICS[key].value(loss) == pytest.approx(value)


@pytest.mark.parametrize(
    ("key", "loss", "own", "difference"),
    [
        ("rmse", 2.25, 4.0, 0.5), ("rmse", -9.0, 4.0, -2.0), ("accuracy", 0.1, 0.3, 0.1),
        ("mae", -0.3, 9.0, -0.3), ("bits_per_char", math.log(4), 1.0, 2.0),
        ("perplexity", math.log(2), math.log(3), 3.0),
    ],
)  # fmt: skip
def test_a_difference_of_losses_shows_as_one_of_the_metric(key, loss, own, difference):
    assert METRICS[key].difference(loss, own) == pytest.approx(difference)


def test_a_difference_of_the_metric_at_a_loss_below_zero_starts_from_zero():
    assert METRICS["rmse"].loss_difference(1.5, -1e-9) == pytest.approx(2.25)
    assert METRICS["perplexity"].loss_difference(3.0, math.log(3)) == pytest.approx(math.log(2))
    at_most = math.log(math.exp(699) + math.exp(690)) - 699
    assert METRICS["perplexity"].loss_difference(math.exp(690), 699.0) == pytest.approx(at_most)


def test_the_default_metrics_are_those_of_the_field():
    expected = {"regression": "rmse", "binary": "log_loss", "multiclass": "log_loss"}
    assert {task: default_metric(task) for task in expected} == expected
    assert default_metric("language modelling") == "nll"


def test_metrics_of_classes_are_those_of_both_tasks():
    keys = ("log_loss", "accuracy", "balanced_accuracy", "roc_auc", "brier")
    keys += ("average_precision", "f1", "precision", "recall", "mcc")
    assert metrics_of("binary") == metrics_of("multiclass") == keys
    assert metrics_of("language modelling") == ("nll", "bits_per_char", "perplexity")


def test_a_metric_like_no_other_is_answered_with_the_default():
    with pytest.raises(UsageError, match="metric 'zzz' is not one for binary") as caught:
        find_metric("zzz", "binary")
    assert caught.value.remedy == "use 'log_loss'"
    assert find_metric("mae", "regression") is METRICS["mae"]
