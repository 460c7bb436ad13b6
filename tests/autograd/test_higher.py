"""Derivatives that can be derived again."""

from __future__ import annotations

import math

import pytest
import torch

from rung.autograd import Value, grad
from tests.autograd.graphs import draw_graph, on_tensors, on_values


@pytest.mark.parametrize("seed", range(60))
def test_first_derivatives_are_those_of_backward(seed):
    graph = draw_graph(seed)
    leaves = [Value(leaf) for leaf in graph.leaves]
    end = graph.run(leaves, on_values)
    found = grad(end, leaves)
    assert all(leaf.grad == 0.0 for leaf in leaves)
    end.backward()
    for one, leaf in zip(found, leaves, strict=True):
        assert one.data == pytest.approx(leaf.grad, rel=1e-12, abs=1e-12)


def test_second_derivatives_agree_with_torch():
    def function(a, b, exp, tanh):
        return exp(a * b) / (b**2 + 1.5) + tanh(a) ** 3 * b - (a + b) ** -2

    a, b = Value(0.7), Value(-1.3)
    first = grad(function(a, b, Value.exp, Value.tanh), [a, b])
    mine = [one.data for slope in first for one in grad(slope, [a, b])]
    x = torch.tensor([0.7, -1.3], dtype=torch.float64)
    theirs = torch.autograd.functional.hessian(
        lambda x: function(x[0], x[1], torch.exp, torch.tanh), x
    )
    assert mine == pytest.approx(theirs.flatten().tolist(), rel=1e-12)


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sigmoid", "sin", "cos"])
def test_third_derivatives_of_every_smooth_function_agree_with_torch(name):
    x = slope = Value(0.6)
    slope = getattr(x, name)()
    t = torch.tensor(0.6, dtype=torch.float64, requires_grad=True)
    theirs = getattr(torch, name)(t)
    for _ in range(3):
        (slope,) = grad(slope, [x])
        (theirs,) = torch.autograd.grad(theirs, [t], create_graph=True)
    assert slope.data == pytest.approx(theirs.item(), rel=1e-12)


def test_derivatives_of_a_power_end_at_zero():
    x = Value(-2.0)
    slope = x**2
    found = []
    for _ in range(4):
        (slope,) = grad(slope, [x])
        found.append(slope.data)
    assert found == [-4.0, 2.0, 0.0, 0.0]


def test_an_exponent_of_ones_own_derives_twice():
    x = Value(2.0)
    (slope,) = grad(3**x, [x])
    (curvature,) = grad(slope, [x])
    assert curvature.data == pytest.approx(9 * math.log(3) ** 2, rel=1e-14)


def test_corners_have_flat_second_derivatives():
    for name in ("relu", "abs"):
        x = Value(-1.5)
        (slope,) = grad(getattr(x, name)() * x, [x])
        (curvature,) = grad(slope, [x])
        assert curvature.data == (0.0 if name == "relu" else -2.0)


def test_what_has_no_part_in_the_output_has_the_derivative_zero():
    x, y = Value(1.0), Value(2.0)
    found = grad(x * 3.0, [y, x])
    assert [one.data for one in found] == [0.0, 3.0]


def test_the_derivative_of_a_value_by_itself_is_one():
    x = Value(5.0)
    assert grad(x, [x])[0].data == 1.0


def test_newtons_method_finds_a_minimum_in_few_steps():
    x = Value(1.0)
    for _ in range(6):
        (slope,) = grad(x**4 - 3 * x**2 + x, [x])
        (curvature,) = grad(slope, [x])
        x = Value(x.data - slope.data / curvature.data)
    assert 4 * x.data**3 - 6 * x.data + 1 == pytest.approx(0.0, abs=1e-12)


def test_random_graphs_have_the_second_derivatives_of_torch():
    compared = 0
    for seed in range(60):
        graph = draw_graph(seed)
        leaves = [Value(leaf) for leaf in graph.leaves]
        (slope,) = grad(graph.run(leaves, on_values), leaves[:1])
        (mine,) = grad(slope, leaves[:1])
        tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in graph.leaves]
        end = graph.run(tensors, on_tensors)
        (first,) = torch.autograd.grad(end, tensors[:1], create_graph=True, allow_unused=True)
        if first is None or not first.requires_grad:
            continue
        (theirs,) = torch.autograd.grad(first, tensors[:1], allow_unused=True)
        expected = 0.0 if theirs is None else theirs.item()
        assert mine.data == pytest.approx(expected, rel=1e-9, abs=1e-9), seed
        compared += 1
    assert compared >= 15


def test_a_fixed_exponent_that_is_asked_for_derives_as_one_of_ones_own():
    power = Value(2.0) ** 3.0
    (slope,) = grad(power, [power.parents[1]])
    (bend,) = grad(slope, [power.parents[1]])
    assert slope.data == pytest.approx(8.0 * math.log(2.0), rel=1e-15)
    assert bend.data == pytest.approx(8.0 * math.log(2.0) ** 2, rel=1e-15)
