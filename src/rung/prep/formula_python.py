"""Write a formula as a program that needs Python alone."""

from __future__ import annotations

import pprint
from collections.abc import Sequence

from rung.prep.formula import (
    Bell,
    BrokenLine,
    Formula,
    Levels,
    Missing,
    Piece,
    Product,
    Steps,
    Weights,
)

HEAD = '''import math


def is_missing(row, column):
    value = row.get(column)
    return value is None or (not isinstance(value, str) and value - value != 0)


def off(row, column, centre):
    """Return a number less its centre, 0 where it is missing."""
    return 0.0 if is_missing(row, column) else row[column] - centre


def level(row, column, weights, missing, other):
    return missing if is_missing(row, column) else weights.get(str(row[column]), other)


def step(row, column, edges, weights, missing):
    if is_missing(row, column):
        return missing
    return weights[sum(row[column] > edge for edge in edges)]


def line(row, column, knots, heights):
    """Return heights at knots, joined by straight lines and level outside; 0 where missing."""
    if is_missing(row, column):
        return [0.0] * len(heights[0])
    x, last = row[column], len(knots) - 2
    i = min(max(sum(knot <= x for knot in knots) - 1, 0), last)
    share = (x / 2 - knots[i] / 2) / (knots[i + 1] / 2 - knots[i] / 2)
    share = round(min(max(share, 0.0), 1.0) * 2.0**24) / 2.0**24
    return [a + share * (b - a) for a, b in zip(heights[i], heights[i + 1])]


def log_normal(row, column, means, deviations):
    if is_missing(row, column):
        return [0.0] * len(means)
    x = row[column]
    return [-0.5 * ((x - m) / d) ** 2 - math.log(d) for m, d in zip(means, deviations)]


def add(scores, weights, factor=1.0):
    return [score + weight * factor for score, weight in zip(scores, weights)]

'''
TO_VALUE = "    return scores[0]\n"
TO_SHARES = """    total = sum(scores)
    return dict(zip(CLASSES, (score / total for score in scores)))
"""
TO_SOFTMAX = """    powers = [math.exp(score - max(scores)) for score in scores]
    total = sum(powers) * (1 + sum(ABSENT))
    shares = [absent / (1 + sum(ABSENT)) for absent in ABSENT]
    for place, power in zip(PLACES, powers):
        shares[place] = power / total
    return dict(zip(CLASSES, shares))
"""


def formula_python(formula: Formula, target: str, classes: Sequence[str]) -> str:
    """Return a program whose `predict(row)` gives the same as the model.

    Parameters
    ----------
    formula : Formula
        What is computed.
    target : str
        What is predicted.
    classes : sequence of str
        Class labels; empty for values.

    Examples
    --------
    >>> program = formula_python(Formula(intercept=(2.5,)), "y", ())
    >>> names = {}
    >>> exec(program, names)
    >>> names["predict"]({})
    2.5
    """
    gives = "a number" if not classes else "a probability for each class"
    lines = [
        f"def predict(row):\n    {_quoted_doc(f'Predict {target}, {gives}, from a dict of columns.')}",
    ]
    if formula.gap:
        column, outputs = formula.gap
        kept = f"dict(zip(CLASSES, {_row(outputs)}))" if classes else repr(outputs[0])
        lines.append(f"    if is_missing(row, {column!r}):\n        return {kept}")
    lines.append(f"    scores = {list(formula.intercept)!r}")
    lines += [f"    scores = add(scores, {_piece(formula, piece)})" for piece in formula.pieces]
    if formula.bounds:
        low, high = formula.bounds
        lines.append(f"    scores = [min(max(scores[0], {low!r}), {high!r})]")
    return HEAD + _constants(formula, classes) + "\n" + "\n".join(lines) + "\n" + _end(formula)


def _quoted_doc(text: str) -> str:
    return repr(text)


def _constants(formula: Formula, classes: Sequence[str]) -> str:
    if not classes:
        return ""
    found = [f"CLASSES = {pprint.pformat(list(classes), compact=True)}"]
    if formula.link == "softmax":
        found += [f"PLACES = {list(formula.classes)!r}", f"ABSENT = {list(formula.absent)!r}"]
    return "\n" + "\n".join(found) + "\n\n"


def _end(formula: Formula) -> str:
    return {"value": TO_VALUE, "shares": TO_SHARES, "softmax": TO_SOFTMAX}[formula.link]


def _row(weights: Weights) -> str:
    return repr(list(weights))


def _piece(formula: Formula, piece: Piece) -> str:
    if isinstance(piece, Product):
        factors = [f"off(row, {name!r}, {formula.centres[name]!r})" for name in piece.columns]
        return f"{_row(piece.weights)}, {' * '.join(factors)}"
    if isinstance(piece, Missing):
        return f"{_row(piece.weights)}, is_missing(row, {piece.column!r})"
    if isinstance(piece, Levels):
        weights = {name: list(own) for name, own in piece.weights.items()}
        rest = f"{_row(piece.missing)}, {_row(piece.other)}"
        return f"level(row, {piece.column!r}, {weights!r}, {rest})"
    if isinstance(piece, Steps):
        weights_of = [list(own) for own in piece.weights]
        rest = f"{weights_of!r}, {_row(piece.missing)}"
        return f"step(row, {piece.column!r}, {list(piece.edges)!r}, {rest})"
    if isinstance(piece, BrokenLine):
        heights = [list(own) for own in piece.weights]
        return f"line(row, {piece.column!r}, {list(piece.knots)!r}, {heights!r})"
    assert isinstance(piece, Bell)
    return f"log_normal(row, {piece.column!r}, {_row(piece.means)}, {_row(piece.deviations)})"
