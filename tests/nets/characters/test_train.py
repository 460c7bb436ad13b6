"""Training of a GPT: what it learns, and that it can be laid down and taken up."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.nets.characters.batches import pack
from rung.nets.characters.shape import GptShape
from rung.nets.characters.train import GptPlan, Training
from tests.families.text.laws import random_lines

SHAPE = GptShape(symbols=9, context=16, layers=2, heads=2, width=16, table=64)
TEXT = random_lines(200, seed=3)
JUDGED = pack(random_lines(50, seed=4), np.arange(50), 16)


def epoch(number):
    return pack(TEXT, np.random.default_rng([7, number]).permutation(200), 16)


def train(steps=12, rest=None, arrays=None):
    training = Training(SHAPE, GptPlan(steps=steps, rows=8, checks=4, dropout=0.2), seed=1)
    if arrays is not None:
        training.restore(arrays)
    training.run(epoch, JUDGED, rest)
    return training


class Killed(Exception):
    pass


@pytest.mark.parametrize("at", [3, 6, 9])
def test_training_laid_down_and_taken_up_gives_the_same_bits(at):
    laid = {}

    def rest(training):
        if training.step == at:
            laid.update(training.arrays())
            raise Killed

    whole = train()
    with pytest.raises(Killed):
        train(rest=rest)
    again = train(arrays=laid)
    assert again.curve == whole.curve
    assert again.updates.points == whole.updates.points
    assert len(whole.updates.points) == len(whole.curve)
    assert all((again.weights()[name] == each).all() for name, each in whole.weights().items())
    assert all((again.best[name] == each).all() for name, each in whole.best.items())


def test_training_lowers_the_loss_below_that_of_a_guess_by_frequency():
    counts = np.bincount(JUDGED.targets[JUDGED.targets >= 0])
    shares = counts[counts > 0] / counts.sum()
    training = train(steps=40)
    assert training.curve[-1]["judged"] < -(shares * np.log(shares)).sum() - 0.3
