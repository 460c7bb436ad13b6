from __future__ import annotations

import itertools
import math
import random

import pytest

from rung.autograd import Value
from rung.errors import UsageError
from rung.graph import graph_of
from rung.graph.values import expression_graph, value_graph

MICROGRAD = (
    "c = a + b; d = a * b + b**3; c = c + c + 1; c = c + 1 + c + (-a); "
    "d = d + d * 2 + relu(b + a); d = d + 3 * d + relu(b - a); e = c - d; f = e**2; "
    "g = f / 2.0; g = g + 10.0 / f; g"
)


def row(graph, name):
    return next(one for one in graph.table() if one["node"] == name)


def test_dz_by_db_is_minus_two():
    graph = expression_graph("2*(a-b)+c", {"a": 3.0, "b": 1.0, "c": 4.0})
    assert row(graph, "b")["gradient"] == -2.0
    assert row(graph, "z")["value"] == 8.0
    assert ">−2</text>" in graph.to_svg()


def test_the_famous_expression_has_its_numbers():
    graph = expression_graph(MICROGRAD, {"a": -4.0, "b": 2.0})
    assert round(row(graph, "g₂")["value"], 4) == 24.7041
    assert round(row(graph, "a")["gradient"], 4) == 138.8338
    assert round(row(graph, "b")["gradient"], 4) == 645.5773


def test_a_function_gives_the_graph_of_its_expression():
    by_function = graph_of(lambda a, b, c: 2 * (a - b) + c, a=3, b=1, c=4)
    by_text = expression_graph("2*(a-b)+c", {"a": 3.0, "b": 1.0, "c": 4.0})
    assert by_function.table() == by_text.table()
    assert by_function.to_svg() == by_text.to_svg()


def test_titles_say_how_a_node_is_computed():
    names = {"a": 3.0, "b": 1.0}
    titles = [node.title for node in expression_graph("(a-b)*-(a+b)**2 / (a*b)", names).nodes]
    assert titles[:5] == ["a", "b", "a − b", "a + b", "2"]
    assert titles[5:8] == ["(a + b)²", "−(a + b)²", "(a − b) × (−(a + b)²)"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a-(b-a)", "a − (b − a)"),
        ("a-b-a", "a − b − a"),
        ("a/(b*a)", "a ÷ (b × a)"),
        ("(a**b)**2", "(a ^ b)²"),
        ("a**-b", "a ^ (−b)"),
        ("a*-2", "a × (−2)"),
        ("max(a, exp(b))", "max(a, exp(b))"),
        ("-(-a)*b", "−(−a) × b"),
    ],
)
def test_parentheses_are_those_a_reader_needs(source, text):
    graph = expression_graph(
        source, {name: 2.0 for name in "ab" if name in source.replace("max", "")}
    )
    made = graph.table()[-1]["made by"]
    assert made == text
    names = {"a": 2.0, "b": 2.0, "max": max, "exp": math.exp}
    python = made.translate(str.maketrans("−×÷", "-*/")).replace("^", "**").replace("²", "**2")
    assert eval(python, {"__builtins__": {}}, names) == graph.table()[-1]["value"]


def test_a_name_used_again_gets_a_number_below_the_line():
    names = [
        one["node"]
        for one in expression_graph("c = a; c = c + 1; c = c * 2; c", {"a": 1.0}).table()
    ]
    assert names == ["a", "1", "c", "2", "c₂"]


def test_a_graph_of_a_many_thousand_values_needs_no_recursion():
    value = Value(0.0, label="x")
    for _ in range(10_000):
        value = value + 1.0
    assert len(value_graph(value).nodes) == 20_001


def test_a_function_that_returns_no_value_is_refused():
    with pytest.raises(UsageError, match="returns float; a Value is wanted"):
        graph_of(lambda a: 2.0, a=1)


def test_a_function_that_takes_other_names_is_refused():
    with pytest.raises(
        UsageError, match="cannot be called with b: missing a required argument: 'a'"
    ):
        graph_of(lambda a: a, b=1)


def moons(n_examples=2, hidden=16):
    """Build the loss of a small network on a few points, as Values."""
    dice = random.Random(1)
    sizes = [2, hidden, hidden, 1]
    layers = [
        [([Value(dice.uniform(-1, 1)) for _ in range(a)], Value(0.0)) for _ in range(b)]
        for a, b in itertools.pairwise(sizes)
    ]
    total = Value(0.0)
    for k in range(n_examples):
        x = [Value(dice.uniform(-1, 1), label=f"x{i + 1}") for i in range(2)]
        for number, layer in enumerate(layers):
            sums = [sum((w * v for w, v in zip(ws, x, strict=True)), b) for ws, b in layer]
            x = [s.relu() for s in sums] if number < 2 else sums
        total = total + (1 - (1 if k % 2 else -1) * x[0]).relu()
    total.label = "loss"
    total.backward()
    return value_graph(total)


def test_a_network_of_thousands_of_values_folds_to_a_picture_of_its_layers():
    graph = moons(3)
    assert len(graph.nodes) > 2_000
    folded = graph.folded
    assert len(folded.nodes) <= 30
    counts = {(node.title, node.members) for node in folded.nodes}
    assert {("sum of 3", 48), ("sum of 17", 48), ("relu", 48), ("×", 768), ("xₙ", 6)} <= counts


def test_what_is_folded_counts_every_node_once():
    graph = moons()
    hidden = sum(len(block.units) for block in graph.folded.blocks.values())
    joined = [node for node in graph.folded.nodes if node.title.startswith("sum of")]
    shown = sum(node.members == 1 for node in graph.folded.nodes)
    terms = sum(node.members * (int(node.title.split()[-1]) - 2) for node in joined)
    named = 1  # the loss has a name and took one sum in
    assert hidden + shown + terms + named == len(graph.nodes)
