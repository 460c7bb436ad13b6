import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.verdict import cells, worlds
from benchmarks.verdict.__main__ import RESULTS
from benchmarks.verdict.ladder import STEPS, losses_and_risks
from benchmarks.verdict.rules import RULES

README = Path(RESULTS).with_name("README.md")


def published(name):
    return json.loads(RESULTS.with_name(name).read_text(encoding="utf-8"))["cells"]


def test_the_tables_of_the_readme_are_those_of_the_results():
    text = README.read_text(encoding="utf-8")
    five, ten = published("results.json"), published("results_ten_folds.json")
    for expected in (
        cells.table(five),
        cells.gain_table(five),
        cells.coverage_table(five),
        cells.table(ten),
        cells.coverage_table(ten),
    ):
        assert expected in text


@pytest.mark.parametrize("name", ["results.json", "results_ten_folds.json"])
def test_wrong_claims_are_at_most_one_per_cent_in_every_published_cell(name):
    for cell in published(name):
        assert cell["figures"]["rung"]["wrong_claim"] <= 0.01, cell["world"]


def test_what_was_needed_is_neither_climbed_past_nor_missed():
    risks = np.array([2.0, 1.5, 1.02, 1.0, 1.3, 1.2])  # the margin is .05
    right = cells.judge(2, risks, is_claim=True)
    assert right["false_climb"] == right["false_stop"] == right["wrong_claim"] == 0
    assert cells.judge(3, risks, is_claim=True)["false_climb"] == 1
    assert cells.judge(1, risks, is_claim=False)["false_stop"] == 1
    assert cells.judge(1, risks, is_claim=False)["wrong_claim"] == 0
    assert cells.judge(1, risks, is_claim=False)["gain_lost"] == pytest.approx(0.5)


@pytest.mark.parametrize("world", worlds.WORLDS)
def test_every_rule_names_a_family_in_every_world(world):
    drawn = worlds.draw(worlds.WORLDS[world], 80, 5, np.random.default_rng(0))
    rows, risks = losses_and_risks(drawn, 5)
    assert np.isfinite(rows).all()
    assert (risks > 0).all()
    for rule in RULES.values():
        assert 0 <= rule(rows, drawn.fold, 5)[0] < len(STEPS)


def test_a_cell_is_the_same_when_run_again():
    one, two = (cells.run_cell("linear", 60, 2, seed=5) for _ in range(2))
    assert one == two
