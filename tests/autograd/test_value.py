"""Numbers that remember how they were made: against torch, closed forms and depth."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
import torch

from rung.autograd import Value, topological_order
from rung.errors import UndefinedOperation, UsageError
from tests.autograd.graphs import draw_graph, on_tensors, on_values
from tests.source import SRC

TOLERANCE = 1e-12


def by_torch(graph):
    leaves = [torch.tensor(leaf, dtype=torch.float64, requires_grad=True) for leaf in graph.leaves]
    end = graph.run(leaves, on_tensors)
    end.backward()
    return end.item(), [0.0 if leaf.grad is None else leaf.grad.item() for leaf in leaves]


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_random_graphs_agree_with_torch(first):
    for seed in range(first, first + 50):
        graph = draw_graph(seed)
        leaves = [Value(leaf) for leaf in graph.leaves]
        end = graph.run(leaves, on_values)
        end.backward()
        theirs, their_grads = by_torch(graph)
        for mine, other in zip(
            [end.data, *(leaf.grad for leaf in leaves)], [theirs, *their_grads], strict=True
        ):
            assert abs(mine - other) <= TOLERANCE * max(1.0, abs(mine), abs(other)), seed


def test_the_expression_that_everyone_starts_with_has_its_known_derivatives():
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c = c + c + 1
    c = c + 1 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0 + 10.0 / f
    g.backward()
    assert f"{g.data:.4f} {a.grad:.4f} {b.grad:.4f}" == "24.7041 138.8338 645.5773"


def test_reversed_operations_take_a_plain_number_on_the_left():
    x = Value(2.0)
    end = (3 + x) * 1.0 + (3 - x) + 3 * x + 3 / x + 3**x
    end.backward()
    assert end.data == 5 + 1 + 6 + 1.5 + 9
    assert x.grad == pytest.approx(1 - 1 + 3 - 0.75 + 9 * math.log(3), rel=1e-15)


def test_a_value_used_twice_gets_both_parts():
    x = Value(3.0)
    (x * x + x).backward()
    assert x.grad == 7.0


def test_leaves_add_up_over_calls_and_what_lies_between_does_not():
    x = Value(3.0)
    middle = x * x
    end = middle * 2.0
    end.backward()
    end.backward()
    assert (x.grad, middle.grad) == (24.0, 2.0)


def test_corners_take_the_slope_of_torch():
    for name, at, other in [("relu", 0.0, 0.0), ("abs", 0.0, 0.0), ("max", 2.0, 0.5)]:
        x = Value(at)
        (x.max(2.0) if name == "max" else getattr(x, name)()).backward()
        assert x.grad == other


def test_order_places_parents_before_children_and_each_once():
    x = Value(1.5)
    y = x * x
    end = (y + x).exp() * y
    order = topological_order(end)
    assert len(order) == len(set(order)) == 5
    for node in order:
        assert all(order.index(parent) < order.index(node) for parent in node.parents)
    assert order[-1] is end


def test_a_graph_a_hundred_thousand_deep_derives_without_recursion():
    x = end = Value(1.0)
    for _ in range(100_000):
        end = end * 1.0 + x
    end.backward()
    assert x.grad == 100_001.0


def test_a_chain_of_a_million_is_freed_without_a_crash():
    # In a process of its own: a stack that overflows kills it.
    code = (
        "from rung.autograd import Value\n"
        "one = end = Value(1.0)\n"
        "for _ in range(500_000): end = one * (end * one)\n"
        "del end\n"
        "print('freed')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONPATH": str(SRC.parent), "PATH": ""},
    )
    assert done.stdout == "freed\n", done.stderr


@pytest.mark.parametrize(
    ("attempt", "shown"),
    [
        (lambda x: x / 0, r"'\(-4\) / 0' has no finite value"),
        (lambda x: 1 / (x + 4), "'1 / 0' has no finite value"),
        (lambda x: x.log(), r"'log\(-4\)'.*accepted: a number above zero; keep it above zero"),
        (lambda x: (-x * 1000).exp(), r"'exp\(4000\)'.*a number up to 709"),
        (lambda x: (x * 10) ** 1000, r"'\(-40\) \*\* 1000'.*result up to 1.8e308"),
        (lambda x: x**0.5, r"'\(-4\) \*\* 0.5'.*fixed whole exponent"),
        (lambda x: x ** Value(2.0), r"'\(-4\) \*\* 2'"),
        (lambda x: (x + 4) ** -1, r"'0 \*\* \(-1\)'"),
        (lambda x: (x + 4) ** 0.5, r"'0 \*\* 0.5' has no finite value or no finite slope"),
    ],
)
def test_arithmetic_without_an_answer_names_itself_and_the_way_out(attempt, shown):
    x = Value(-4.0)
    with pytest.raises(UndefinedOperation, match=shown):
        attempt(x)


def test_an_undefined_operation_is_a_usage_error_and_an_arithmetic_error():
    with pytest.raises(ArithmeticError, match="1 / 0"):
        Value(1.0) / 0.0
    assert issubclass(UndefinedOperation, UsageError)


def test_what_is_no_number_stays_none_in_corners():
    gap = float("nan")
    for made in (Value(gap).relu(), Value(gap).max(1.0), Value(1.0).max(gap), abs(Value(gap))):
        assert math.isnan(made.data)


@pytest.mark.parametrize("name", ["relu", "max"])
def test_the_slope_of_what_is_no_number_is_that_of_torch(name):
    x, y = Value(float("nan")), torch.tensor(float("nan"), requires_grad=True)
    (x.relu() if name == "relu" else x.max(1.0)).backward()
    (y.relu() if name == "relu" else torch.maximum(y, torch.tensor(1.0))).backward()
    assert x.grad == y.grad


@pytest.mark.parametrize(
    ("base", "exponent"), [(2.0, 3.0), (0.5, -1.5), (0.0, 2.0), (0.0, 1.0), (3.0, 0.0)]
)
def test_a_fixed_exponent_has_the_slope_of_torch(base, exponent):
    end = Value(base) ** exponent
    end.backward()
    a, b = (torch.tensor(one, dtype=torch.float64, requires_grad=True) for one in (base, exponent))
    (a**b).backward()
    assert end.parents[0].grad == pytest.approx(float(a.grad), rel=1e-14)
    assert end.parents[1].grad == pytest.approx(float(b.grad), rel=1e-14)


@pytest.mark.parametrize(("base", "exponent"), [(-2.0, 3.0), (-1.5, -2.0), (0.0, 0.0)])
def test_a_fixed_exponent_has_no_slope_where_a_little_more_is_undefined(base, exponent):
    x = Value(base)
    end = x**exponent
    (end * 1.0).backward()
    assert math.isnan(end.parents[1].grad)
    assert x.grad == (exponent * base ** (exponent - 1) if exponent else 0.0)


def test_the_drawing_of_micrograd_finds_the_names_that_it_uses():
    x = Value(1.0)
    end = (x * 2 + 1).relu()
    nodes, edges = set(), set()

    def build(node):
        if node not in nodes:
            nodes.add(node)
            for child in node._prev:
                edges.add((child, node))
                build(child)

    build(end)
    assert len(nodes) == 6
    assert len(edges) == 5
    assert {node._op for node in nodes} == {"", "*", "+", "ReLU"}
    assert (x * x)._prev == {x}
