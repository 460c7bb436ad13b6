from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rung.report.drawing import Scale, difference_picture, nice_step, score_picture
from rung.report.summary import summarise
from tests.report.example import EXAMPLES, classification, regression


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("draw", [score_picture, difference_picture])
def test_everything_lies_inside_the_picture(name, draw):
    picture = draw(summarise(EXAMPLES[name]()))
    places = [row[key] for row in picture["rows"] for key in ("x", "x_low", "x_high")]
    places += [tick["x"] for tick in picture["ticks"]]
    assert all(0 <= place <= 100 for place in places)
    assert picture["band"]["x"] + picture["band"]["width"] <= 100.001
    assert 2 <= len(picture["ticks"]) <= 8


def test_simple_families_stand_at_the_bottom():
    picture = score_picture(summarise(regression()))
    assert [row["family"] for row in picture["rows"]] == ["boosting", "tree", "linear", "constant"]


def test_the_picture_hands_back_the_scores_themselves():
    numbers = score_picture(summarise(regression()))["numbers"]
    by_family = {row["family"]: row for row in numbers}
    for entry in regression().ladder:
        if entry.scores:
            assert by_family[entry.family]["mean"] == entry.scores["rmse"].mean
            assert by_family[entry.family]["low"] == entry.scores["rmse"].low


def test_the_band_goes_from_the_leader_to_the_margin_in_the_worse_direction():
    band = score_picture(summarise(regression()))["band"]
    assert (band["low"], band["high"]) == (0.301, 0.301 + 0.016)
    base = regression()
    choice = replace(base.choice, metric="r2", margin=0.02, margin_loss=0.0082)
    upward = score_picture(summarise(replace(base, metric="r2", choice=choice)))
    leader = base.ladder[4].scores["r2"].mean
    assert (upward["band"]["low"], upward["band"]["high"]) == (leader - 0.02, leader)


def test_the_sealed_score_is_drawn_for_the_choice_alone():
    rows = score_picture(summarise(regression()))["rows"]
    assert [row["family"] for row in rows if row["test"]] == ["linear"]
    assert not any(row["test"] for row in score_picture(summarise(classification()))["rows"])


def test_a_family_far_from_the_leader_is_held_at_the_edge_and_marked():
    rows = {row["family"]: row for row in difference_picture(summarise(regression()))["rows"]}
    assert rows["constant"]["is_beyond"]
    assert rows["constant"]["x"] == 100
    assert not rows["linear"]["is_beyond"]
    assert rows["boosting"]["mean"] == 0


def test_the_text_alternative_names_every_family_with_its_numbers():
    words = score_picture(summarise(regression()))["alternative"]
    assert "Linear (ridge) 0.309, 0.294 to 0.324 (choice)" in words
    assert "On the sealed test the choice has 0.314, 0.280 to 0.348." in words


def test_there_are_no_differences_to_draw_for_a_lone_family():
    base = regression()
    choice = replace(base.choice, family="linear", leader="linear")
    assert (
        difference_picture(summarise(replace(base, ladder=base.ladder[1:2], choice=choice))) is None
    )


@given(st.floats(1e-9, 1e9))
def test_ticks_are_neither_many_nor_few(span):
    assert 2 <= span / nice_step(span) <= 6.001


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_larger_values_never_stand_further_left(a, b):
    scale = Scale(-10.0, 10.0)
    assert scale.place(min(a, b)) <= scale.place(max(a, b))


def test_a_family_that_exploded_is_held_at_the_edge_and_leaves_the_others_their_places():
    summary = summarise(regression())
    plain = {row["family"]: row for row in score_picture(summary)["rows"]}
    wild = next(row for row in summary["scored"] if row["family"] == "tree")
    wild["score"] = {**wild["score"], "raw": {"mean": 1e19, "low": 0.0, "high": 2e19}}
    found = {row["family"]: row for row in score_picture(summary)["rows"]}
    assert found[wild["family"]]["is_beyond"]
    assert found[wild["family"]]["x"] == 100
    others = [name for name in plain if name != wild["family"]]
    assert all(not found[name]["is_beyond"] for name in others)
    assert max(found[name]["x"] for name in others) > 50


def test_a_small_test_with_a_wide_interval_does_not_press_families_into_one_point():
    base = regression()
    scores = {
        role: {**own, "rmse": replace(own["rmse"], low=0.0, high=99.0)}
        for role, own in base.test.scores.items()
    }
    wide = replace(base, test=replace(base.test, scores=scores))
    places = {}
    for name, result in (("as it is", base), ("wide", wide)):
        rows = score_picture(summarise(result))["rows"]
        places[name] = max(row["x"] for row in rows) - min(row["x"] for row in rows)
    assert places["as it is"] > 50
    assert places["wide"] > 30
