"""A module that is not made anew is refused: the folds would go on training what others trained."""

from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import nn

from rung.errors import UsageError
from rung.nets.module import ModuleRows, ModuleTraining, repeatable, train_module

X = np.random.default_rng(0).normal(size=(60, 2)).astype(np.float32)
LESSON = ModuleRows((X,), X @ np.array([1.0, -2.0], np.float32), np.ones(60))
PLAN = ModuleTraining(epochs=30, batch_rows=10, learning_rate=0.05)

NET = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
BODY = nn.Linear(2, 8)
TURNS = [nn.Linear(2, 1), nn.Linear(2, 1)]


def train(make: Callable[[], nn.Module], seed: int = 0) -> nn.Module:
    return train_module(make, "squared", LESSON, training=PLAN, seed=seed).module


def by_numpy() -> nn.Module:
    module = nn.Linear(2, 1)
    with torch.no_grad():
        module.bias.fill_(np.random.rand())  # noqa: NPY002 -- what users write
    return module


def one_after_the_other() -> nn.Module:
    TURNS.reverse()
    return TURNS[0]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: NET, "gave the same module at two calls"),
        (lambda: nn.Sequential(NET[0], nn.ReLU(), nn.Linear(8, 1)), "gave 2 of the same tensors"),
        (lambda: nn.Sequential(BODY, nn.ReLU(), nn.Linear(8, 1)), "gave 2 of the same tensors"),
        (one_after_the_other, "gave other weights at two calls with the same seed"),
        (by_numpy, "gave other weights at two calls with the same seed"),
    ],
    ids=["one module", "its layer", "a shared body", "taking turns", "numbers of numpy"],
)
def test_a_module_that_is_not_made_anew_is_refused(
    make: Callable[[], nn.Module], said: str
) -> None:
    with pytest.raises(UsageError, match=f"make_module {said}.*make all of it inside make_module"):
        train(make)


def test_a_copy_of_a_module_that_was_trained_on_these_rows_is_refused() -> None:
    trained = train(lambda: nn.Linear(2, 1))
    with pytest.raises(
        UsageError, match="trained before: it begins with the same weights whatever"
    ):
        train(lambda: copy.deepcopy(trained).float())


def test_a_copy_of_a_new_module_is_taken() -> None:
    with repeatable(1):
        new = nn.Linear(2, 1)
    train(lambda: copy.deepcopy(new))


def test_layers_that_learn_their_width_are_taken() -> None:
    train(lambda: nn.Sequential(nn.LazyLinear(4), nn.BatchNorm1d(4), nn.ReLU(), nn.LazyLinear(1)))


def test_being_made_twice_changes_no_bit_of_the_training() -> None:
    found = train(lambda: nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.5), nn.Linear(8, 1)), seed=3)
    with repeatable(3):
        own = nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.5), nn.Linear(8, 1))
        optimiser = torch.optim.AdamW(own.parameters(), lr=PLAN.learning_rate)
        for _ in range(PLAN.epochs):
            order = torch.randperm(60)
            for rows in order.split(10):
                off = own(torch.from_numpy(X)[rows])[:, 0] - torch.from_numpy(LESSON.target)[rows]
                optimiser.zero_grad()
                torch.mean(off**2).backward()
                optimiser.step()
    assert torch.allclose(found[0].weight, own[0].weight, rtol=1e-4)
