from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

import rung
from rung.explain.row import graph_row
from rung.explain.row_linear import MOST_TERMS, draw_linear
from tests.workbench.drawn import fact, row, table


@pytest.mark.parametrize("number", [1, 2, 45])
def test_contributions_add_up_to_the_prediction(number):
    given = row("linear", "regression", number)
    graph = draw_linear(given)
    parts = [one["contribution"] for one in graph.table() if one["node"] != "(prediction)"]
    assert math.fsum(parts) == pytest.approx(given.outputs[0], rel=1e-12)


def test_a_contribution_is_coefficient_times_standardised_value():
    graph = draw_linear(row("linear", "regression", 7))
    found = next(one for one in graph.table() if one["node"] == "size")
    z = (table()["size"][6] - found["mean"]) / found["deviation"]
    assert found["standardised"] == pytest.approx(z)
    assert found["contribution"] == pytest.approx(found["coefficient"] * z)


def test_a_missing_cell_is_said():
    graph = draw_linear(row("linear", "regression", 1))
    node = next(node for node in graph.nodes if node.key == "age")
    assert node.title == "age = missing"
    assert node.lines[0].name == "taken as mean"


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_the_sum_is_the_log_odds_of_the_first_class_against_the_second(task):
    given = row("linear", task, 9)
    graph = draw_linear(given)
    parts = [one["contribution"] for one in graph.table() if one["node"] != "(prediction)"]
    first, second = (given.outputs[k] for k in given.ranked[:2])
    assert math.fsum(parts) == pytest.approx(math.log(first / second), rel=1e-6)


def test_the_largest_contribution_comes_first_and_its_edge_is_strong():
    graph = draw_linear(row("linear", "regression", 3))
    sizes = [abs(fact(graph, node.key)) for node in graph.nodes if node.kind == "input"]
    assert sizes == sorted(sizes, reverse=True)
    assert graph.edges[0].weight == "strong"


def test_many_columns_are_bounded_and_none_is_lost():
    rng = np.random.default_rng(0)
    columns = {f"x{i}": rng.normal(size=80) for i in range(30)}
    frame = pl.DataFrame(columns).with_columns(y=sum(columns.values()))
    fitted = rung.fit(frame, target="y", families=["linear"], folds=2).model
    graph = graph_row(fitted, 4, data=frame)
    assert len(graph.nodes) == MOST_TERMS + 3
    listed = [one for one in graph.table() if one["node"].startswith("x")]
    assert len(listed) == 30
    total = sum(one["contribution"] for one in listed) + fact(graph, "(intercept)")
    assert total == pytest.approx(fact(graph, "(prediction)"))
