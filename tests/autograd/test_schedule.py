"""Groups: nothing is done before its operands, and nothing is lost."""

from __future__ import annotations

import random

import pytest

from rung.autograd import MLP, Value
from rung.autograd.schedule import schedule
from rung.autograd.tape import record
from tests.autograd.graphs import draw_graph, on_values


@pytest.mark.parametrize("seed", range(40))
def test_operands_are_ready_before_they_are_read(seed):
    graph = draw_graph(seed)
    tape = record(lambda *x: graph.run(x, on_values), *graph.leaves)
    plan = schedule(tape)
    ready = {position for position, step in enumerate(tape.steps) if step.left < 0}
    for group in plan.groups:
        for kind, positions in group.operands:
            assert ready.issuperset(positions)
            assert {plan.shared[position] for position in positions} == {kind}
        ready.update(group.nodes)
    assert ready.issuperset(tape.outputs)
    for kind, count in ((True, plan.n_shared), (False, plan.n_varying)):
        rows = [r for r, one in zip(plan.rows, plan.shared, strict=True) if one == kind and r >= 0]
        assert sorted(rows) == list(range(count))


def test_a_layer_is_done_in_as_many_calls_as_a_neuron():
    small, large = (MLP(2, [n, 1], generator=random.Random(0)) for n in (2, 30))
    calls = [len(schedule(record(model, [1.0, 2.0])).groups) for model in (small, large)]
    assert calls == [5, 5]


def test_a_long_sum_is_one_call_and_keeps_the_order_of_its_terms():
    tape = record(lambda *x: sum(x, Value(0.0)), *map(float, range(50)))
    (group,) = schedule(tape).groups
    assert group.rule == "+"
    assert [positions for kind, positions in group.operands if not kind] == [list(tape.inputs)]


def test_a_partial_sum_that_is_used_twice_stays_a_sum_of_its_own():
    def function(a, b, c):
        part = a + b
        return (part + c) * part

    rules = [group.rule for group in schedule(record(function, 1.0, 2.0, 3.0)).groups]
    assert rules == ["+", "+", "*"]


def test_what_parameters_alone_make_is_shared():
    weights = [Value(1.0), Value(2.0)]
    tape = record(lambda x: x * 2.0 + sum(w * w for w in weights), 1.0)
    shared = {(group.rule, group.shared) for group in schedule(tape).groups}
    assert shared == {("*", True), ("*", False), ("+", True), ("+", False)}
