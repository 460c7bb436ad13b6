"""Metrics of single fields and of users: what is accepted, what stands beside, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from rung.core.field_metrics import (
    COMPARED,
    FIELD_METRICS,
    asked_metric,
    beside,
    metric_named,
    own_losses,
    own_metric,
)
from rung.core.losses import ROW_LOSSES
from rung.core.metrics import METRICS
from rung.errors import UsageError


def cubed(true, predicted):
    return np.abs(true - predicted) ** 3


def test_every_key_names_one_metric_and_every_compared_one_is_a_mean_of_row_losses() -> None:
    assert not set(METRICS) & set(FIELD_METRICS)
    for key in COMPARED:
        assert FIELD_METRICS[key].loss in ROW_LOSSES
        assert FIELD_METRICS[key].group == key
        assert beside(FIELD_METRICS[key])[0].key == key
    assert metric_named("unheard_of").value(0.25) == 0.25


def test_what_a_run_is_not_compared_by_is_refused_with_what_it_is() -> None:
    accepted = "accepted: rmse, mae, r2, mse, mape, photoz, skill"
    with pytest.raises(UsageError, match=accepted) as refused:
        asked_metric("photoz_nmad", "regression")
    assert "use 'photoz'" in str(refused.value.remedy)
    with pytest.raises(UsageError, match="metric 'photozz'") as refused:
        asked_metric("photozz", "regression")
    assert "did you mean 'photoz'" in str(refused.value.remedy)
    with pytest.raises(UsageError, match="metric 'skill' is not one that a run for binary"):
        asked_metric("skill", "binary")
    assert asked_metric(None, "regression") is METRICS["rmse"]


def test_a_function_is_called_by_its_name_and_learned_by_the_loss_of_the_task() -> None:
    assert own_metric(cubed, "regression").training_loss == "squared_error"
    assert own_metric(cubed, "binary").training_loss == "log_loss"
    with pytest.raises(UsageError, match="no name that results could call it by"):
        own_metric(lambda true, predicted: true, "regression")

    def rmse(true, predicted):
        return true

    with pytest.raises(UsageError, match="metric 'rmse' is one of rung's own"):
        own_metric(rmse, "regression")


@pytest.mark.parametrize(
    ("gives", "match"),
    [
        (lambda t, p: 0.5, r"gave an array of shape \(\); it must be \(3,\)"),
        (lambda t, p: np.ones((3, 1)), r"shape \(3, 1\)"),
        (lambda t, p: np.array([1.0, np.nan, np.inf]), "gave 2 of 3 losses that are not finite"),
        (lambda t, p: t["x"], "raised IndexError"),
        (lambda t: t, "raised TypeError"),
        (lambda t, p: ["a", "b", "c"], "raised ValueError"),
    ],
)
def test_a_function_that_gives_anything_but_a_loss_for_each_row_is_refused(gives, match) -> None:
    gives.__name__ = "odd"
    with pytest.raises(UsageError, match=f"metric 'odd' {match}" if match[0] != "s" else match):
        own_losses(own_metric(gives, "regression"), np.arange(3.0), np.zeros(3))
