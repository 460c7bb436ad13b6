"""The flat loop over plain lists gives the numbers of plain Values to the bit."""

from __future__ import annotations

import random

from rung.autograd import MLP, Value
from rung.autograd.lists import ListReplay
from rung.autograd.tape import record
from tests.autograd.graphs import draw_graph, on_values


def test_results_and_derivatives_of_one_row_are_those_of_values_to_the_bit():
    same = 0
    for seed in range(100):
        graph = draw_graph(seed)
        leaves = [Value(leaf) for leaf in graph.leaves]
        end = graph.run(leaves, on_values)
        end.backward()
        replay = ListReplay(record(lambda *x, g=graph: g.run(x, on_values), *graph.leaves))
        ((found,),) = replay.forward([[leaf] for leaf in graph.leaves], 1)
        assert found == end.data
        same += [row[0] for row in replay.input_gradients()] == [leaf.grad for leaf in leaves]
    assert same == 100


def test_each_row_of_a_batch_is_what_it_is_alone():
    model = MLP(2, [5, 1], generator=random.Random(2))
    replay = ListReplay(record(model, [1.0, 1.0]))
    rows = [[0.5, -1.0], [2.0, 0.1], [-3.0, 4.0]]
    columns, n_rows = replay.columns([rows])
    (found,) = replay.forward(columns, n_rows)
    assert found == [model(row).data for row in rows]
