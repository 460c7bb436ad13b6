import numpy as np
import pytest
import torch
from torch import nn

from rung.errors import RungError, UsageError
from rung.nets.module import (
    ModuleRows,
    ModuleTraining,
    predict_module,
    repeatable,
    row_loss,
    train_module,
)

X = np.random.default_rng(0).normal(size=(30, 2)).astype(np.float32)
LESSON = ModuleRows((X,), X @ np.array([1.0, -2.0], np.float32), np.ones(30))


def test_it_trains_as_the_plain_loop_of_torch_does() -> None:
    plan = ModuleTraining(epochs=3, batch_rows=30, optimiser=lambda p: torch.optim.SGD(p, lr=0.1))
    trained = train_module(lambda: nn.Linear(2, 1), "squared", LESSON, training=plan, seed=5)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        own = nn.Linear(2, 1)
        optimiser = torch.optim.SGD(own.parameters(), lr=0.1)
        for _ in range(3):
            order = torch.randperm(30)
            inputs, target = torch.from_numpy(X)[order], torch.from_numpy(LESSON.target)[order]
            optimiser.zero_grad()
            torch.mean((own(inputs)[:, 0] - target) ** 2).backward()
            optimiser.step()
    found = dict(trained.module.named_parameters())
    for name, each in own.named_parameters():
        np.testing.assert_allclose(found[name].detach(), each.detach(), rtol=1e-5)


@pytest.mark.parametrize("name", ["squared", "absolute", "huber", "cross_entropy"])
def test_a_row_of_weight_two_counts_as_two_rows(name: str) -> None:
    loss = row_loss(name)
    generator = torch.Generator().manual_seed(0)
    outputs = torch.randn(4, 3 if name == "cross_entropy" else 1, generator=generator)
    target = torch.tensor([0, 1, 2, 1]) if name == "cross_entropy" else torch.arange(4.0)
    twice = torch.tensor([0, 1, 1, 2, 3])
    weighted = loss(outputs, target, torch.tensor([1.0, 2.0, 1.0, 1.0])) * 4
    repeated = loss(outputs[twice], target[twice], torch.ones(5)) * 5
    assert float(weighted) == pytest.approx(float(repeated), rel=1e-6)


def test_the_weights_of_the_best_pass_are_taken() -> None:
    watched = ModuleRows((X,), -LESSON.target, np.ones(30))  # every step makes it worse
    plan = ModuleTraining(epochs=20, batch_rows=10, patience=4, learning_rate=0.05)
    trained = train_module(
        lambda: nn.Linear(2, 1), "squared", LESSON, training=plan, watched=watched
    )
    best = int(np.argmin(trained.watched)) + 1
    assert trained.epochs == best
    assert len(trained.watched) == best + 4
    off = predict_module(trained.module, (X,), 1)[:, 0] - watched.target
    assert np.mean(off**2) == pytest.approx(trained.watched[best - 1], rel=1e-5)


def test_a_row_is_predicted_alike_whatever_stands_beside_it() -> None:
    module = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 1))
    whole = predict_module(module, (X,), 1)
    one = np.concatenate([predict_module(module, (X[i : i + 1],), 1) for i in range(30)])
    np.testing.assert_allclose(one, whole, rtol=1e-12, atol=1e-12)
    assert predict_module(module, (X[:0],), 1).shape == (0, 1)


def test_seeding_ends_with_its_block_and_threads_come_back() -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    with repeatable(3):
        first = torch.rand(2)
        assert torch.get_num_threads() == 1
    with repeatable(3):
        assert torch.equal(torch.rand(2), first)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads


def test_a_loss_that_runs_away_is_named() -> None:
    plan = ModuleTraining(epochs=60, optimiser=lambda p: torch.optim.SGD(p, lr=1e6))
    with pytest.raises(RungError, match="loss is not finite"):
        train_module(lambda: nn.Linear(2, 1), "squared", LESSON, training=plan)


def test_outputs_of_another_shape_are_named() -> None:
    with pytest.raises(UsageError, match=r"gives shape \(30, 3\); \(30, 1\) is wanted"):
        predict_module(nn.Linear(2, 3), (X,), 1)
