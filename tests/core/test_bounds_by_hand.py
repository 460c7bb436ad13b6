"""Bound scores a second time, by formulas and loops of their own."""

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


def bootstrap_again(influence, counts, level):
    """Write each sample out, and take the ratio of its mean to its own standard error."""
    ratios = []
    for row in counts:
        drawn = np.repeat(influence, row)
        ratios.append(drawn.mean() / stats.sem(drawn))
    low, high = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    error = stats.sem(influence)
    return max(high, 0.0) * error, max(-low, 0.0) * error


def centred(n, seed=0):
    values = np.random.default_rng(seed).exponential(size=n)
    return values - values.mean()


@pytest.mark.parametrize(("n_right", "n"), [(0, 7), (7, 7), (5, 7), (199, 200)])
def test_shares_are_bounded_at_95_per_cent_unless_said_otherwise(n_right, n):
    exact = stats.binomtest(n_right, n).proportion_ci(0.95, method="exact")
    assert clopper_pearson(n_right, n) == pytest.approx((exact.low, exact.high), abs=1e-12)


def test_the_bounds_of_losses_from_minus_one_to_three_worked_by_hand():
    """Half are 0 and half are 2: mean 1, variance 2000 / 1999, width of the range 4."""
    losses = np.repeat([0.0, 2.0], 1_000)
    log_term = math.log(4 / 0.05)
    half = math.sqrt(2 * (2_000 / 1_999) * log_term / 2_000) + 7 * 4 * log_term / (3 * 1_999)
    assert half == pytest.approx(0.066218 + 0.020460, abs=1e-5)
    assert empirical_bernstein(losses, (-1.0, 3.0)) == pytest.approx((1 - half, 1 + half))
    assert empirical_bernstein(losses, (0.95, 1.03)) == (0.95, 1.03)


@pytest.mark.parametrize("level", [0.2, 0.6, 0.95, LEVEL])
@pytest.mark.parametrize("n", [12, 31])
def test_the_bootstrap_is_what_a_loop_over_samples_gives(n, level):
    influence, counts = centred(n), resampling(n, 1)[:500]
    *ends, method = bootstrap_t(influence, counts, level)
    assert ends == pytest.approx(bootstrap_again(influence, counts, level), rel=1e-9)
    assert method == "bootstrap-t (approximate)"


def test_an_end_never_lies_on_the_other_side_of_the_estimate():
    influence = np.array([-3.0, -1.0, 1.0, 3.0])
    low = np.array([[2, 2, 0, 0], [3, 1, 0, 0], [1, 2, 1, 0]])
    below, above, _ = bootstrap_t(influence, low, 0.5)
    assert (below, above) == pytest.approx(bootstrap_again(influence, low, 0.5))
    assert below == 0.0 < above
    below, above, _ = bootstrap_t(-influence, low, 0.5)
    assert below > 0.0 == above


@pytest.mark.parametrize("factor", [1e-9, 1e-3, 1e6])
def test_bounds_scale_with_the_unit_of_the_loss(factor):
    influence, counts = centred(20), resampling(20, 0)
    *plain, _ = bootstrap_t(influence, counts, 0.95)
    *scaled, method = bootstrap_t(factor * influence, counts, 0.95)
    assert scaled == pytest.approx([factor * end for end in plain])
    assert method == "bootstrap-t (approximate)"


@pytest.mark.parametrize(
    ("n_flat", "n", "method"),
    [(2, 20, "bootstrap-t (approximate)"), (3, 20, "t (approximate)")],
)
def test_t_is_taken_where_more_than_a_tenth_of_the_samples_do_not_vary(n_flat, n, method):
    influence = np.array([-2.0, -1.0, 1.0, 2.0])
    flat, varied = [[4, 0, 0, 0]] * n_flat, [[1, 1, 1, 1]] * (n - n_flat)
    below, above, found = bootstrap_t(influence, np.array(flat + varied), 0.95)
    assert found == method
    if n_flat == 3:
        assert below == above == pytest.approx(stats.t.ppf(0.975, 3) * stats.sem(influence))


