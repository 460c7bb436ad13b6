import math

import pytest

import rung
from rung.explain.row import graph_row
from rung.explain.row_curves import draw_additive
from rung.families.table.additive import additive_family
from tests.workbench.drawn import fact, row, table


@pytest.mark.parametrize("number", [1, 2, 45])
def test_contributions_add_up_to_the_prediction(number):
    given = row("additive", "regression", number)
    graph = draw_additive(given)
    parts = [one["contribution"] for one in graph.table() if one["node"] != "(prediction)"]
    assert math.fsum(parts) == pytest.approx(given.outputs[0], rel=1e-12)
    assert {"size", "age", "colour"} <= {node.key for node in graph.nodes}


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_the_sum_is_the_log_odds_of_the_first_class_against_the_second(task):
    given = row("additive", task, 9)
    graph = draw_additive(given)
    parts = [one["contribution"] for one in graph.table() if one["node"] != "(prediction)"]
    first, second = (given.outputs[k] for k in given.ranked[:2])
    assert math.fsum(parts) == pytest.approx(math.log(first / second), rel=1e-6)


def test_a_pair_is_drawn_with_both_cells():
    run = rung.fit(
        table().drop("kind"),
        target="mass",
        families=[additive_family(pairs=1)],
        folds=2,
        choose="leader",
    )
    graph = graph_row(run.model, 2, data=table())
    (pair,) = [node for node in graph.nodes if "×" in node.key]
    assert " and " in pair.title
    parts = [fact(graph, node.key) for node in graph.nodes if node.key != "(prediction)"]
    assert math.fsum(parts) == pytest.approx(fact(graph, "(prediction)"), rel=1e-9)
