import math
import re

import numpy as np
import pytest

from rung.core.judge_predictions import score_families
from rung.core.losses import Losses, unit_losses
from rung.core.metrics import METRICS
from rung.core.result import Difference
from rung.core.verdict import decide
from rung.core.wording import Wording
from tests.core.oof_examples import STEPS, regression


def wording(metric="rmse", means=(4.0, 1.0), margin=0.21, names=("linear", "boosting"), **more):
    still = np.zeros((3, len(names)))
    more = {"n_counted": 300, "target_variance": 5.0} | more
    losses = Losses(names, np.array(means), still, 5, 3, **more)
    return Wording(METRICS[metric], losses, 1, margin)


def is_open(words, *, chosen=0, rival=1, between=(0.05, -0.1, 0.2), settle=None, is_good=False):
    """Return the sentence for an undecided choice."""
    return words.undecided(
        chosen, rival=rival, difference=Difference(*between), settle_units=settle, is_good=is_good
    )


def test_a_claim_names_both_families_the_bound_and_the_margin():
    text = wording(means=(1.05, 1.0)).claim(0, 0.1, 1, True)
    assert text == (
        "linear (rmse 1.02) is as good as the best, boosting (1.00): the difference is at most "
        "0.05, within the margin 0.10"
    )


def test_decimals_follow_the_margin():
    assert wording(margin=0.0021).number(2.34567) == "2.3457"
    assert wording(means=(4e8, 1e8), margin=4e7).number(42959.4) == "42,959"


def test_a_difference_of_losses_is_shown_in_the_metrics_unit():
    assert wording().metric_difference(0.21) == pytest.approx(0.1)
    assert wording("r2").metric_difference(0.5) == pytest.approx(0.1)
    assert wording("mae").metric_difference(0.5) == 0.5
    assert wording(means=(1.0, 0.25)).metric_difference(0.39) == pytest.approx(0.3)
    assert wording(means=(1.0, -1e-9)).metric_difference(0.49) == pytest.approx(0.7)


def test_undecided_says_between_what_the_difference_lies_and_the_rows_needed():
    text = wording(means=(1.05, 1.0)).undecided(
        0, rival=1, difference=Difference(0.05, -0.1, 0.2), settle_units=1234.0, is_good=False
    )
    assert "cannot be told from the best, boosting (1.00)" in text
    assert "lies between −0.05 and 0.10, the margin is 0.10" in text
    assert text.endswith("about 1,200 rows would settle it")


def test_a_simpler_family_that_stays_open_is_named():
    text = wording().undecided(
        1, rival=0, difference=Difference(-3.0, -4.0, 1.0), settle_units=None, is_good=True
    )
    assert text == (
        "undecided: boosting (rmse 1.00) is as good as the best, but the data do not settle "
        "whether the simpler linear (rmse 2.00) is too, at the margin 0.10"
    )


def test_out_of_reach_is_said_in_words():
    text = wording().undecided(
        1, rival=0, difference=Difference(-3.0, -4.0, 1.0), settle_units=math.inf, is_good=False
    )
    assert "boosting (rmse 1.00) leads, but the data do not settle it against linear" in text
    assert "more than 100 times the 300 rows" in text


def test_the_sentence_shows_the_r2_of_the_table():
    oof = regression(400)
    decision = decide(unit_losses(oof, "squared_error"), steps=STEPS, metric="r2")
    shown = score_families(oof)["linear"]["r2"].mean
    assert f"(r2 {shown:.3f})" in decision.choice.sentence


def test_a_metric_of_zero_is_written_without_failing():
    assert wording(means=(0.0, 0.0), margin=0.0).number(0.0) == "0.000"


def test_the_rival_that_keeps_it_open_is_named_where_it_is_not_the_leader():
    three = wording(means=(1.0, 1.0, 1.2), names=("linear", "boosting", "forest"))
    text = three.undecided(
        0, rival=2, difference=Difference(0.0, 0.0, 0.0), settle_units=None, is_good=False
    )
    assert "is near the best, boosting (1.00), but the data do not settle it against forest" in text


@pytest.mark.parametrize("scale", [1e-20, 1e-9, 1.0, 1e12])
def test_numbers_of_any_unit_can_be_read(scale):
    oof = regression(200, scale=scale)
    decision = decide(unit_losses(oof, "squared_error"), steps=STEPS, metric="rmse")
    assert "0.00000" not in decision.choice.sentence
    value = score_families(oof)["linear"]["rmse"].mean
    shown = re.search(r"linear \(rmse ([^)]*)\)", decision.choice.sentence)[1]
    read = float(shown.replace(",", "").replace("\N{MINUS SIGN}", "-"))
    assert read == pytest.approx(value, rel=0.05)


