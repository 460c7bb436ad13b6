"""The loop that trains every network of characters."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="pip install 'rung[deep]' adds the networks")

import torch

from rung.nets.characters.loop import TrainingLoop, with_checks
from rung.nets.training.resuming import TrainingCheckpoint
from tests.nets.shelves import Killed, Shelf

JUDGED = (3.0, 1.0, 2.0, 1.0)


class Counting:
    """Add each batch to one weight; judged by a list."""

    def __init__(self):
        self.values = {"symbol": torch.zeros(1, 1)}
        self.n_judged = torch.zeros(1, dtype=torch.int64)

    def named(self):
        return self.values

    def learn(self, batch, step):
        self.values["symbol"] += batch * (step + 1)
        return float(batch)

    def judge(self):
        self.n_judged += 1
        return JUDGED[int(self.n_judged) - 1]

    def weights(self):
        return {name: each.numpy().copy() for name, each in self.values.items()}

    def parts(self):
        return {"modules": {"own": {**self.values, "n_judged": self.n_judged}}}


def trained(store=None):
    loop = TrainingLoop(Counting(), TrainingCheckpoint(store, {"size": 1}))
    loop.run(with_checks(range(8), steps=8, checks=4))
    return loop


def test_the_weights_that_are_judged_best_are_kept_and_of_equal_ones_the_first():
    loop = trained()
    # After four steps: 0 * 1 + 1 * 2 + 2 * 3 + 3 * 4.
    assert loop.best["symbol"] == 20.0
    assert loop.network.weights()["symbol"] == np.sum(np.arange(8) * np.arange(1, 9))
    assert [point["step"] for point in loop.curve] == [2, 4, 6, 8]
    assert [point["loss"] for point in loop.curve] == [1.0, 3.0, 5.0, 7.0]
    assert tuple(point["judged"] for point in loop.curve) == JUDGED
    assert len(loop.updates.points) == 4


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_loop_killed_at_any_check_ends_as_if_it_had_not_been(at):
    store, whole = Shelf(at), trained()
    with pytest.raises(Killed):
        trained(store)
    again = trained(store)
    assert again.curve == whole.curve
    assert again.updates.points == whole.updates.points
    assert again.best == whole.best
    assert again.network.weights() == whole.network.weights()
    assert len(store.laid) == 4


def test_the_last_step_is_judged_even_if_it_is_out_of_turn():
    assert [check for _, check in with_checks(range(7), 7, 3)] == [
        *[False, True, False, True, False, True],
        True,
    ]
    assert all(check for _, check in with_checks(range(3), 3, 20))
