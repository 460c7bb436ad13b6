"""Scores and verdicts from the losses of units."""

import numpy as np
import pytest
from scipy import stats

from rung.core.bounds import LEVEL, bootstrap_t, resampling
from rung.core.compare import neighbour_factor, standard_errors
from rung.core.judge_likelihoods import UnitLosses, ratio, score_units, sealed_unit_scores
from rung.core.result import Score
from rung.core.verdict import decide

STEPS = {"uniform": 0, "unigram": 5, "bigram": 10, "ngram": 20}


def units(n, seed, *, means=(3.0, 2.5, 2.0, 1.99), noise=0.3):
    """Draw lines of 2 to 15 characters; families share what makes a line hard."""
    rng = np.random.default_rng(seed)
    characters = rng.integers(2, 16, size=n)
    hard = rng.normal(0, noise, size=n)
    return {
        name: np.column_stack([(mean + hard + rng.normal(0, 0.1, size=n)) * characters, characters])
        for name, mean in zip(STEPS, means, strict=True)
    }


def test_a_ratio_is_the_sum_over_the_sum_and_its_influence_is_centred():
    losses = units(100, 0)["bigram"]
    mean, influence = ratio(losses)
    assert mean == losses[:, 0].sum() / losses[:, 1].sum()
    assert influence.sum() == pytest.approx(0.0, abs=1e-9)


def test_the_standard_error_of_a_ratio_is_that_of_the_jackknife():
    losses = units(400, 1)["bigram"]
    rest = losses.sum(axis=0) - losses
    left_out = rest[:, 0] / rest[:, 1]
    n = len(losses)
    jackknife = np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    found = standard_errors(ratio(losses)[1][:, None], 1, factor=1.0)[0]
    assert found == pytest.approx(jackknife, rel=0.02)


def test_intervals_cover_the_truth_as_often_as_they_say():
    hits = 0
    for seed in range(300):
        losses = {"bigram": units(200, seed)["bigram"]}
        score = score_units(UnitLosses(losses, 200))["bigram"]["nll"]
        hits += score.low <= 2.0 <= score.high
    # 95 % of 300 within four standard errors of a share
    assert abs(hits / 300 - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 300)


def test_the_metrics_are_one_loss_in_three_units():
    scores = score_units(UnitLosses(units(200, 2), 200))["ngram"]
    nll = scores["nll"]
    for end in ("low", "mean", "high"):
        value = getattr(nll, end)
        assert getattr(scores["bits_per_char"], end) == pytest.approx(value / np.log(2))
        assert getattr(scores["perplexity"], end) == pytest.approx(np.exp(value))


def test_the_simplest_family_within_the_margin_is_chosen():
    found = UnitLosses(units(3000, 3), 30_000).to_losses()
    decision = decide(found, steps=STEPS, metric="nll")
    assert decision.choice.family == "bigram"
    assert decision.choice.is_claim
    assert decision.choice.leader == "ngram"
    assert decision.families["unigram"].verdict == "worse"


@pytest.mark.parametrize("metric", ["bits_per_char", "perplexity"])
def test_a_margin_in_another_unit_is_the_same_margin(metric):
    losses = UnitLosses(units(500, 4), 500).to_losses()
    plain = decide(losses, steps=STEPS, metric="nll", margin=0.05)
    own = float(losses.means.min())
    given = 0.05 / np.log(2) if metric == "bits_per_char" else np.exp(own + 0.05) - np.exp(own)
    other = decide(losses, steps=STEPS, metric=metric, margin=given)
    assert other.choice.margin_loss == pytest.approx(plain.choice.margin_loss)
    assert other.choice.family == plain.choice.family


def test_too_few_segments_give_no_interval_and_no_claim():
    found = UnitLosses(units(20, 5), 100, "segments", is_ordered=True, is_bounded=False)
    assert all(
        np.isnan(score.low) and np.isnan(score.high) and np.isfinite(score.mean)
        for scores in score_units(found).values()
        for score in scores.values()
    )
    decision = decide(found.to_losses(), steps=STEPS, metric="nll")
    assert not decision.choice.is_claim
    assert {one.verdict for one in decision.families.values()} == {"undecided"}
    assert decision.choice.family in ("bigram", "ngram")
    assert "would" not in decision.choice.sentence


def test_the_sentence_counts_lines_and_not_rows():
    losses = units(60, 6, means=(3.0, 2.5, 2.0, 1.9), noise=0.1)
    losses["ngram"][:, 0] += np.random.default_rng(0).normal(0, 4, size=60)
    sentence = decide(
        UnitLosses(losses, 600).to_losses(), steps=STEPS, metric="nll"
    ).choice.sentence
    assert "undecided" in sentence
    assert "lines would settle it" in sentence or "the 600 lines" in sentence