@pytest.mark.parametrize(("gap", "method"), [(1e-4, "bootstrap-t"), (1e-8, "t (approximate)")])
def test_a_sample_varies_if_its_units_differ_by_more_than_rounding(gap, method):
    influence = np.array([1.0, 1.0 + gap, -1.0, -1.0 - gap])
    counts = np.array([[2, 2, 0, 0], [1, 1, 1, 1]])
    assert bootstrap_t(influence, counts, 0.95)[2].startswith(method)


def test_two_units_have_one_degree_of_freedom():
    influence = np.array([-1.0, 1.0])
    below, above, _ = bootstrap_t(influence, resampling(2, 0), 0.95)
    assert below == above == pytest.approx(stats.t.ppf(0.975, 1) * 1.0)


def test_no_variation_at_all_is_bounded_by_nothing():
    assert bootstrap_t(np.zeros(5), resampling(5, 0), 0.95) == (0.0, 0.0, "t (approximate)")


def test_joined_units_are_bounded_as_sums_of_every_third(monkeypatch):
    monkeypatch.setattr(bounds, "MOST_UNITS", 3)
    influence, counts = centred(8), resampling(8, 0)
    assert counts.shape == (2_000, 3)
    varied = counts[(counts > 0).sum(axis=1) > 1][:400]
    sums = np.array([influence[i::3].sum() for i in range(3)])
    ratios = [np.repeat(sums, row).mean() / stats.sem(np.repeat(sums, row)) for row in varied]
    low, high = np.quantile(ratios, [0.1, 0.9])
    below, above, _ = bootstrap_t(influence, varied, 0.8)
    error = stats.sem(influence)
    assert (below, above) == pytest.approx((high * error, -low * error))


@pytest.mark.parametrize("seed", [0, 5])
def test_samples_are_counted_from_the_stream_of_the_seed(seed):
    rng = np.random.default_rng([0xB007, seed])
    drawn = np.concatenate([rng.integers(6, size=(100, 6)) for _ in range(20)])
    wanted = [[list(row).count(unit) for unit in range(6)] for row in drawn]
    assert resampling(6, seed).tolist() == wanted


def test_one_unit_is_drawn_alone_and_ten_thousand_are_the_most(monkeypatch):
    assert resampling(1, 0).tolist() == [[1]] * 2_000
    monkeypatch.setattr(bounds, "N_DRAWS", 100)
    assert resampling(10_002, 0).shape == (100, 10_000)


def test_scores_are_drawn_with_seed_0_unless_said_otherwise():
    rng = np.random.default_rng(0)
    rows = SealedRows("regression", rng.normal(size=30), np.arange(30), 100)
    predictions = {"choice": np.zeros((30, 1))}
    plain = sealed_scores(rows, predictions)
    assert plain == sealed_scores(rows, predictions, seed=0)
    assert plain != sealed_scores(rows, predictions, seed=1)


def test_the_absolute_error_of_five_rows_by_hand():
    """Errors 1, 2, 3, 4, 10: mean 4; ends from samples that are drawn again here."""
    y = np.array([1.0, -2.0, 3.0, -4.0, 10.0])
    rows = SealedRows("regression", y, np.arange(5), 100)
    score = sealed_scores(rows, {"choice": np.zeros((5, 1))}, level=0.6)["choice"]["mae"]
    influence = np.abs(y) - 4.0
    counts = resampling(5, 0)
    varied = counts[counts.max(axis=1) < 5]
    below, above = bootstrap_again(influence, varied, 0.6)
    assert (score.value, score.low, score.high) == pytest.approx((4.0, 4 - below, 4 + above))
    assert (score.level, score.method) == (0.6, "bootstrap-t (approximate)")


def test_predictions_that_miss_all_by_the_same_are_bounded_by_the_range_alone():
    rows = SealedRows("binary", np.array([0, 1] * 20), np.arange(40), 100, classes=("a", "b"))
    half = np.full((40, 2), 0.5)
    scores = sealed_scores(rows, {"choice": half}, level=0.9)["choice"]
    brier = scores["brier"]
    missed = 1 - 0.05 ** (1 / 40)
    assert brier.method == "no variation seen"
    assert brier.high - brier.value == pytest.approx(missed)
    assert brier.low == pytest.approx(max(brier.value - missed, 0.0))