def test_r2_is_one_less_the_share_of_the_variance():
    assert wording("r2", means=(4.0, 1.0)).value(0) == pytest.approx(0.2)
    assert wording("r2", means=(0.25, 1.0), target_variance=0.5).value(0) == 0.5
    assert wording("r2", target_variance=0.5).metric_difference(0.25) == 0.5


def test_r2_of_a_target_that_does_not_vary_is_one_for_no_error_and_else_zero():
    still = wording("r2", means=(0.0, 0.5), target_variance=0.0)
    assert (still.value(0), still.value(1)) == (1.0, 0.0)
    assert still.metric_difference(0.5) == 0.0


@pytest.mark.parametrize(
    ("margin", "text"),
    [(1e-6, "2.3456789"), (1e-7, "2.346"), (0.0, "2.346"), (0.05, "2.346"), (0.5, "2.35")],
)
def test_a_margin_beyond_four_more_decimals_leaves_four_digits(margin, text):
    assert wording("mae", margin=margin).number(2.34567891) == text


def test_a_zero_has_the_decimals_of_the_margin_however_small():
    assert wording("mae", margin=9e-8).number(0.0) == "0.000000000"


def test_one_family_alone_is_named():
    assert wording("mae").alone() == (
        "undecided: only linear (mae 4.00) was scored, so there is nothing to compare it with"
    )


@pytest.mark.parametrize(
    ("n_worse", "is_lowest", "end"),
    [
        (0, True, ""),
        (2, False, ""),
        (1, True, ", and the simpler family is worse by more than that"),
        (2, True, ", and all 2 simpler families are worse by more than that"),
    ],
)
def test_a_claim_of_the_leader_says_so_of_simpler_families_that_are_all_worse(
    n_worse, is_lowest, end
):
    text = wording("mae").claim(1, 0.0, n_worse, is_lowest)
    assert (
        text == f"boosting (mae 1.00) is as good as any: no rival is better by the margin 0.21{end}"
    )


def test_a_bound_below_the_leader_is_written_as_zero():
    assert "the difference is at most 0.00, within" in wording("mae").claim(0, -0.3, 0, True)


def test_an_interval_above_zero_is_behind_and_one_that_touches_it_is_not():
    words = wording("mae", means=(1.05, 1.0))
    assert is_open(words, between=(0.05, 0.01, 0.2)) == (
        "undecided: linear (mae 1.05) is behind the best, boosting (1.00), by between 0.01 and "
        "0.20, and the data do not settle whether that is more than the margin 0.21"
    )
    assert is_open(words, between=(0.05, 0.0, 0.2)) == (
        "undecided: linear (mae 1.05) cannot be told from the best, boosting (1.00): the "
        "difference lies between 0.00 and 0.20, the margin is 0.21"
    )


def test_an_rmse_is_never_less_than_zero_below_the_leaders():
    text = is_open(wording(means=(1.05, 1.0)), between=(0.05, -7.0, 0.21))
    assert "lies between \N{MINUS SIGN}1.00 and 0.10" in text


@pytest.mark.parametrize(
    ("settle", "n", "shown"),
    [(7.4, 5, "7"), (0.3, 5, "5"), (44.6, 5, "45"), (456.0, 5, "460"), (12345.0, 5, "12,000"),
     (10.0, 5, "10"), (123.0, 300, "300"), (1254.0, 1249, "1,300")],
)  # fmt: skip
def test_what_would_settle_has_two_digits_and_is_no_less_than_there_is(settle, n, shown):
    text = is_open(wording(n_counted=n, counted="lines"), settle=settle)
    assert text.endswith(f"; about {shown} lines would settle it")


def test_out_of_reach_names_what_is_counted():
    text = is_open(wording(n_counted=4000, counted="lines"), settle=math.inf)
    assert text.endswith("; more than 100 times the 4,000 lines would be needed to settle it")


def test_few_groups_are_said_before_what_would_settle():
    few = wording(n_counted=3, counted="groups", are_groups=True)
    assert is_open(few).endswith("0.10; 3 groups are too few to claim anything")
    assert is_open(few, settle=12.0).endswith(
        "; 3 groups are too few to claim anything; about 12 groups would settle it"
    )


def test_a_score_far_below_the_margin_is_not_shown_as_zero():
    text = wording("mae", means=(0.5, 3.18e-5), margin=0.0078).claim(1, 0.0, 1, True)
    assert text.startswith("boosting (mae 0.000032) is as good as any: no rival is better by the")
