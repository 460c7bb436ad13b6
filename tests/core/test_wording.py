import math
import re

import numpy as np
import pytest

from rung.core.crossfit import score_families
from rung.core.losses import Losses, unit_losses
from rung.core.metrics import METRICS
from rung.core.result import Difference
from rung.core.verdict import decide
from rung.core.wording import Wording
from tests.core.oof_examples import STEPS, regression


def wording(metric="rmse", means=(4.0, 1.0), margin=0.21, names=("linear", "boosting")):
    still = np.zeros((3, len(names)))
    losses = Losses(names, np.array(means), still, 5, 3, 300, 5.0)
    return Wording(METRICS[metric], losses, 1, margin)


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
