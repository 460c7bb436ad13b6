"""Draw the prediction of an additive model as the sum of the heights of its curves."""

from __future__ import annotations

import numpy as np

from rung.explain.row_facts import Row
from rung.explain.row_linear import Term, draw_sum
from rung.graph.numbers import signed
from rung.graph.parts import BoxLine
from rung.graph.picture import Graph
from rung.typing import Array, Untyped


def draw_additive(row: Row) -> Graph:
    """Return the sum of heights of curves, in the unit of the target.

    For classes the sum is the logarithm of the odds of the predicted class against the next.
    """
    model: Untyped = row.fitted.model
    found: dict[str, Array] = model.contributions(row.design, row.index)
    mix, about = _mixture(row, found[""].shape[1])
    adds = {name: float(own[0] @ mix) for name, own in found.items()}
    intercept = adds.pop("")
    terms = [_term(row, name, own) for name, own in adds.items()]
    note = f"Each column adds the height of its curve at the row's value{about}."
    return draw_sum(row, terms, intercept, note)


def _mixture(row: Row, n_scores: int) -> tuple[Array, str]:
    """Return what the scores are multiplied with to be the one sum that is drawn."""
    if not row.is_class:
        return np.ones(1), ""
    first, second = row.ranked[:2]
    mix = np.zeros(max(n_scores, 2))
    mix[first], mix[second] = 1.0, -1.0
    names = [row.fitted.classes[k] for k in (first, second)]
    about = f"; the sum is the logarithm of the odds of {names[0]!r} against {names[1]!r}"
    return mix[1:] if n_scores == 1 else mix, about


def _term(row: Row, name: str, own: float) -> Term:
    columns = [*row.design.number_names, *(c.name for c in row.design.category_columns)]
    pair = next((pair for pair in _pairs(row) if f"{pair[0]} × {pair[1]}" == name), None)
    cell = row.cell(name) if name in columns else " and ".join(map(row.cell, pair or ()))
    lines = (BoxLine("height here", signed(own), "gradient"),)
    return Term(name, cell, own, lines, {"value": cell, "contribution": own})


def _pairs(row: Row) -> list[tuple[str, str]]:
    model: Untyped = row.fitted.model
    encoder = model.curves.encoder
    names = [*encoder.rest.number_names, *(c.name for c in encoder.rest.categories)]
    return [(names[a], names[b]) for a, b in encoder.pairs.tolist()]
