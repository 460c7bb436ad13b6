"""Losses against torch, and descent."""

from __future__ import annotations

import random

import pytest
import torch

from rung.autograd import (
    MLP,
    SGD,
    Value,
    cross_entropy,
    log_loss,
    max_margin,
    mean,
    squared_error,
    sum_of_squares,
)
from rung.errors import UsageError

functional = torch.nn.functional


@pytest.mark.parametrize("score", [-800.0, -3.0, 0.0, 0.5, 40.0, 900.0])
@pytest.mark.parametrize("target", [-1.0, 1.0])
def test_log_loss_agrees_with_torch_and_never_overflows(score, target):
    mine = Value(score)
    loss = log_loss(mine, target)
    loss.backward()
    theirs = torch.tensor(score, dtype=torch.float64, requires_grad=True)
    other = -functional.logsigmoid(target * theirs)
    other.backward()
    assert loss.data == pytest.approx(other.item(), rel=1e-12, abs=1e-15)
    if score:  # at 0 the two halves meet in a corner each, whose slopes cancel
        assert mine.grad == pytest.approx(theirs.grad.item(), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("scores", [[1.0, -2.0, 0.5], [900.0, -900.0, 3.0], [0.0, 0.0, 0.0]])
def test_cross_entropy_agrees_with_torch_and_never_overflows(scores):
    mine = [Value(score) for score in scores]
    loss = cross_entropy(mine, [0.0, 1.0, 0.0])
    loss.backward()
    theirs = torch.tensor([scores], dtype=torch.float64, requires_grad=True)
    other = functional.cross_entropy(theirs, torch.tensor([1]))
    other.backward()
    assert loss.data == pytest.approx(other.item(), rel=1e-12)
    found = [one.grad for one in mine]
    assert found == pytest.approx(theirs.grad.flatten().tolist(), rel=1e-12, abs=1e-15)


def test_the_other_losses_are_their_formulas():
    assert squared_error(Value(1.0), 3.0).data == 4.0
    assert [max_margin(Value(s), 1.0).data for s in (-1.0, 0.5, 2.0)] == [2.0, 0.5, 0.0]
    assert mean([Value(1.0), Value(2.0), Value(6.0)]).data == 3.0
    assert sum_of_squares([Value(1.0), Value(-2.0)]).data == 5.0


def test_descent_takes_the_step_of_torch():
    x = Value(3.0)
    t = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    mine, theirs = SGD([x], learning_rate=0.1), torch.optim.SGD([t], lr=0.1)
    for _ in range(5):
        mine.zero_grad()
        (x**4).backward()
        mine.step()
        theirs.zero_grad()
        (t**4).backward()
        theirs.step()
    assert x.data == pytest.approx(t.item(), rel=1e-12)


def test_a_small_network_learns_exclusive_or():
    rows = [([a, b], -a * b) for a in (-1.0, 1.0) for b in (-1.0, 1.0)]
    model = MLP(2, [4, 1], generator=random.Random(3))
    optimiser = SGD(model.parameters(), learning_rate=0.3)
    for _ in range(60):
        optimiser.zero_grad()
        mean([max_margin(model(x), y) for x, y in rows]).backward()
        optimiser.step()
    assert all(model(x).data * y > 0 for x, y in rows)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("inf"), float("nan")])
def test_a_learning_rate_is_above_zero(rate):
    with pytest.raises(UsageError, match=f"the learning rate is {rate}; accepted: a number above"):
        SGD([], learning_rate=rate)
