import random

from benchmarks.resume.kills import Trial, draw_moments, run_trials, write_table

OPTIONS = ("--families", "one_feature,naive_bayes", "--folds", "3", "--threads", "1")


def test_ten_kills_in_mid_run_leave_the_same_bytes_and_one_opening(tmp_path):
    write_table(tmp_path / "table.csv", 260)
    outcomes = run_trials(Trial(tmp_path, OPTIONS), 10, each=5, seed=0)
    assert sum(outcome.kills for outcome in outcomes) == 10
    assert all(outcome.is_same for outcome in outcomes)
    assert {outcome.openings for outcome in outcomes} == {1}


def test_moments_of_kills_lie_within_the_journal_and_rise():
    for seed in range(20):
        moments = draw_moments(random.Random(seed), 10, 100, 5)
        inside = [moment for moment in moments if moment != -1]
        assert len(moments) == 5
        assert inside == sorted(inside)
        assert all(10 < moment <= 100 for moment in inside)
