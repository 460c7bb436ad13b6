from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import rung
from rung.data import conform
from rung.explain.row_facts import Row
from rung.explain.row_trees import TREES_SHOWN, draw_boosting, draw_forest, draw_tree
from rung.graph import numbers
from tests.workbench.drawn import fact, row

ROWS = (1, 8, 30, 99)


@pytest.mark.parametrize("number", ROWS)
def test_the_strong_line_leads_from_the_root_to_the_prediction(number):
    graph = draw_tree(row("tree", "regression", number))
    strong = {edge.source: edge.target for edge in graph.edges if edge.weight == "strong"}
    place, way = "question 1", ["question 1"]
    while place in strong:
        place = strong[place]
        way.append(place)
    assert place == "(prediction)"
    assert len(way) == len(strong) + 1


@pytest.mark.parametrize("number", ROWS)
def test_yes_stands_to_the_left_of_no(number):
    graph = draw_tree(row("tree", "regression", number))
    boxes = graph.layout().boxes
    by_source = {}
    for edge in graph.edges:
        by_source.setdefault(edge.source, {})[edge.label] = boxes[edge.target].x
    assert all(sides["yes"] < sides["no"] for sides in by_source.values())


@pytest.mark.parametrize("number", ROWS)
def test_every_leaf_is_the_rows_own_or_in_a_branch_beside(number):
    given = row("tree", "regression", number)
    graph = draw_tree(given)
    counts = [
        int(node.title.split()[0]) if node.title != "leaf" else 1
        for node in graph.nodes
        if node.kind == "note"
    ]
    assert sum(counts) + 1 == int(given.fitted.model.nodes.is_leaf.sum())


def test_the_shown_trees_and_the_rest_make_the_forests_mean():
    given = row("forest", "regression", 5)
    graph = draw_forest(given)
    shown = [fact(graph, f"tree {i + 1}") for i in range(TREES_SHOWN)]
    n_trees = sum(grove.nodes.n_trees for grove in given.fitted.model.groves)
    rest = fact(graph, "rest") * (n_trees - TREES_SHOWN)
    # Groves of equal size: the mean over groves is the mean over trees.
    assert (sum(shown) + rest) / n_trees == pytest.approx(given.outputs[0], rel=1e-9)


def test_start_trees_and_rest_make_the_first_model_of_boosting():
    given = row("boosting", "regression", 5)
    graph = draw_boosting(given)
    parts = ["start", *(f"tree {i + 1}" for i in range(TREES_SHOWN)), "rest"]
    total = sum(fact(graph, key) for key in parts)
    first = given.fitted.model.models[0].predict(given.design, given.index, 1)[0, 0]
    assert total == pytest.approx(first, rel=1e-9)
    assert fact(graph, "first model") == pytest.approx(first, rel=1e-9)
    both = (first + fact(graph, "other models")) / 2
    assert both == pytest.approx(given.outputs[0], rel=1e-9)


@pytest.mark.parametrize("draw", [draw_forest, draw_boosting])
@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_classes_are_drawn_with_their_probabilities(draw, task):
    given = row(draw.__name__.removeprefix("draw_"), task, 17)
    last = next(node for node in draw(given).nodes if node.kind == "output")
    assert last.facts[f"probability of {given.fitted.classes[given.ranked[0]]}"] == max(
        given.outputs
    )


def test_relations_are_drawn_by_the_numbers_that_weigh_most():
    rng = np.random.default_rng(1)
    common, gap = rng.normal(size=(2, 200))
    # With as many digits in both, they are in one unit.
    frame = pl.DataFrame({"u": common.round(3), "g": (common + 0.05 * gap).round(3), "z": gap})
    families = ["constant", "boosting"]
    model = rung.fit(frame, target="z", families=families, folds=3, choose="leader").model
    given = Row(model, conform(frame, model.columns), 3, "the sky")
    told = [str(node.facts.get("what", "")) for node in draw_boosting(given).nodes]
    fold = model.model.models[0]
    assert fold.encoder.names == ("u − g", "u + g")
    u, g = frame["u"][2], frame["g"][2]
    assert any(f"u − g {numbers.number(u - g)} is " in one for one in told)
