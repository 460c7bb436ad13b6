import math

import pytest

from rung.core.losses import ROW_LOSSES
from rung.core.metrics import METRICS, default_metric, find_metric, metrics_of
from rung.errors import UsageError


def test_keys_are_those_of_the_files():
    assert list(METRICS) == [
        "rmse", "mae", "r2", "mse", "mape",
        "log_loss", "accuracy", "balanced_accuracy", "roc_auc", "brier",
        "nll", "bits_per_char", "perplexity",
    ]  # fmt: skip


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass", "language modelling"])
def test_the_default_metric_is_one_of_the_task(task):
    assert default_metric(task) in metrics_of(task)


@pytest.mark.parametrize("key", METRICS)
def test_every_metric_stands_on_a_loss_that_exists(key):
    assert METRICS[key].loss in {*ROW_LOSSES, "auc", "balanced", "nll"}


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
