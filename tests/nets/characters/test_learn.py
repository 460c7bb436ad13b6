"""What a GPT is trained with follows from the text."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.nets.characters.learn import lay_out, learn_gpt, plan_for
from tests.families.text.laws import lines_problem, random_lines, random_stream
from tests.nets.shelves import Killed, Shelf


def test_short_texts_are_held_back_and_long_ones_are_not():
    assert plan_for(5_000).dropout > 0
    assert plan_for(2_000_000).dropout == 0
    assert plan_for(300_000).steps <= 1_500
    assert [plan_for(2_000_000, places).rows for places in (64, 128, 256)] == [24, 12, 6]


def test_long_passages_are_cut_into_windows_and_short_ones_packed():
    rng = np.random.default_rng(0)
    assert not lay_out(random_stream(3, 0, length=80), 16, rng, most=99).documents.any()
    assert lay_out(random_lines(50, 0), 16, rng, most=99).documents.any()


@pytest.mark.parametrize("context", [8, 16, 64, 128])
def test_a_step_on_short_lines_holds_the_characters_that_the_plan_counts_with(context):
    text = random_lines(400, 0)
    rows = lay_out(text, context, np.random.default_rng(0), most=9_999)
    assert rows.tokens.shape[1] == max(context, 64)
    # Only what a border parts from the beginning of its line is not learned.
    assert 0.95 * text.n_tokens < (rows.targets >= 0).sum() <= text.n_tokens


def test_a_text_of_medium_size_is_learned_by_small_steps_that_decay():
    small, medium, large = (plan_for(n) for n in (19_999, 20_000, 500_000))
    assert medium.matrix_rate < min(small.matrix_rate, large.matrix_rate)
    assert medium.other_rate < min(small.other_rate, large.other_rate)
    assert medium.weight_decay > max(small.weight_decay, large.weight_decay)
    # Twenty passes over the text, where they are not too many.
    assert medium.steps * medium.rows * 64 == pytest.approx(20 * 20_000, rel=0.02)


def test_the_same_seed_gives_the_same_bits():
    problem = lines_problem(40)
    first, again = (learn_gpt(problem, seed=3) for _ in range(2))
    assert first["curve"] == again["curve"]
    assert all((again["weights"][name] == each).all() for name, each in first["weights"].items())
    other = learn_gpt(problem, seed=4)
    assert other["curve"] != first["curve"]


@pytest.mark.parametrize("at", [1, 5, 8])
def test_a_training_that_was_killed_is_taken_up_with_the_same_bits(at):
    problem, shelf = lines_problem(40), Shelf(at)
    with pytest.raises(Killed):
        learn_gpt(problem, seed=3, shelf=shelf)
    n_laid = len(shelf.laid)
    again, whole = learn_gpt(problem, seed=3, shelf=shelf), learn_gpt(problem, seed=3)
    assert again["curve"] == whole["curve"]
    assert again["learning"] == whole["learning"]
    assert len(shelf.laid) - n_laid == len(whole["curve"]) - at
    assert all((again["weights"][name] == each).all() for name, each in whole["weights"].items())


def test_a_training_of_another_plan_is_not_taken_up():
    problem, shelf = lines_problem(40), Shelf()
    plan = plan_for(100)
    learn_gpt(problem, seed=3, plan=replace(plan, steps=8), shelf=shelf)
    longer = replace(plan, steps=16)
    found = learn_gpt(problem, seed=3, plan=longer, shelf=shelf)
    assert found["curve"] == learn_gpt(problem, seed=3, plan=longer)["curve"]
