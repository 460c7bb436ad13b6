"""Calibration and curves of classes, against values worked by hand and another library."""

from __future__ import annotations

import numpy as np
import pytest

from rung.explain.chances import calibration, curves, precision_curve, roc_curve, wilson

RNG = np.random.default_rng(3)
CHANCE = RNG.uniform(size=2_000)
HAPPENED = RNG.uniform(size=2_000) < CHANCE


def test_probabilities_that_are_right_have_a_small_calibration_error() -> None:
    right, wrong = calibration(CHANCE, HAPPENED), calibration(CHANCE**3, HAPPENED)
    assert right["error"] < 0.03
    assert wrong["error"] == pytest.approx(0.25, abs=0.03)  # the mean of p - p³ is 1/4


def test_bins_hold_equally_many_rows_and_equal_probabilities_stay_together() -> None:
    assert {one["n"] for one in calibration(CHANCE, HAPPENED)["bins"]} == {200}
    (one,) = calibration(np.full(100, 0.5), HAPPENED[:100])["bins"]
    assert one["n"] == 100


def test_intervals_of_bins_hold_the_true_share_in_about_95_of_100() -> None:
    covered = [
        low <= 0.3 <= high
        for low, high in (wilson(float(RNG.binomial(50, 0.3)) / 50, 50) for _ in range(1_000))
    ]
    assert np.mean(covered) == pytest.approx(0.95, abs=0.02)


def test_the_roc_curve_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score
    from sklearn.metrics import roc_curve as theirs

    score = np.round(CHANCE + RNG.normal(size=2_000), 1)  # with many ties
    false, true, _ = theirs(HAPPENED, score, drop_intermediate=False)
    places = np.linspace(0, 1, 400)[1:]
    assert roc_curve(score, HAPPENED, places) == pytest.approx(np.interp(places, false, true))
    found = curves(score, HAPPENED, np.zeros(2_000, dtype=int))
    assert found["area"] == pytest.approx(roc_auc_score(HAPPENED, score))


def test_precision_at_a_recall_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import precision_recall_curve

    precision, recall, _ = precision_recall_curve(HAPPENED, CHANCE)
    for place in (0.1, 0.5, 0.9, 1.0):
        reached = precision[recall >= place - 1e-12]
        assert precision_curve(CHANCE, HAPPENED, np.array([place]))[0] == pytest.approx(reached[-1])


def test_a_band_lies_around_its_mean_and_folds_are_not_ranked_together() -> None:
    fold = np.repeat([0, 1], 1_000)
    moved = CHANCE + 10 * fold  # each fold's ranks are as before
    apart, plain = curves(moved, HAPPENED, fold), curves(CHANCE, HAPPENED, fold)
    assert apart["area"] == pytest.approx(plain["area"])
    roc = apart["roc"]
    assert (roc["low"] <= roc["mean"]).all()
    assert (roc["mean"] <= roc["high"]).all()


def test_a_class_without_rows_in_any_fold_has_no_curve() -> None:
    assert curves(CHANCE[:4], np.array([True] * 4), np.zeros(4, dtype=int))["roc"] is None


def test_right_probabilities_stay_below_what_chance_shows_in_about_95_of_100_tables() -> None:
    """100 tables whose probabilities are right; 95 below on average, 88 at least but in 1 of 500."""
    rng = np.random.default_rng(3)
    below = covered = 0
    for _ in range(100):
        chance = rng.uniform(size=300)
        found = calibration(chance, rng.random(300) < chance)
        below += found["error"] <= found["by_chance"]
        wrong = calibration(chance**3, rng.random(300) < chance)
        covered += wrong["error_low"] <= 0.25 <= wrong["error_high"]
        assert wrong["error"] > wrong["by_chance"]
    assert below >= 88
    # The mean of p - p³ over all p is a quarter.
    assert covered >= 88
