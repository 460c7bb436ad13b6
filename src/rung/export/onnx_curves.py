"""Build the ONNX graph of a sum of curves, beside those of `rung.export.onnx`."""

from __future__ import annotations

import numpy as np

from rung.prep.curves import PAIR_KNOTS
from rung.prep.knots import GRAIN, coarse
from rung.typing import Array, Untyped


def curve_scores(graph: Untyped, x: str, curves: Untyped) -> str:
    """Add the sums of curves of numbers, shape (n_rows, n_scores); return their name.

    Parameters
    ----------
    graph : OnnxGraph
        What nodes are added to.
    x : str
        Name of the table's numbers.
    curves : FittedCurves
        Without categories.
    """
    encoder = curves.encoder
    # A model without any curve says the same of every row.
    first = graph.cast(graph.apply("IsNaN", [graph.take(x, np.array([0]))]), np.float64)
    nothing = graph.constant(np.zeros((1, len(curves.intercept))))
    total = graph.apply(
        "Add", [graph.apply("MatMul", [first, nothing]), graph.constant(curves.intercept)]
    )
    for j, knots in enumerate(encoder.knots):
        if len(knots):
            own = curves.coefficients[encoder.starts[j] : encoder.starts[j + 1]]
            column = graph.take(x, np.array([j]))
            rise = graph.apply(
                "MatMul", [_pieces(graph, column, knots), graph.constant(np.diff(own, axis=0))]
            )
            heights = graph.apply("Add", [rise, graph.constant(own[:1])])
            total = graph.apply("Add", [total, _where_known(graph, [column], heights)])
    for k, pair in enumerate(encoder.pairs):
        own = curves.coefficients[encoder.starts[len(encoder.knots) + k] :]
        total = graph.apply("Add", [total, _pair(graph, x, encoder, pair, own)])
    gaps = np.flatnonzero(encoder.rest.indicator)
    if len(gaps):
        absent = graph.cast(graph.apply("IsNaN", [graph.take(x, gaps)]), np.float64)
        own = curves.coefficients[encoder.starts[-1] :][: len(gaps)]
        total = graph.apply("Add", [total, graph.apply("MatMul", [absent, graph.constant(own)])])
    return str(total)


def _pieces(graph: Untyped, column: str, knots: Array) -> str:
    """Return how far each value is into each piece between two knots, 0 to 1."""
    low, high = knots[:-1] / 2, knots[1:] / 2
    half = graph.apply("Mul", [column, graph.constant(np.array(0.5))])
    into = graph.apply("Sub", [half, graph.constant(low)])
    share = graph.apply("Div", [into, graph.constant(high - low)])
    ends = [graph.constant(np.array(bound)) for bound in (0.0, 1.0)]
    near = graph.apply("Min", [graph.apply("Max", [share, ends[0]]), ends[1]])
    grain = graph.constant(np.array(GRAIN))
    grains = graph.apply("Round", [graph.apply("Div", [near, grain])])
    # What is missing counts as nothing, in whatever way a maximum takes NaN.
    known = graph.apply("Where", [graph.apply("IsNaN", [column]), ends[0], grains])
    return str(graph.apply("Mul", [known, grain]))


def _where_known(graph: Untyped, columns: list[str], heights: str) -> str:
    zero = graph.constant(np.array(0.0))
    for column in columns:
        heights = graph.apply("Where", [graph.apply("IsNaN", [column]), zero, heights])
    return heights


def _pair(graph: Untyped, x: str, encoder: Untyped, pair: Array, own: Array) -> str:
    """Return the surface of two numbers, (n_rows, n_scores)."""
    columns = [graph.take(x, np.array([j])) for j in pair.tolist()]
    knots = [coarse(encoder.knots[j], PAIR_KNOTS) for j in pair.tolist()]
    one, other = (_hats(graph, column, each) for column, each in zip(columns, knots, strict=True))
    size = encoder.sides(pair)
    axis, parts = graph.constant(np.array([1], dtype=np.int64)), []
    for heights in own[: size[0] * size[1]].T:
        across = graph.apply("MatMul", [one, graph.constant(heights.reshape(size))])
        product = graph.apply("Mul", [across, other])
        parts.append(graph.apply("ReduceSum", [product, axis], keepdims=1))
    joined = graph.apply("Concat", parts, axis=1)
    return _where_known(graph, columns, joined)


def _hats(graph: Untyped, column: str, knots: Array) -> str:
    """Return the share of each knot: what came into its piece less what went on."""
    n_knots = len(knots)
    turn = np.zeros((n_knots - 1, n_knots))
    turn[np.arange(n_knots - 1), np.arange(1, n_knots)] = 1.0
    turn[np.arange(n_knots - 1), np.arange(n_knots - 1)] = -1.0
    moved = graph.apply("MatMul", [_pieces(graph, column, knots), graph.constant(turn)])
    first = np.zeros(n_knots)
    first[0] = 1.0
    return str(graph.apply("Add", [moved, graph.constant(first)]))
