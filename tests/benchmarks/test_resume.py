import json
import random

import pytest

from benchmarks.resume import __main__ as command
from benchmarks.resume import price
from benchmarks.resume.kills import Trial, draw_moments, run_trials, write_table
from benchmarks.resume.texts import TextTrial, compare_killed, write_text

OPTIONS = ("--families", "one_feature,naive_bayes", "--folds", "3", "--threads", "1")


def test_ten_kills_in_mid_run_leave_the_same_bytes_and_one_opening(tmp_path):
    write_table(tmp_path / "table.csv", 260)
    outcomes = run_trials(Trial(tmp_path, OPTIONS), 10, each=5, seed=0)
    assert sum(outcome.kills for outcome in outcomes) == 10
    assert all(outcome.is_same for outcome in outcomes)
    assert {outcome.openings for outcome in outcomes} == {1}


def test_kills_in_mid_network_leave_the_same_bytes_and_one_opening(tmp_path):
    pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")
    write_table(tmp_path / "table.csv", 160)
    options = ("--families", "linear,mlp", "--folds", "3", "--threads", "1")
    outcomes = run_trials(Trial(tmp_path, options, linger=0.2), 2, each=2, seed=1)
    assert sum(outcome.kills for outcome in outcomes) == 2
    assert all(outcome.is_same for outcome in outcomes)
    assert {outcome.openings for outcome in outcomes} == {1}


def test_moments_of_kills_lie_within_the_journal_and_rise():
    for seed in range(20):
        drawn = draw_moments(random.Random(seed), 10, 100, 5, linger=0.5)
        assert all(0 <= moment.linger <= 0.5 for moment in drawn)
        assert draw_moments(random.Random(seed), 10, 100, 5, linger=0.5) == drawn
        moments = [moment.size for moment in drawn]
        inside = [size for size in moments if size != -1]
        assert len(moments) == 5
        assert inside == sorted(inside)
        assert all(10 < moment <= 100 for moment in inside)


def test_a_gpt_killed_in_mid_training_goes_on_with_the_same_bytes(tmp_path):
    pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")
    write_text(tmp_path / "words.txt", 3_000)
    options = ("--families", "gpt", "--threads", "1")
    kills, is_same = compare_killed(TextTrial(tmp_path / "words.txt", options), tmp_path, (2,))
    assert kills == 1
    assert is_same


def test_the_cost_of_a_run_is_counted_in_a_process_of_its_own(tmp_path):
    write_text(tmp_path / "words.txt", 3_000)
    found = price._child(tmp_path / "words.txt", "bigram", tmp_path / "out")
    assert found["laid"] == 0
    assert found["laying"] == 0.0
    assert 0 < found["processor"] < 600
    assert (tmp_path / "out" / "results.json").exists()


def test_published_kills_left_the_same_bytes_and_stand_in_the_readme():
    found = json.loads(command.RESULTS.read_text(encoding="utf-8"))
    assert found["runs_with_the_same_bytes"] == found["runs"]
    assert set(found["texts"]) == {"gru", "gpt"}
    for one in found["texts"].values():
        assert one["same_bytes"]
        assert one["kills"] == price.N_KILLS
        used = one["processor_seconds"]
        assert used["laying_down"] < 0.05 * used["with_a_folder"]
    readme = command.RESULTS.with_name("README.md").read_text(encoding="utf-8")
    assert price.table(found["texts"]) in readme
