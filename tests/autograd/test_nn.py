"""Neurons, layers and networks: shapes, repeatability, and what they compute."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from rung.autograd import MLP, Layer, Neuron, Value
from rung.errors import UsageError


def test_a_neuron_weighs_adds_and_cuts():
    neuron = Neuron(2)
    neuron.w = [Value(2.0), Value(-3.0)]
    neuron.b = Value(1.0)
    assert neuron([1.0, 2.0]).data == 0.0
    assert Neuron(2, nonlin=False)([0.0, 0.0]).data == 0.0
    neuron.nonlin = False
    assert neuron([Value(1.0), 2.0]).data == -3.0


def test_names_and_counts_are_those_of_the_course():
    model = MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    assert str(Layer(3, 2, nonlin=False)) == "Layer of [LinearNeuron(3), LinearNeuron(3)]"
    assert str(MLP(1, [1])) == "MLP of [Layer of [LinearNeuron(1)]]"
    assert "ReLUNeuron(16)" in str(model)


def test_the_same_seed_gives_the_same_network_either_way():
    random.seed(5)
    first = [one.data for one in MLP(2, [3, 1]).parameters()]
    second = [one.data for one in MLP(2, [3, 1], generator=random.Random(5)).parameters()]
    assert first == second
    assert len(set(first)) > 9


def test_a_network_computes_what_torch_computes_and_derives_alike():
    model = MLP(3, [4, 5, 2], generator=random.Random(0))
    x = [0.3, -1.2, 0.8]
    weights = [
        torch.tensor([[w.data for w in n.w] for n in layer.neurons], dtype=torch.float64)
        for layer in model.layers
    ]
    for weight in weights:
        weight.requires_grad_()
    out = torch.tensor(x, dtype=torch.float64)
    for i, weight in enumerate(weights):
        out = weight @ out
        out = out.relu() if i < 2 else out
    mine = model(x)
    assert [one.data for one in mine] == pytest.approx(out.tolist(), rel=1e-12)
    out.sum().backward()
    sum(mine).backward()
    for layer, weight in zip(model.layers, weights, strict=True):
        found = [[w.grad for w in n.w] for n in layer.neurons]
        np.testing.assert_allclose(found, weight.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_forgetting_sets_every_derivative_to_zero():
    model = MLP(1, [2, 1], generator=random.Random(0))
    model([1.0]).backward()
    model.zero_grad()
    assert {one.grad for one in model.parameters()} == {0.0}


def test_a_layer_of_one_neuron_may_stand_inside_a_network():
    assert isinstance(MLP(2, [1, 1], generator=random.Random(0))([1.0, 1.0]), Value)


def test_inputs_that_do_not_fit_are_named():
    with pytest.raises(UsageError, match="received 3 inputs; accepted: 2, one a weight"):
        Neuron(2)([1.0, 2.0, 3.0])
