from __future__ import annotations

import json
from dataclasses import replace

import pytest

from rung.core.findings import Finding
from rung.report.summary import settings_lines, summarise
from tests.report.example import EXAMPLES, NASTY, classification, nasty, regression


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_summary_is_plain_json(name):
    summary = summarise(EXAMPLES[name]())
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary


def test_the_ladder_goes_from_simple_to_complex_in_any_order_of_entries():
    base = regression()
    turned = replace(base, ladder=tuple(reversed(base.ladder)))
    assert summarise(turned) == summarise(base)
    steps = [rung["step"] for rung in summarise(base)["ladder"]]
    assert steps == sorted(steps)


def test_numbers_have_two_digits_of_their_uncertainty():
    linear = summarise(regression())["scored"][1]
    assert (linear["score"]["value"], linear["score"]["half"]) == ("0.309", "0.015")


def test_a_difference_of_squared_errors_is_shown_in_the_unit_of_rmse():
    linear = summarise(regression())["scored"][1]
    expected = (0.301**2 + 0.0048) ** 0.5 - 0.301
    assert linear["difference"]["raw"]["mean"] == pytest.approx(expected)


def test_the_leaders_difference_to_its_best_rival_is_negative():
    leader = summarise(regression())["scored"][-1]
    assert leader["is_leader"]
    assert leader["difference"]["raw"]["mean"] == pytest.approx(0.301 - (0.301**2 + 0.005) ** 0.5)
    raw = leader["difference"]["raw"]
    assert raw["low"] <= raw["mean"] <= raw["high"]


def test_other_losses_are_shown_as_they_are():
    linear = summarise(classification())["scored"][1]
    assert linear["difference"]["raw"]["mean"] == pytest.approx(0.007)


def test_r2_differences_follow_the_ratio_of_the_margins():
    base = regression()
    choice = replace(base.choice, metric="r2", margin=0.02, margin_loss=0.0082)
    shown = summarise(replace(base, metric="r2", choice=choice))["scored"][1]["difference"]
    assert shown["raw"]["mean"] == pytest.approx(0.0048 * 0.02 / 0.0082)


def test_findings_begin_with_the_gravest():
    severities = [finding["severity"] for finding in summarise(regression())["findings"]]
    assert severities == ["alarm", "warning", "info"]


def test_findings_of_one_severity_keep_their_order():
    findings = tuple(Finding(str(k), "warning", (), str(k)) for k in range(5))
    shown = summarise(replace(regression(), findings=findings))["findings"]
    assert [finding["code"] for finding in shown] == list("01234")


def test_no_control_character_survives():
    text = json.dumps(summarise(nasty()), ensure_ascii=False)
    assert not any(mark in text for mark in ("\x1b", "\x07", "\u202e"))
    assert NASTY[-1] in text


def test_settings_that_no_fold_changed_are_told_once():
    assert settings_lines([{"a": True}, {"a": True}]) == ["a True"]
    assert settings_lines([{"a": None}, {"b": [1, 2]}]) == ["a none", "b 1, 2"]


def test_what_bounds_the_log_loss_stands_with_the_score_and_nowhere_else():
    said = "a row costs at most 7.5 nats, as probabilities are clipped at 1/(2×943)"
    judged = classification()
    assert summarise(judged)["metric"]["clip"] == said
    assert {one["clip"] for one in summarise(judged)["other_metrics"]} == {""}
    by_accuracy = replace(judged, metric="accuracy")
    assert summarise(by_accuracy)["metric"]["clip"] == ""
    assert said in [one["clip"] for one in summarise(by_accuracy)["other_metrics"]]
    assert summarise(regression())["metric"]["clip"] == ""


def test_units_that_would_settle_it_are_those_that_one_split_scored():
    base = regression()
    undecided = replace(base.ladder[1], verdict="undecided", settle_units=10.0, difference=None)
    folds = replace(base.folds, n_units=50)
    (found,) = summarise(replace(base, ladder=(undecided,), folds=folds))["ladder"]
    assert found["settle"] == "about 50 groups would settle it"
    once = replace(folds, kind="one split")
    (found,) = summarise(replace(base, ladder=(undecided,), folds=once))["ladder"]
    assert found["settle"] == "about 940 rows would settle it"
