"""Batches for networks that remember."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters.fit_recurrent import (
    RecurrentPlan,
    _batches,
    _Network,
    _pieces,
    learn_recurrent,
    plan_for,
)
from rung.nets.characters.recurrent import RecurrentShape
from tests.families.text.laws import lines_problem, random_lines
from tests.nets.shelves import Killed, Shelf


def test_batches_of_a_pass_hold_every_character_once():
    text = random_lines(100, seed=1)
    plan = RecurrentPlan(text.n_tokens, batch=50)
    found = np.concatenate(
        [
            batch.targets[batch.targets >= 0]
            for batch, _ in _batches(text, 4, plan, np.random.default_rng(0))
        ]
    )
    assert np.bincount(found).tolist() == np.bincount(text.tokens).tolist()


def test_pieces_are_no_longer_than_a_context_and_cover_the_text():
    text = random_lines(60, seed=2)
    begins, sizes = _pieces(text, 3)
    assert sizes.max() == 3
    covered = np.concatenate(
        [begin + np.arange(size) for begin, size in zip(begins, sizes, strict=True)]
    )
    assert (np.sort(covered) == np.arange(text.n_tokens)).all()


@pytest.mark.parametrize("at", [1, 3])
def test_a_training_that_was_killed_is_taken_up_with_the_same_bits(at):
    shape, plan = RecurrentShape(9, 8, 4, 6), RecurrentPlan(2_000, batch=50, checks=4)
    problem, shelf = lines_problem(40), Shelf(at)
    with pytest.raises(Killed):
        learn_recurrent(problem, shape, plan, device="cpu", seed=3, shelf=shelf)
    again = learn_recurrent(problem, shape, plan, device="cpu", seed=3, shelf=shelf)
    whole = learn_recurrent(problem, shape, plan, device="cpu", seed=3)
    assert again["curve"] == whole["curve"]
    assert again["learning"] == whole["learning"]
    assert len(shelf.laid) == len(whole["curve"]) == 4
    assert all((again["weights"][name] == each).all() for name, each in whole["weights"].items())


def test_first_weights_spread_as_those_of_torch():
    shape = RecurrentShape(40, 8, 16, 25)
    network = _Network(shape)
    network.draw(torch.Generator().manual_seed(0))
    found = network.weights()
    assert found["symbol"].std() == pytest.approx(1.0, abs=0.1)
    for name in set(found) - {"symbol"}:
        assert np.abs(found[name]).max() <= 0.2
        assert np.abs(found[name]).max() > 0.17
        assert len(np.unique(found[name])) > 0.9 * found[name].size


def test_units_are_left_out_in_training_alone():
    problem = lines_problem(40)
    shape, few = RecurrentShape(9, 8, 4, 6), RecurrentPlan(1_000, batch=50, checks=2)
    found = learn_recurrent(problem, shape, few, device="cpu", seed=1)
    plan = RecurrentPlan(1_000, batch=50, dropout=0.0, checks=2)
    kept = learn_recurrent(problem, shape, plan, device="cpu", seed=1)
    assert any((found["weights"][name] != each).any() for name, each in kept["weights"].items())


def test_no_other_random_number_of_the_process_is_touched():
    before = torch.get_rng_state()
    plan = RecurrentPlan(500, batch=50, checks=2)
    learn_recurrent(lines_problem(40), RecurrentShape(9, 8, 4, 6), plan, device="cpu", seed=1)
    assert (torch.get_rng_state() == before).all()


def test_of_a_large_text_more_is_learned_at_once_and_not_all_of_it_ten_times():
    assert plan_for(500_000).characters == plan_for(10**9).characters == 4_000_000
    assert plan_for(100_000).characters == 1_000_000
    assert plan_for(10).characters == 20_000
    assert plan_for(499_999).rate < plan_for(500_000).rate
