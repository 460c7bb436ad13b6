import dataclasses
import math

import numpy as np
import pytest
from scipy import stats

from rung.core import bounds
from rung.core.bounds import (
    LEVEL,
    SealedRows,
    bootstrap_t,
    clopper_pearson,
    empirical_bernstein,
    resampling,
    sealed_scores,
)
from rung.core.metrics import METRICS, metrics_of
from tests.core.oof_examples import softmax


def sealed_class(n=200, n_classes=2, **changes):
    rng = np.random.default_rng(1)
    signal = rng.normal(size=(n, n_classes))
    y = (signal + rng.gumbel(size=(n, n_classes))).argmax(axis=1)
    task = "binary" if n_classes == 2 else "multiclass"
    rows = SealedRows(task, y, np.arange(n), 800, classes=tuple("abcdef"[:n_classes]))
    return dataclasses.replace(rows, **changes), {"choice": softmax(signal)}


def sealed_numbers(n=200, **changes):
    rng = np.random.default_rng(2)
    p = rng.normal(size=(n, 1))
    rows = SealedRows("regression", p[:, 0] + rng.normal(size=n), np.arange(n), 800)
    return dataclasses.replace(rows, **changes), {"choice": p, "constant": np.zeros((n, 1))}


@pytest.mark.parametrize(("n_right", "n"), [(0, 10), (10, 10), (3, 17), (950, 1_000), (1, 1)])
@pytest.mark.parametrize("level", [0.95, LEVEL])
def test_clopper_pearson_equals_scipy(n_right, n, level):
    exact = stats.binomtest(n_right, n).proportion_ci(level, method="exact")
    assert clopper_pearson(n_right, n, level) == pytest.approx((exact.low, exact.high))


def test_three_intervals_together_hold_with_95_per_cent():
    missed = 3 * (1 - LEVEL)
    assert missed == pytest.approx(0.05)


def test_accuracy_of_plain_rows_is_bounded_exactly():
    rows, predictions = sealed_class()
    score = sealed_scores(rows, predictions)["choice"]["accuracy"]
    n_right = int((predictions["choice"].argmax(axis=1) == rows.y).sum())
    assert score.method == "Clopper-Pearson"
    assert score.value == n_right / 200
    assert (score.low, score.high) == clopper_pearson(n_right, 200, LEVEL)


