"""The whole network by hand: against torch, against the tape, and a slip that is caught."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rung.autograd import check_gradients
from rung.byhand import Network, network_backward, network_loss
from tests.byhand.parts import assert_same, by_torch, draw

functional = torch.nn.functional


def example(n_rows, n_symbols, n_dimensions, n_hidden):
    shapes = [
        (n_symbols, n_dimensions),
        (3 * n_dimensions, n_hidden),
        n_hidden,
        n_hidden,
        n_hidden,
        (n_hidden, n_symbols),
        n_symbols,
    ]
    generator = np.random.default_rng(7)
    ids = generator.integers(0, n_symbols, size=(n_rows, 3))
    return Network(*draw(*shapes)), ids, generator.integers(0, n_symbols, size=n_rows)


def test_every_parameter_derives_as_in_torch():
    network, ids, targets = example(32, 27, 10, 64)

    def theirs(table, W1, b1, gain, bias, W2, b2):
        hidden = table[torch.tensor(ids)].reshape(len(ids), -1) @ W1 + b1
        normed = functional.batch_norm(hidden, None, None, gain, bias, training=True, eps=1e-5)
        return functional.cross_entropy(torch.tanh(normed) @ W2 + b2, torch.tensor(targets))

    loss, grads = by_torch(theirs, *network)
    assert network_loss(network, ids, targets) == pytest.approx(loss.item(), rel=1e-12)
    assert_same(network_backward(network, ids, targets), grads)


def test_every_parameter_agrees_with_the_tape_and_a_slip_is_caught():
    network, ids, targets = example(5, 4, 2, 2)

    def loss(*parts):
        return network_loss(Network(*parts), ids, targets)

    def by_hand(*parts):
        return network_backward(Network(*parts), ids, targets)

    def with_a_slip(*parts):
        right = by_hand(*parts)
        return right._replace(gain=1.001 * right.gain)

    check = check_gradients(by_hand, loss, *network)
    assert check.agrees, str(check)
    slips = check_gradients(with_a_slip, loss, *network).off
    assert {(one.argument, one.off) for one in slips} == {(3, "manual")}


def test_descent_by_hand_lowers_the_loss():
    network, ids, targets = example(32, 6, 3, 8)
    losses = []
    for _ in range(30):
        losses.append(network_loss(network, ids, targets))
        steps = network_backward(network, ids, targets)
        network = Network(*(part - 0.5 * step for part, step in zip(network, steps, strict=True)))
    assert losses[-1] < 0.5 * losses[0]
