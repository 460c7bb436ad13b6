from dataclasses import replace

from rung.report.hyper_parameters import BOOKKEEPING, NAMES, in_words_of_the_field
from rung.report.summary import summarise
from tests.report.example import regression


def test_bookkeeping_and_switches_that_are_off_are_left_out_and_others_stay():
    chosen = [
        {"is_separable": False, "mistakes": [3, 1], "relations": False, "cost": 10.0},
        {"is_separable": True, "mistakes": [], "relations": True, "cost": 1.0},
    ]
    assert in_words_of_the_field(chosen) == (
        {"relations": False, "C": 10.0},
        {"relations": True, "C": 1.0},
    )
    assert in_words_of_the_field(chosen[:1]) == ({"C": 10.0},)


def test_zero_is_a_value_and_not_a_switch():
    assert in_words_of_the_field([{"dropout": 0.0}]) == ({"dropout": 0.0},)


def test_no_name_of_the_field_stands_for_what_is_left_out():
    assert not set(NAMES) & set(BOOKKEEPING)


def test_the_page_shows_hyper_parameters_under_the_names_of_the_field():
    base = regression()
    entry = replace(base.entry("linear"), settings=({"penalty": 0.1, "n_columns": 15},))
    ladder = tuple(entry if one.family == "linear" else one for one in base.ladder)
    shown = summarise(replace(base, ladder=ladder))["scored"][1]["settings"]
    assert shown == ["L2 penalty 0.1"]