def test_likeness_of_neighbours_widens_an_interval_and_never_narrows_it():
    rng = np.random.default_rng(0)
    alike = np.cumsum(rng.normal(size=(5000, 1)), axis=0)
    series = np.empty((5000, 1))
    series[0] = alike[0]
    for i in range(1, 5000):
        series[i] = 0.3 * series[i - 1] + rng.normal()
    series -= series.mean()
    # lag-one correlation .3: the variance of a mean is that of independent ones times 1.3 / .7
    assert neighbour_factor(series)[0] == pytest.approx(np.sqrt(1.3 / 0.7), rel=0.03)
    unlike = np.array([[1.0], [-1.0]] * 50)
    assert neighbour_factor(unlike)[0] == 1.0


@pytest.mark.parametrize("is_ordered", [False, True])
def test_sealed_scores_have_intervals_around_the_value(is_ordered):
    found = sealed_unit_scores(UnitLosses(units(300, 7), 300, is_ordered=is_ordered), seed=1)
    for role in found.values():
        for score in role.values():
            assert score.low < score.value < score.high
            assert score.method == (
                "t (approximate)" if is_ordered else "bootstrap-t (approximate)"
            )


def test_sealed_scores_of_too_few_segments_have_no_interval():
    few = UnitLosses(units(12, 8), 100, is_ordered=True, is_bounded=False)
    score = sealed_unit_scores(few)["ngram"]["nll"]
    assert np.isnan(score.low)
    assert score.method.startswith("none")


def test_a_family_that_never_varies_has_a_point_for_an_interval():
    same = np.column_stack([np.full(50, 6.0), np.full(50, 3.0)])
    score = score_units(UnitLosses({"uniform": same}, 50))["uniform"]["nll"]
    assert score == Score(2.0, 2.0, 2.0)


def by_hand(losses, *, is_ordered=False):
    """Return the score, its standard error and the units, by sums written out."""
    nats, characters = losses[:, 0], losses[:, 1]
    mean = nats.sum() / characters.sum()
    parts = (nats - mean * characters) / characters.mean()
    error = stats.sem(parts)
    if is_ordered:
        error *= neighbour_factor(parts[:, None])[0]
    return mean, error, len(losses)


@pytest.mark.parametrize("is_ordered", [False, True])
def test_scores_are_bounded_by_t_at_95_per_cent(is_ordered):
    losses = np.cumsum(units(12, 9)["bigram"], axis=0)
    found = score_units(UnitLosses({"bigram": losses}, 50, is_ordered=is_ordered))["bigram"]["nll"]
    mean, error, n = by_hand(losses, is_ordered=is_ordered)
    half = stats.t.ppf(0.975, n - 1) * error
    assert (found.mean, found.low, found.high) == pytest.approx((mean, mean - half, mean + half))
    assert (error > by_hand(losses)[1]) == is_ordered


def test_one_unit_has_a_score_and_no_ends():
    score = score_units(UnitLosses({"bigram": np.array([[6.0, 3.0]])}, 1))["bigram"]["nll"]
    assert score.mean == 2.0
    assert np.isnan([score.low, score.high]).all()


def test_two_units_have_one_degree_of_freedom():
    losses = np.array([[1.0, 1.0], [3.0, 1.0]])
    score = score_units(UnitLosses({"bigram": losses}, 2))["bigram"]["nll"]
    assert (score.low, score.high) == pytest.approx((0.0, 2 + stats.t.ppf(0.975, 1)))


def test_segments_of_a_sealed_stream_are_bounded_by_t_with_their_neighbours():
    losses = np.cumsum(units(12, 9)["bigram"], axis=0)
    found = sealed_unit_scores(UnitLosses({"choice": losses}, 50, "segments", is_ordered=True))
    mean, error, n = by_hand(losses, is_ordered=True)
    half = stats.t.ppf((1 + LEVEL) / 2, n - 1) * error
    score = found["choice"]["nll"]
    assert (score.value, score.low, score.high) == pytest.approx((mean, mean - half, mean + half))
    assert (score.level, score.method) == (LEVEL, "t (approximate)")


def test_sealed_lines_are_bounded_by_the_bootstrap_of_their_contributions():
    losses = units(40, 9)["bigram"]
    mean, influence = ratio(losses)
    for seed in (0, 3):
        below, above, method = bootstrap_t(influence, resampling(40, seed), LEVEL)
        score = sealed_unit_scores(UnitLosses({"choice": losses}, 40), seed=seed)["choice"]["nll"]
        assert (score.low, score.high) == pytest.approx((mean - below, mean + above))
        assert score.method == method
    plain = sealed_unit_scores(UnitLosses({"choice": losses}, 40))
    assert plain == sealed_unit_scores(UnitLosses({"choice": losses}, 40), seed=0)


def test_the_verdict_is_given_the_number_of_units_and_how_they_stand():
    losses = UnitLosses({"unigram": units(7, 0)["unigram"], "bigram": units(7, 0)["bigram"]}, 30)
    found = losses.to_losses()
    assert (found.names, found.k, found.m, found.n_counted) == (("unigram", "bigram"), 1, 7, 30)
    assert (found.factor, found.is_ordered, found.baseline) == (1.0, False, "unigram")
    assert found.means.tolist() == [ratio(one)[0] for one in losses.losses.values()]
