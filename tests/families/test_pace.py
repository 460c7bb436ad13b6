import pytest

from rung.families import discover, find
from rung.families.pace import (
    EARLY,
    LEAST_DONE,
    QUICK,
    SHARES,
    early_first,
    quick_families,
    seconds_of,
    whole_ladder_seconds,
)


def test_the_order_of_training_holds_every_family_once():
    families = discover("table")
    ordered = early_first(families)
    assert sorted(one.name for one in ordered) == sorted(one.name for one in families)
    assert [one.name for one in ordered[:3]] == ["constant", *EARLY]


def test_every_named_family_exists():
    assert [name for name in (*SHARES, *EARLY) if find(name) is None] == []
    assert set(quick_families()) <= set(QUICK)


def test_an_estimate_scales_with_what_was_spent():
    once = seconds_of(["svm", "tree"], ["boosting"], 1.0)
    assert once == pytest.approx((SHARES["svm"] + SHARES["tree"]) / SHARES["boosting"])
    assert seconds_of(["svm", "tree"], ["boosting"], 3.0) == pytest.approx(3 * once)


def test_too_little_is_no_ground_for_an_estimate():
    assert SHARES["constant"] < LEAST_DONE * SHARES["mlp"]
    assert seconds_of(["mlp"], ["constant"], 0.1) is None


def test_the_whole_ladder_takes_longer_than_a_quick_one_and_grows_with_the_folds():
    one = whole_ladder_seconds(quick_families(), 2.0, "regression", folds=1.0)
    assert one > 2.0
    assert whole_ladder_seconds(quick_families(), 2.0, "regression", folds=2.0) == 2 * one
