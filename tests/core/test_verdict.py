import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.core.losses import Losses, unit_losses
from rung.core.verdict import decide, in_order, loss_margin
from rung.errors import UsageError
from tests.core.oof_examples import STEPS, classification, regression

NAMES = tuple(STEPS)


def from_rows(rows, names, k=5):
    means = rows.mean(axis=0)
    return Losses(tuple(names), means, rows - means, k, len(rows), len(rows))


def verdicts(decision):
    return {name: item.verdict for name, item in decision.families.items()}


def table(seed, n=300, gaps=(1.0, 0.3, 0.0, 0.05)):
    """Losses of rows around 1 that families share in part; gaps are true differences."""
    rng = np.random.default_rng(seed)
    shared = rng.gamma(2.0, 0.5, size=(n, 1))
    own = rng.normal(scale=0.2, size=(n, len(gaps)))
    return shared + own + np.array(gaps)


@given(seed=st.integers(0, 50), order=st.permutations(NAMES))
@settings(max_examples=40, deadline=None)
def test_shuffling_families_changes_no_bit(seed, order):
    oof = regression(60, seed=seed)
    shuffled = dataclasses.replace(oof, predictions={name: oof.predictions[name] for name in order})
    here, there = (
        decide(unit_losses(o, "squared_error"), steps=STEPS, metric="rmse") for o in (oof, shuffled)
    )
    assert here.choice == there.choice
    assert here.families == there.families


@given(
    seed=st.integers(0, 20),
    scale=st.sampled_from([1e-6, 0.01, 3.0, 1e5]),
    shift=st.sampled_from([-50.0, 0.0, 7.0]),
)
@settings(max_examples=40, deadline=None)
def test_units_of_the_target_do_not_change_the_verdict(seed, scale, shift):
    plain = regression(80, seed=seed)
    other = regression(80, seed=seed, scale=scale, shift=shift * scale)
    here, there = (
        decide(unit_losses(o, "squared_error"), steps=STEPS, metric="rmse") for o in (plain, other)
    )
    assert verdicts(here) == verdicts(there)
    assert here.choice.family == there.choice.family
    assert there.choice.margin == pytest.approx(scale * here.choice.margin, rel=1e-6)


def test_a_clear_ladder_is_climbed_to_the_simplest_that_is_as_good():
    decision = decide(unit_losses(regression(800), "squared_error"), steps=STEPS, metric="rmse")
    assert verdicts(decision) == {
        "constant": "worse", "one": "worse", "linear": "as good", "wild": "worse",
    }  # fmt: skip
    assert decision.choice.family == decision.leader == "linear"
    assert decision.choice.is_claim


def test_being_the_leader_proves_nothing():
    rows = table(3, n=25, gaps=(1.0, 0.5, 0.0, 0.01))
    decision = decide(from_rows(rows, NAMES), steps=STEPS, metric="mse")
    assert decision.families[decision.leader].verdict == "undecided"
    assert not decision.choice.is_claim
    assert decision.choice.sentence.startswith("undecided")


def test_a_simpler_family_within_the_margin_is_claimed_before_the_leader():
    rows = table(4, n=4_000, gaps=(1.0, 0.004, 0.2, 0.0))
    decision = decide(from_rows(rows, NAMES), steps=STEPS, metric="mse")
    assert decision.leader == "wild"
    assert decision.choice.family == "one"
    assert decision.choice.verdict == "as good"
    assert "is as good as the best, wild" in decision.choice.sentence


def test_undecided_takes_the_simplest_survivor_near_the_leader():
    rows = table(5, n=40, gaps=(1.0, 0.02, 0.0, 0.0))
    decision = decide(from_rows(rows, NAMES), steps=STEPS, metric="mse")
    assert decision.choice.verdict == "undecided"
    found = next(n for n in NAMES if decision.families[n].verdict != "worse")
    assert decision.choice.family == found == "one"


def test_asked_for_the_leader_it_is_the_leader():
    rows = table(4, n=4_000, gaps=(1.0, 0.004, 0.2, 0.0))
    decision = decide(from_rows(rows, NAMES), steps=STEPS, metric="mse", choose="leader")
    assert decision.choice.family == decision.leader == "wild"
    assert decision.choice.rule == "leader"


@pytest.mark.parametrize("seed", range(8))
def test_a_copy_higher_on_the_ladder_does_not_change_the_choice(seed):
    rows = table(seed, n=500, gaps=(1.0, 0.4, 0.0, 0.15))
    here = decide(from_rows(rows, NAMES), steps=STEPS, metric="mse")
    doubled = np.column_stack([rows, rows[:, 2]])
    there = decide(from_rows(doubled, (*NAMES, "copy")), steps={**STEPS, "copy": 99}, metric="mse")
    assert there.choice.family == here.choice.family
    assert there.choice.is_claim == here.choice.is_claim
    assert there.families["copy"].verdict == here.families["linear"].verdict


def test_all_families_equal_choose_the_simplest_without_nan():
    rows = np.ones((30, 3))
    decision = decide(from_rows(rows, NAMES[:3]), steps=STEPS, metric="mse")
    assert decision.choice.family == "constant"
    assert set(verdicts(decision).values()) == {"as good"}
    assert math.isfinite(decision.families["one"].difference.high)


def test_losses_of_zero_everywhere_choose_the_simplest():
    decision = decide(from_rows(np.zeros((30, 2)), NAMES[:2]), steps=STEPS, metric="rmse")
    assert decision.choice.family == "constant"
    assert decision.choice.is_claim


