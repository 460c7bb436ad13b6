"""Batches for networks that remember."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.nets.characters.fit_recurrent import RecurrentPlan, _batches, _pieces, learn_recurrent
from rung.nets.characters.recurrent import RecurrentShape
from tests.families.text.laws import lines_problem, random_lines
from tests.nets.shelves import Killed, Shelf


def test_batches_of_a_pass_hold_every_character_once():
    text = random_lines(100, seed=1)
    plan = RecurrentPlan(text.n_tokens, batch=50)
    found = np.concatenate(
        [targets[targets >= 0] for _, targets in _batches(text, 4, plan, np.random.default_rng(0))]
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