@pytest.mark.parametrize(
    "changes", [{"unit": np.arange(200) // 4}, {"weight": np.linspace(1, 2, 200)}]
)
def test_accuracy_of_groups_or_weights_is_called_approximate(changes):
    rows, predictions = sealed_class(**changes)
    score = sealed_scores(rows, predictions)["choice"]["accuracy"]
    assert score.method == "bootstrap-t (approximate)"


def test_the_bootstrap_of_a_mean_agrees_with_t_where_t_is_right():
    rows, predictions = sealed_numbers(2_000)
    score = sealed_scores(rows, predictions)["choice"]["mae"]
    error = np.abs(rows.y - predictions["choice"][:, 0])
    half = stats.t.ppf((1 + LEVEL) / 2, 1_999) * stats.sem(error)
    assert score.high - score.low == pytest.approx(2 * half, rel=0.1)
    assert score.value == pytest.approx(error.mean())


def test_all_metrics_are_scored_for_every_role_inside_their_range():
    cases = [sealed_numbers(40), sealed_class(40), sealed_class(60, n_classes=4)]
    for rows, predictions in cases:
        for scores in sealed_scores(rows, predictions).values():
            assert tuple(scores) == metrics_of(rows.task)
            for key, score in scores.items():
                low, high = METRICS[key].limits(rows.task)
                assert low <= score.low <= score.value <= score.high <= high
                assert score.level == LEVEL


def test_the_same_seed_gives_the_same_bounds():
    rows, predictions = sealed_numbers()
    assert sealed_scores(rows, predictions, seed=4) == sealed_scores(rows, predictions, seed=4)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_rows_give_numbers_and_no_nan(n):
    for rows, predictions in (sealed_numbers(n), sealed_class(n)):
        for scores in sealed_scores(rows, predictions).values():
            for score in scores.values():
                assert not math.isnan(score.low)
                assert not math.isnan(score.high)


def test_one_row_is_bounded_by_the_range_alone():
    rows, predictions = sealed_numbers(1)
    score = sealed_scores(rows, predictions)["choice"]["rmse"]
    assert (score.low, score.high) == (0.0, math.inf)


def test_perfect_predictions_are_not_called_certain():
    rows, _ = sealed_class()
    scores = sealed_scores(rows, {"choice": np.eye(2)[rows.y]})["choice"]
    assert scores["accuracy"].low == pytest.approx(stats.beta.ppf((1 - LEVEL) / 2, 200, 1))
    rarest = np.bincount(rows.y).min()
    assert scores["roc_auc"].low == pytest.approx(stats.beta.ppf((1 - LEVEL) / 2, rarest, 1))
    assert scores["roc_auc"].method == "no variation seen"


def test_the_area_of_a_single_class_is_anything():
    rows, predictions = sealed_class(y=np.zeros(200, dtype=int))
    score = sealed_scores(rows, predictions)["choice"]["roc_auc"]
    assert (score.value, score.low, score.high) == (0.5, 0.0, 1.0)


def test_units_beyond_the_most_are_joined_without_changing_the_width(monkeypatch):
    influence = np.random.default_rng(3).exponential(size=6_000) - 1.0
    whole = bootstrap_t(influence, resampling(6_000, 0), LEVEL)
    monkeypatch.setattr(bounds, "MOST_UNITS", 1_000)
    joined = bootstrap_t(influence, resampling(6_000, 0), LEVEL)
    assert joined[:2] == pytest.approx(whole[:2], rel=0.12)


def test_each_bootstrap_sample_holds_as_many_units_as_there_are():
    assert (resampling(37, 0).sum(axis=1) == 37).all()


def test_few_distinct_units_fall_back_on_t():
    influence = np.array([0.9, *[-0.1] * 9])
    below, above, method = bootstrap_t(influence, resampling(10, 0), 0.95)
    assert method == "t (approximate)"
    assert below == above == pytest.approx(stats.t.ppf(0.975, 9) * stats.sem(influence))


def test_bernstein_bounds_follow_maurer_and_pontil():
    losses = np.random.default_rng(0).random(500)
    low, high = empirical_bernstein(losses, (0.0, 1.0), 0.95)
    log_term = math.log(2 / 0.025)
    half = math.sqrt(2 * losses.var(ddof=1) * log_term / 500) + 7 * log_term / (3 * 499)
    assert (low, high) == pytest.approx((losses.mean() - half, losses.mean() + half))


def test_bernstein_bounds_scale_with_the_declared_range():
    losses = np.random.default_rng(0).random(500)
    low, high = empirical_bernstein(losses, (0.0, 1.0))
    assert empirical_bernstein(10 * losses, (0.0, 10.0)) == pytest.approx((10 * low, 10 * high))


def test_bootstrap_t_holds_the_mean_of_skewed_losses_better_than_t():
    """400 samples of 40 squared normal errors at 95 %: at least .92 (false alarm below .005)."""
    rng = np.random.default_rng(9)
    counts = resampling(40, 0)
    boot = plain = 0
    for _ in range(400):
        losses = rng.normal(size=40) ** 2
        mean = losses.mean()
        below, above, _ = bootstrap_t(losses - mean, counts, 0.95)
        half = stats.t.ppf(0.975, 39) * stats.sem(losses)
        boot += mean - below <= 1.0 <= mean + above
        plain += abs(mean - 1.0) <= half
    assert boot / 400 >= 0.92
    assert boot >= plain