def test_a_difference_that_never_varies_is_worse_beyond_doubt():
    rows = np.random.default_rng(0).random((30, 1)) + np.array([3.0, 1.0])
    decision = decide(from_rows(rows, NAMES[:2]), steps=STEPS, metric="mse")
    assert verdicts(decision) == {"constant": "worse", "one": "as good"}


def test_one_family_alone_claims_nothing():
    decision = decide(from_rows(table(0)[:, :1], NAMES[:1]), steps=STEPS, metric="mse")
    assert decision.choice.family == "constant"
    assert not decision.choice.is_claim
    assert "nothing to compare" in decision.choice.sentence


def test_one_unit_decides_nothing_and_gives_no_nan():
    losses = Losses(NAMES[:2], np.array([2.0, 1.0]), np.zeros((1, 2)), 5, 1, 9)
    decision = decide(losses, steps=STEPS, metric="mse")
    assert set(verdicts(decision).values()) == {"undecided"}
    assert decision.families["one"].difference.high == math.inf


def test_the_leader_is_compared_with_its_best_rival():
    decision = decide(from_rows(table(1), NAMES), steps=STEPS, metric="mse")
    means = {n: v.loss for n, v in decision.families.items()}
    rival = min(loss for name, loss in means.items() if name != decision.leader)
    found = decision.families[decision.leader].difference
    assert found.mean == pytest.approx(means[decision.leader] - rival)
    assert found.mean <= 0


def test_equal_losses_are_led_by_the_simplest():
    rows = table(2)[:, [0, 2, 2]]
    decision = decide(from_rows(rows, ("constant", "linear", "wild")), steps=STEPS, metric="mse")
    assert decision.leader == "linear"


@pytest.mark.parametrize("margin", [-0.1, math.nan, math.inf])
def test_a_margin_that_is_no_size_is_refused(margin):
    with pytest.raises(UsageError, match=f"margin {margin} is not usable"):
        decide(from_rows(table(1), NAMES), steps=STEPS, metric="mse", margin=margin)


def test_an_unknown_rule_is_refused():
    with pytest.raises(UsageError, match="choose='best' is not a rule"):
        decide(from_rows(table(1), NAMES), steps=STEPS, metric="mse", choose="best")


def test_a_wide_margin_makes_the_constant_as_good():
    losses = unit_losses(regression(300), "squared_error")
    decision = decide(losses, steps=STEPS, metric="rmse", margin=5.0)
    assert decision.choice.family == "constant"
    assert decision.choice.is_claim
    assert decision.choice.margin == pytest.approx(5.0)
    assert decision.choice.margin_source == "given"


def test_margins_are_converted_at_the_leader():
    losses = dataclasses.replace(from_rows(table(1), NAMES), target_variance=3.0)
    assert loss_margin(losses, "r2", 0.1, 2) == pytest.approx(0.3)
    root = math.sqrt(losses.means[2])
    assert loss_margin(losses, "rmse", 0.1, 2) == pytest.approx((root + 0.1) ** 2 - root**2)
    assert loss_margin(losses, "mae", 0.1, 2) == 0.1


def test_rows_that_would_settle_follow_the_square_root_law():
    rows = table(3, n=60, gaps=(1.0, 0.5, 0.0, 0.01))
    few = decide(from_rows(rows, NAMES), steps=STEPS, metric="mse")
    many = decide(from_rows(np.tile(rows, (2, 1)), NAMES), steps=STEPS, metric="mse")
    for name, item in few.families.items():
        other = many.families[name]
        if item.verdict == other.verdict == "undecided" and math.isfinite(item.settle_units):
            assert other.settle_units == pytest.approx(item.settle_units, rel=0.1)
            assert item.settle_units > 60


def test_every_undecided_family_says_how_many_rows_and_no_other_does():
    decision = decide(from_rows(table(3, n=60), NAMES), steps=STEPS, metric="mse")
    for item in decision.families.values():
        assert (item.settle_units is None) == (item.verdict != "undecided")


def test_a_claimed_family_is_bounded_by_the_margin():
    rows = table(4, n=4_000, gaps=(1.0, 0.004, 0.2, 0.0))
    decision = decide(from_rows(rows, NAMES), steps=STEPS, metric="mse")
    assert decision.families["one"].bound <= decision.choice.margin_loss


@pytest.mark.parametrize("loss", ["log_loss", "zero_one", "brier", "auc", "balanced"])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_every_loss_of_a_class_ends_in_a_verdict(loss, n_classes):
    metric = {"zero_one": "accuracy", "auc": "roc_auc", "balanced": "balanced_accuracy"}
    losses = unit_losses(classification(600, n_classes=n_classes), loss)
    decision = decide(losses, steps=STEPS, metric=metric.get(loss, loss))
    assert decision.families["constant"].verdict == "worse"
    assert decision.choice.family in ("one", "linear")


def test_order_is_by_step_and_then_by_name():
    losses = from_rows(table(0), ("d", "c", "b", "a"))
    assert in_order(losses, {"d": 1, "c": 1, "b": 0, "a": 2}).names == ("b", "c", "d", "a")


def test_of_two_families_that_differ_by_rounding_the_simpler_leads():
    rng = np.random.default_rng(3)
    line = rng.random(300)
    rows = np.column_stack([line + 1.0, line, line - 1e-16 * rng.random(300)])
    means = rows.mean(axis=0)
    means[2] = means[1] * (1 - 1e-15)
    losses = Losses(("constant", "linear", "polynomial"), means, rows - means, 10, 300, 300)
    steps = {"constant": 0, "linear": 200, "polynomial": 600}
    decision = decide(losses, steps=steps, metric="mae")
    assert decision.leader == "linear"
    difference = decision.families["polynomial"].difference
    assert (difference.mean, difference.low, difference.high) == (0.0, 0.0, 0.0)
