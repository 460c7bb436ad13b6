"""Training of a GPT: what it learns, and that it goes on where it was killed."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

from rung.nets.characters.batches import pack
from rung.nets.characters.loop import TrainingLoop, with_checks
from rung.nets.characters.shape import GptShape
from rung.nets.characters.train import GptLearner, GptPlan, batches
from rung.nets.training.resuming import TrainingCheckpoint
from tests.families.text.laws import random_lines
from tests.nets.shelves import Killed, Shelf

SHAPE = GptShape(symbols=9, context=16, layers=2, heads=2, width=16, table=64)
TEXT = random_lines(200, seed=3)
JUDGED = pack(random_lines(50, seed=4), np.arange(50), 16)


def epoch(number):
    return pack(TEXT, np.random.default_rng([7, number]).permutation(200), 16)


def train(steps=12, store=None):
    plan = GptPlan(steps=steps, rows=8, checks=4, dropout=0.2)
    loop = TrainingLoop(GptLearner(SHAPE, plan, JUDGED, seed=1), TrainingCheckpoint(store, {}))
    loop.run(with_checks(batches(epoch, plan), plan.steps, plan.checks))
    return loop


@pytest.mark.parametrize("at", [1, 2, 3])
def test_training_killed_at_a_check_and_resumed_gives_the_same_bits(at):
    store, whole = Shelf(at), train()
    with pytest.raises(Killed):
        train(store=store)
    again = train(store=store)
    assert again.curve == whole.curve
    assert again.updates.points == whole.updates.points
    assert len(whole.updates.points) == len(whole.curve)
    weights = again.network.weights()
    assert all((weights[name] == each).all() for name, each in whole.network.weights().items())
    assert all((again.best[name] == each).all() for name, each in whole.best.items())


def test_training_lowers_the_loss_below_that_of_a_guess_by_frequency():
    counts = np.bincount(JUDGED.targets[JUDGED.targets >= 0])
    shares = counts[counts > 0] / counts.sum()
    assert train(steps=40).curve[-1]["judged"] < -(shares * np.log(shares)).sum() - 0.3
