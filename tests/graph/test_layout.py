from __future__ import annotations

import random
from dataclasses import astuple
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rung.graph.layout import lay_out
from rung.graph.parts import Edge, Node
from tests.graph.shapes import acyclic, graph, random_pairs

directions = st.sampled_from(["down", "right"])


@settings(max_examples=25)
@given(acyclic(), directions)
def test_no_two_boxes_overlap(drawn, direction):
    n_nodes, pairs = drawn
    nodes, edges = graph(pairs, n_nodes)
    boxes = [astuple(box) for box in lay_out(nodes, edges, direction).boxes.values()]
    for i, (x, y, width, height) in enumerate(boxes):
        for u, v, other_width, other_height in boxes[:i]:
            apart = x + width <= u or u + other_width <= x
            assert apart or y + height <= v or v + other_height <= y


@settings(max_examples=25)
@given(acyclic(), directions)
def test_every_edge_leads_onward(drawn, direction):
    n_nodes, pairs = drawn
    nodes, edges = graph(pairs, n_nodes)
    found = lay_out(nodes, edges, direction)
    along = 1 if direction == "down" else 0
    for route in found.routes:
        steps = [point[along] for point in route.points]
        assert steps == sorted(steps)
        assert steps[0] < steps[-1]
        assert found.layers[route.edge.source] < found.layers[route.edge.target]


@settings(max_examples=25)
@given(acyclic(), directions, st.randoms(use_true_random=False))
def test_the_order_of_the_edges_changes_nothing(drawn, direction, dice):
    n_nodes, pairs = drawn
    nodes, edges = graph(pairs, n_nodes)
    shuffled = list(edges)
    dice.shuffle(shuffled)
    assert lay_out(nodes, shuffled, direction) == lay_out(nodes, edges, direction)


@settings(max_examples=25)
@given(acyclic(), directions)
def test_everything_lies_inside_the_picture(drawn, direction):
    n_nodes, pairs = drawn
    found = lay_out(*graph(pairs, n_nodes), direction)
    for box in found.boxes.values():
        assert 0 < box.x < box.x + box.width < found.width
        assert 0 < box.y < box.y + box.height < found.height
    for route in found.routes:
        assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in route.points)


@settings(max_examples=25)
@given(acyclic())
def test_an_edge_ends_at_the_edges_of_its_boxes(drawn):
    n_nodes, pairs = drawn
    found = lay_out(*graph(pairs, n_nodes))
    for route in found.routes:
        source, target = found.boxes[route.edge.source], found.boxes[route.edge.target]
        (x0, y0), (x1, y1) = route.points[0], route.points[-1]
        assert y0 == pytest.approx(source.y + source.height, abs=0.11)
        assert y1 == pytest.approx(target.y, abs=0.11)
        assert source.x <= x0 <= source.x + source.width
        assert target.x <= x1 <= target.x + target.width


def test_three_thousand_nodes_are_laid_out_in_seconds():
    nodes, edges = graph(random_pairs(3000, 3400, 0), 3000)
    began = process_time()
    found = lay_out(nodes, edges)
    assert len(found.boxes) == 3000
    # Time of this process alone; a few seconds, with room for slower machines.
    assert process_time() - began < 20


def test_boxes_of_a_column_are_equally_wide():
    nodes = [Node("a", "a"), Node("b", "a much longer title"), Node("c", "c")]
    found = lay_out(nodes, [Edge("a", "c"), Edge("b", "c")], "right")
    assert found.boxes["a"].width == found.boxes["b"].width
    assert found.boxes["a"].x == found.boxes["b"].x


def test_an_empty_graph_is_an_empty_picture():
    assert lay_out([], []).boxes == {}


def test_seeds_of_other_libraries_are_left_alone():
    random.seed(1)
    before = random.getstate()
    lay_out(*graph(random_pairs(12, 25, 3), 12))
    assert random.getstate() == before
