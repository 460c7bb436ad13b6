"""Limits, units and intervals of scores worked by hand."""

import math

import numpy as np
import pytest

from rung.core.estimate import Estimate
from rung.core.folds import Split, partition_folds
from rung.core.judge_predictions import (
    confusion,
    fewest_units,
    metric_limits,
    score_families,
    score_interval,
    to_metric,
    unvaried_interval,
    varies,
)
from rung.core.metrics import METRICS
from rung.core.out_of_fold import OutOfFold

SPLITS = partition_folds(np.array([0, 0, 0, 1, 1, 1])).splits


def binary(y, positive, unit=None, splits=SPLITS, n_train=(), weight=None):
    """Predictions of two classes, from the probability of the second."""
    positive = np.array(positive)
    arrays = tuple(np.column_stack([1 - positive, positive])[s.test] for s in splits)
    unit = np.arange(len(y)) if unit is None else np.array(unit)
    y, classes = np.array(y), ("no", "yes")
    return OutOfFold(
        "binary", y, splits, {"a": arrays}, unit, classes, n_train=n_train, weight=weight
    )


HALVES = [0.5] * 6


def test_the_log_loss_ends_where_the_largest_training_set_clips_it():
    oof = binary([0, 1, 0, 1, 0, 1], HALVES, n_train=(10, 100))
    assert metric_limits(oof, METRICS["log_loss"]) == pytest.approx((0.0, math.log(200)))
    assert metric_limits(oof, METRICS["brier"]) == (0.0, 1.0)


def test_a_loss_shows_as_its_metric_and_ends_are_in_order_and_range():
    assert to_metric(METRICS["r2"], 0.3) == pytest.approx(0.7)
    assert to_metric(METRICS["rmse"], 6.25) == 2.5
    found = score_interval(METRICS["accuracy"], (0.0, 1.0), -0.1, 0.25)
    assert found.tolist() == [0.75, 1.0]
    assert score_interval(METRICS["rmse"], (0.0, math.inf), -1.0, 4.0).tolist() == [0.0, 2.0]


@pytest.mark.parametrize(
    ("mean", "influence", "expected"),
    [
        (0.5, [0.95e-12, -0.95e-12], False),
        (0.5, [1e-12, -1e-12], False),
        (0.5, [1.1e-12, -1.1e-12], True),
        (1e6, [0.5e-6, -0.5e-6], False),
        (-1e6, [2e-6, -2e-6], True),
        (0.5, [0.0, 0.0, 1.0], True),
        (0.5, [1.0], False),
    ],
)
def test_units_vary_by_more_than_rounding_or_not_at_all(mean, influence, expected):
    assert varies(Estimate(mean, np.array(influence), ())) is expected


def test_the_rarest_class_counts_its_units_where_each_class_counts():
    """Class no has rows of units 0, 0, 1 and 2; yes those of 3 and 4."""
    oof = binary([0, 0, 0, 0, 1, 1], HALVES, unit=[0, 0, 1, 2, 3, 4])
    found = {key: fewest_units(oof, METRICS[key]) for key in ("roc_auc", "balanced_accuracy")}
    assert found == {"roc_auc": 2, "balanced_accuracy": 2}
    assert fewest_units(oof, METRICS["accuracy"]) == 5
    other = binary([1, 1, 1, 1, 0, 1], HALVES, unit=[0, 0, 1, 2, 3, 4])
    assert fewest_units(other, METRICS["roc_auc"]) == 1


def test_one_class_alone_rests_on_no_unit_for_the_area_and_on_all_for_the_recall():
    oof = binary([1] * 6, HALVES)
    assert fewest_units(oof, METRICS["roc_auc"]) == 0
    assert fewest_units(oof, METRICS["balanced_accuracy"]) == 6
    score = score_families(oof)["a"]["roc_auc"]
    assert (score.mean, score.low, score.high) == (0.5, 0.0, 1.0)


@pytest.mark.parametrize(
    ("value", "limits", "n_units", "expected"),
    [
        (1.0, (0.5, 1.0), 10, (1.0 - 0.5 * (1 - 0.025**0.1), 1.0)),
        (0.2, (0.0, 1.0), 100, (0.2 - (1 - 0.025**0.01), 0.2 + (1 - 0.025**0.01))),
        (0.99, (0.0, 1.0), 100, (0.99 - (1 - 0.025**0.01), 1.0)),
        (0.01, (0.0, 1.0), 100, (0.0, 0.01 + (1 - 0.025**0.01))),
        (1.0, (0.0, 1.0), 1, (0.025, 1.0)),
        (1.0, (0.0, 1.0), 0, (0.0, 1.0)),
        (0.3, (-math.inf, 1.0), 50, (-math.inf, 1.0)),
        (0.3, (0.0, math.inf), 0, (0.0, math.inf)),
    ],
)
def test_what_never_varies_is_bounded_by_the_share_that_may_have_been_missed(
    value, limits, n_units, expected
):
    assert unvaried_interval(value, limits, n_units, 0.95) == pytest.approx(expected)


def test_a_constant_brier_score_is_bounded_by_its_units():
    """Every row costs .25, of six units: 1 - .025^(1/6) more at most."""
    score = score_families(binary([0, 1, 0, 1, 0, 1], HALVES))["a"]["brier"]
    missed = 1 - 0.025 ** (1 / 6)
    assert (score.mean, score.low, score.high) == pytest.approx((0.25, 0.0, 0.25 + missed))
    assert score.per_fold == (0.25, 0.25)


def test_an_interval_is_the_mean_and_a_quantile_of_widened_errors():
    """Absolute errors 1 to 6: s² = 3.5, two folds widen by √3, t(.975, 5) = 2.570582."""
    y = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    arrays = {"zero": tuple(np.zeros((3, 1)) for _ in SPLITS)}
    oof = OutOfFold("regression", y, SPLITS, arrays, np.arange(6))
    score = score_families(oof)["zero"]["mae"]
    half = 2.570582 * math.sqrt(3.5 / 6) * math.sqrt(3)
    assert (score.mean, score.high) == pytest.approx((3.5, 3.5 + half))
    assert score.low == pytest.approx(3.5 - half, rel=1e-5)
    assert score.per_fold == pytest.approx((2.0, 5.0))


def test_confusion_shares_a_row_among_its_repeats_and_weighs_it():
    """Row 0 weighs 2 and is called no once and yes once; the rest are called no."""
    both = (*SPLITS, *(Split(s.train, s.test, repeat=1) for s in SPLITS))
    first, again = np.array([0.9] + [0.1] * 5), np.array([0.1] * 6)
    arrays = tuple(
        np.column_stack([1 - p, p])[s.test]
        for s, p in zip(both, [first, first, again, again], strict=True)
    )
    weight = np.array([2.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    oof = OutOfFold(
        "binary", np.array([0, 1, 0, 1, 0, 1]), both, {"a": arrays}, np.arange(6), ("no", "yes"),
        weight=weight,
    )  # fmt: skip
    assert confusion(oof, "a") == ((3.0, 1.0), (3.0, 0.0))
