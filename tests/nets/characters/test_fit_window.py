"""Training of networks that look at a window."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.nets.characters import fit_window
from rung.nets.characters.fit_window import (
    WindowPlan,
    _places,
    first_weights,
    learn_window,
    plan_for,
)
from rung.nets.characters.window import WindowShape, forward, log_softmax
from tests.families.text.laws import lines_problem
from tests.nets.shelves import Killed, Shelf

SHAPES = [
    WindowShape(9, 1, 9),
    WindowShape(9, 3, 4, hidden=7, fuse=3),
    WindowShape(9, 8, 4, hidden=6, fuse=2, normed=True),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_the_listed_arrays_are_those_that_are_learned(shape):
    weights = first_weights(shape, 0, "cpu")
    assert {name: tuple(each.shape) for name, each in weights.items()} == shape.arrays()


def test_first_expectations_are_nearly_uniform():
    for shape in SHAPES:
        weights = {name: each.numpy() for name, each in first_weights(shape, 0, "cpu").items()}
        contexts = np.random.default_rng(0).integers(0, 9, (50, shape.context))
        expected = log_softmax(forward(weights, contexts, shape, np), 0)
        assert abs(expected.mean() + np.log(9)) < 0.1


@pytest.mark.parametrize("at", [1, 4])
def test_a_training_that_was_killed_is_taken_up_with_the_same_bits(at):
    shape, plan = SHAPES[2], WindowPlan(2_000, batch=50, checks=4)
    problem, shelf = lines_problem(40), Shelf(at)
    with pytest.raises(Killed):
        learn_window(problem, shape, plan, device="cpu", seed=3, shelf=shelf)
    again = learn_window(problem, shape, plan, device="cpu", seed=3, shelf=shelf)
    whole = learn_window(problem, shape, plan, device="cpu", seed=3)
    assert again["curve"] == whole["curve"]
    assert again["learning"] == whole["learning"]
    assert len(shelf.laid) == 4
    assert all((again["weights"][name] == each).all() for name, each in whole["weights"].items())


def test_every_character_is_learned_once_a_pass_and_those_of_a_long_text_are_drawn(monkeypatch):
    plan = WindowPlan(60, batch=10)
    found = np.concatenate(list(_places(30, plan, np.random.default_rng(0))))
    assert np.bincount(found).tolist() == [2] * 30
    monkeypatch.setattr(fit_window, "MOST_CHARACTERS", 20)
    drawn = np.concatenate(list(_places(30, plan, np.random.default_rng(0))))
    assert len(drawn) == 60
    assert drawn.max() < 30


def test_a_batch_is_full_even_if_the_text_is_shorter():
    plan = WindowPlan(500, batch=50)
    found = list(_places(15, plan, np.random.default_rng(0)))
    assert [len(places) for places in found] == [50] * 10
    assert np.ptp(np.bincount(np.concatenate(found), minlength=15)) <= 1


def test_the_rate_rises_shortly_and_falls_to_nothing():
    plan = WindowPlan(1_000_000, batch=1_000, rate=0.1)
    rates = [plan.rate_at(step) for step in range(plan.steps)]
    assert int(np.argmax(rates)) == 20
    assert rates[0] < 0.01
    assert rates[-1] < 0.001
    assert np.all(np.diff(rates[20:]) < 0)


def test_a_large_text_is_passed_over_fewer_times():
    assert plan_for(200_000, passes=30, rate=0.01).characters == 6_000_000
    assert plan_for(1_000_000, passes=30, rate=0.01).characters == 8_000_000
    assert plan_for(9_000_000, passes=30, rate=0.01).characters == 8_000_000
