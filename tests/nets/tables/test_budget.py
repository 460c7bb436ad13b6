import pytest

from rung.nets.tables.budget import FEWEST_TO_CHOOSE, MANY, budget_for


@pytest.mark.parametrize("n_rows", [2, 3, 50, 100, 400, 1_000, 3_000, 16_000, 10**6])
def test_a_budget_has_steps_to_take_and_grows_slower_than_rows(n_rows):
    budget = budget_for(n_rows)
    steps = budget.epochs * (n_rows // budget.batch_rows)
    assert budget.epochs >= 1
    assert 1 <= budget.batch_rows <= max(n_rows // 2, 1)
    assert steps <= max(1.3 * n_rows, 36)
    assert budget.candidates


def test_few_rows_choose_nothing():
    few, enough = budget_for(FEWEST_TO_CHOOSE - 1), budget_for(FEWEST_TO_CHOOSE)
    assert few.n_judges == 0
    assert len(few.candidates) == 1
    assert enough.n_judges == 1
    assert len(enough.candidates) > 1


def test_few_rows_may_take_more_passes_and_many_take_short_ways_only():
    few, many = budget_for(MANY - 1), budget_for(MANY)
    assert few.candidates == many.candidates
    assert many.longer == ()
    assert max(each["part"] for each in many.candidates) < min(each["part"] for each in few.longer)
    # Both ways of stepping are tried, whatever the size.
    assert {each["muon"] for each in many.candidates} == {0, 2}


def test_only_many_rows_are_tried_by_fewer_members():
    few, many = budget_for(MANY - 1), budget_for(MANY)
    assert few.n_trial_members == few.n_members
    assert many.n_trial_members < many.n_members


def test_numbers_are_turned_for_some_candidates_and_not_for_others():
    assert {each["turned"] for each in budget_for(MANY).candidates} == {0.0, 1.0}
