"""Losses of single fields against their definitions and known laws of large numbers."""

from __future__ import annotations

import numpy as np
import pytest

from rung.core.field_losses import (
    FIELD_ROW_LOSSES,
    redshift_scatter,
    unskilled,
    weighted_quantile,
)
from rung.core.field_metrics import FIELD_METRICS, own_metric
from rung.core.folds import partition_folds
from rung.core.judge_predictions import metric_estimate, score_families
from rung.core.losses import estimate
from rung.core.out_of_fold import OutOfFold

N = 4_000
RNG = np.random.default_rng(7)
Z = RNG.gamma(2.0, 0.4, N)
NORMAL = RNG.normal(size=N)
SPLITS = partition_folds(np.arange(N) % 5).splits


def out_of_fold(predicted, weight=None, own=None):
    guess = np.full(N, Z.mean())
    return OutOfFold(
        "regression",
        Z,
        SPLITS,
        {
            name: tuple(made[split.test][:, None] for split in SPLITS)
            for name, made in (("constant", guess), ("model", predicted))
        },
        unit=np.arange(N),
        weight=weight,
        own=own,
    )


PREDICTED = Z + (1 + Z) * (0.02 + 0.1 * NORMAL)


def test_redshift_metrics_are_those_of_the_field() -> None:
    dz = (PREDICTED - Z) / (1 + Z)
    oof = out_of_fold(PREDICTED)
    expected = {
        "photoz": np.abs(dz).mean(),
        "photoz_bias": dz.mean(),
        "photoz_nmad": 1.4826022 * np.median(np.abs(dz - np.median(dz))),
        "photoz_outliers": (np.abs(dz) > 0.15).mean(),
    }
    for key, value in expected.items():
        assert metric_estimate(oof, "model", FIELD_METRICS[key]).mean == pytest.approx(value)


def test_the_error_of_sigma_nmad_is_that_of_the_theory_for_a_normal_law() -> None:
    """The asymptotic variance of the normalised median distance is 1.3605 σ² / n."""
    found = redshift_scatter(out_of_fold(PREDICTED), "model")
    assert found.influence.mean() == pytest.approx(0.0, abs=1e-12)
    assert found.influence.std() == pytest.approx(0.1 * np.sqrt(1.3605), rel=0.08)


def test_a_row_of_weight_two_counts_as_two_rows() -> None:
    values, weight = np.array([5.0, 1.0, 3.0]), np.array([1.0, 2.0, 1.0])
    doubled = np.array([5.0, 1.0, 1.0, 3.0])
    for share in (0.25, 0.5, 0.6, 0.75):
        assert weighted_quantile(values, weight, share) == weighted_quantile(
            doubled, np.ones(4), share
        )


def test_skill_is_one_less_the_ratio_of_squared_errors_and_none_for_the_guess() -> None:
    oof = out_of_fold(PREDICTED)
    ratio = ((PREDICTED - Z) ** 2).mean() / ((Z - Z.mean()) ** 2).mean()
    assert unskilled(oof, "model").mean == pytest.approx(ratio)
    guess = unskilled(oof, "constant")
    assert guess.mean == 1.0
    assert np.abs(guess.influence).max() < 1e-12


def test_bias_has_a_sign() -> None:
    oof = out_of_fold(Z - 0.5)
    assert metric_estimate(oof, "model", FIELD_METRICS["bias"]).mean == pytest.approx(-0.5)


def test_scores_of_a_field_are_shown_where_it_is_asked_for_and_nowhere_else() -> None:
    oof = out_of_fold(PREDICTED)
    assert "photoz" not in score_families(oof)["model"]
    shown = score_families(oof, FIELD_METRICS["photoz"])["model"]
    assert {"rmse", "photoz", "photoz_bias", "photoz_nmad", "photoz_outliers"} < set(shown)
    assert "skill" not in shown
    score = shown["photoz_nmad"]
    assert score.low < 0.1 < score.high
    assert score.high - score.low < 0.02


def test_a_function_gets_values_of_the_held_out_rows_and_labels_of_classes() -> None:
    def cubed(true, predicted):
        return np.abs(true - predicted) ** 3

    oof = out_of_fold(PREDICTED, own=own_metric(cubed, "regression"))
    assert estimate(oof, "model", "own").mean == pytest.approx((np.abs(PREDICTED - Z) ** 3).mean())
    seen = {}

    def missed(true, predicted):
        seen.update(true=true, predicted=predicted)
        return (true == "yes") * (1 - predicted[:, 1])

    splits = partition_folds(np.array([0, 0, 1, 1])).splits
    halves = tuple(np.full((2, 2), 0.5) for _ in splits)
    classes = OutOfFold(
        "binary",
        np.array([0, 1, 1, 1]),
        splits,
        {"constant": halves},
        unit=np.arange(4),
        classes=("no", "yes"),
        own=own_metric(missed, "binary"),
    )
    assert estimate(classes, "constant", "own").mean == pytest.approx(3 / 8)
    assert seen["true"].tolist() == ["yes", "yes"]
    assert seen["predicted"].shape == (2, 2)
    assert set(FIELD_ROW_LOSSES) >= {"photoz", "own"}
