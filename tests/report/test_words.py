from __future__ import annotations

from rung.core.metrics import METRICS
from rung.report.words import LOSSES, loss_words, metric_unit, metric_words


def test_every_metric_and_its_loss_have_words():
    for key, metric in METRICS.items():
        assert metric_words(key).higher_is_better == metric.greater_is_better
        assert metric.loss in LOSSES


def test_an_unknown_key_is_its_own_name():
    assert metric_words("my_score").title == "my score"
    assert loss_words("my_loss") == "my loss"


def test_a_unit_with_braces_is_kept():
    assert metric_unit("rmse", "{x} {unit}") == "{x} {unit}"
    assert metric_unit("mse", "m") == "(m)²"
    assert metric_unit("mse", "") == ""
    assert metric_unit("accuracy", "m") == ""
