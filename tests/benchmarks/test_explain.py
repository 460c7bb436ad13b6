"""Explanations beside other tools: the page shows the results, and they hold what is promised."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.explain.__main__ import RESULTS
from benchmarks.explain.against import local_by_hand
from benchmarks.explain.cost import TABLES, Meter
from benchmarks.explain.showing import write_readme
from benchmarks.explain.simulated import copied_column, planted_pair, useless_column
from rung.families.table.linear import FAMILY as LINEAR


def test_the_readme_shows_the_results(tmp_path):
    write_readme(json.loads(RESULTS.read_text(encoding="utf-8")), tmp_path / "README.md")
    shown = (RESULTS.parent / "README.md").read_text(encoding="utf-8")
    assert (tmp_path / "README.md").read_text(encoding="utf-8") == shown


def test_numbers_agree_with_other_tools_to_nine_digits_in_about_their_time():
    found = json.loads(RESULTS.read_text(encoding="utf-8"))["against"]
    assert len(found) == 7
    for one in found:
        assert one["difference"] <= 1e-9
        assert one["rung_s"] <= 2 * one["peer_s"] + 0.3


def test_intervals_of_useless_columns_cover_nothing_and_what_was_planted_is_found():
    found = json.loads(RESULTS.read_text(encoding="utf-8"))["simulated"]
    assert [one["tables"] for one in found] == [500, 500, 500, 100, 500]
    for one in found:
        assert one.get("covered", one.get("found")) >= 0.93 * one["tables"]


def test_explanations_and_the_page_cost_at_most_a_quarter_of_the_ladder():
    found = json.loads(RESULTS.read_text(encoding="utf-8"))["cost"]
    assert [one["table"] for one in found] == list(TABLES)
    for one in found:
        assert one["page_s"] <= one["ladder_s"] / 4
        assert one["share"] == pytest.approx(one["page_s"] / one["ladder_s"], abs=0.01)
        assert one["page_kB"] <= 1_500


def test_a_meter_adds_up_what_a_function_takes_though_it_fails():
    meter = Meter()
    work = meter.around("page", int)
    assert work("7") == 7
    first = list(meter.seconds["page"])
    with pytest.raises(ValueError, match="seven"):
        work("seven")
    assert meter.seconds["page"][1] > first[1] > 0


def test_simulated_tables_are_judged_as_the_results_say():
    assert useless_column(2, LINEAR)["covered"] == 2
    assert planted_pair(1)["found"] == 1
    assert copied_column(3)["found"] == 3


def test_local_effects_by_hand_of_a_line_are_its_slope():
    X = np.column_stack([np.linspace(0, 1, 50), np.ones(50)])
    heights = local_by_hand(lambda rows: 3 * rows[:, 0] + rows[:, 1], X, 0, [0.0, 1.0])
    assert heights[1] - heights[0] == pytest.approx(3.0)
