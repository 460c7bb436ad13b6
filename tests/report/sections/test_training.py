from dataclasses import replace

from rung.core.result import TextSummary, plain
from rung.report.sections import words_of
from rung.report.sections.training import HEIGHT, WIDTH, training_numbers, training_pictures
from tests.report.example import SCRIPT, regression

RECORD = {
    "inner_loss": [1.0, 0.5, 0.25],
    "inner_held_loss": [1.0, 0.4, 0.6],
    "final_loss": [0.9, 0.45],
    "dead_units": [0.0, 0.125],
    "saturated_units": [0.25, 0.0],
    "range_test": {"rate": [0.01], "loss": [1.0], "steepest": 0.01},
}


def trained(title="Multilayer perceptron"):
    base = regression()
    records = (RECORD, {**RECORD, "inner_held_loss": [1.0, 0.6, 0.4]})
    entry = replace(base.entry("boosting"), family="mlp", title=title, step=120, training=records)
    return replace(base, ladder=(*base.ladder[:-1], entry))


def pictures(result):
    return training_pictures(result, plain(words_of(result)))


def test_every_loss_is_a_row_of_the_table():
    rows = training_numbers(trained().entry("mlp"))
    assert len(rows) == 2 * 8
    assert {"split": 1, "kind": "inner_held_loss", "pass": 3, "loss": 0.4} in rows


def test_lines_stay_inside_the_picture_and_equal_factors_are_equal_heights():
    picture = pictures(trained())[0]
    points = [
        tuple(map(float, point.split(",")))
        for line in picture["lines"]
        for point in line["points"].split()
    ]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    inner = next(line for line in picture["lines"] if line["kind"] == "inner-loss")["points"]
    assert inner == "0.0,0.0 300.0,90.0 600.0,180.0"


def test_words_say_when_the_held_loss_was_lowest():
    assert "lowest after 2 to 3" in pictures(trained())[0]["alternative"]


def test_health_is_said_over_all_splits_and_layers():
    notes = pictures(trained())[0]["notes"]
    assert notes[0].startswith("0% to 12")
    assert "a learning rate of 0.01 lowers" in notes[2]


def test_a_text_counts_checks_and_has_a_validation_part():
    text = plain(TextSummary("lines", "lines", 9, 3, 3, 4, 8, {}, {}, ()))
    picture = pictures(replace(trained(), sections={"text": text}))[0]
    assert (picture["unit"], picture["units"]) == ("check", "checks")
    assert picture["drawn"] == "a point for each check"
    assert "over 3 checks" in picture["alternative"]
    words = {kind["kind"]: kind["words"] for kind in picture["kinds"]}
    assert set(words) == {"inner-held-loss", "final-loss"}
    assert "validation part" in words["inner-held-loss"]


def test_a_run_without_networks_has_no_picture():
    assert pictures(regression()) == []


def test_losses_that_have_no_logarithm_are_left_out():
    base = trained()
    record = {"final_loss": [0.0, float("nan"), 1.0]}
    entry = replace(base.entry("mlp"), training=(record,))
    picture = pictures(replace(base, ladder=(entry,)))[0]
    assert picture["lines"] == [{"kind": "final-loss", "points": "600.0,0.0"}]


def test_a_title_cannot_break_out_of_the_page():
    from rung.report.html import render

    assert SCRIPT not in render(trained(SCRIPT))
    assert 'class="curves"' in render(trained())
