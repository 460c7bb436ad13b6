"""Draw the prediction of a linear model as the sum that it is, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from rung.explain.row_facts import Row
from rung.families.forms import LinearForm
from rung.graph.numbers import MINUS, number, signed
from rung.graph.parts import BoxLine, Edge, Fact, Node, Weight
from rung.graph.picture import Graph
from rung.prep.one_hot import TableEncoder
from rung.typing import Array

MOST_TERMS = 12
# Shares of the largest contribution above which an edge is drawn strong, and below which faint.
STRONG, FAINT = 0.4, 0.04


@dataclass(frozen=True)
class Term:
    """What one column of the table adds to the sum."""

    name: str
    cell: str
    contribution: float
    lines: tuple[BoxLine, ...]
    facts: dict[str, Fact]


def draw_linear(row: Row) -> Graph:
    """Return the sum of coefficient × standardised value, in the unit of the target.

    For classes the sum is the logarithm of the odds of the predicted class against the next.
    """
    model = cast(LinearForm, row.fitted.model)
    coefficients, intercept, about = _score(row, model)
    terms = _terms(row, model.encoder, coefficients)
    terms.sort(key=lambda term: -abs(term.contribution))
    total = float(intercept + sum(term.contribution for term in terms))
    shown, rest = terms[:MOST_TERMS], terms[MOST_TERMS:]
    nodes = [_node(term) for term in shown]
    if rest:
        nodes.append(_others(rest))
    nodes.append(
        Node(
            "(intercept)",
            "intercept",
            "constant",
            (BoxLine("adds", signed(intercept), "gradient"),),
            {"value": "all at their mean", "contribution": intercept},
        )
    )
    last = row.result(*([BoxLine("log odds", signed(total))] if row.is_class else []))
    edges = [Edge(node.key, last.key, weight=_weight(node, shown)) for node in nodes]
    note = (
        "Each column adds its coefficient times how many standard deviations its value is from "
        f"the mean of the training rows{about}."
    )
    hidden = tuple({"node": term.name, **term.facts} for term in rest)
    return Graph((*nodes, last), tuple(edges), row.title, "right", (note,), hidden)


def _score(row: Row, model: LinearForm) -> tuple[Array, float, str]:
    """Return coefficients and intercept of the one sum that is drawn."""
    if not row.is_class:
        return model.coefficients[:, 0], float(model.intercept[0]), ""
    place = {int(k): i for i, k in enumerate(model.classes)}
    scored = [place[k] for k in row.ranked if k in place]
    first, second = scored[0], scored[1] if len(scored) > 1 else scored[0]
    names = [row.fitted.classes[int(model.classes[i])] for i in (first, second)]
    coefficients = model.coefficients[:, first] - model.coefficients[:, second]
    intercept = float(model.intercept[first] - model.intercept[second])
    odds = f"; the sum is the logarithm of the odds of {names[0]!r} against {names[1]!r}"
    return coefficients, intercept, odds


def _terms(row: Row, encoder: TableEncoder, coefficients: Array) -> list[Term]:
    """Add up the encoded columns that one column of the table has."""
    encoded = encoder.matrix(row.design, row.index)[0]
    adds = encoded * coefficients
    terms, position = [], int(encoder.in_use.sum())
    missing = position + np.cumsum(encoder.indicator) - 1
    used = np.cumsum(encoder.in_use) - 1
    for j, name in enumerate(encoder.number_names):
        if not encoder.in_use[j] and not encoder.indicator[j]:
            continue
        slot = int(used[j]) if encoder.in_use[j] else None
        own = float(adds[slot]) if slot is not None else 0.0
        own += float(adds[missing[j]]) if encoder.indicator[j] else 0.0
        slope = float(coefficients[slot]) if slot is not None else 0.0
        z = float(encoded[slot]) if slot is not None else 0.0
        terms.append(_number(row.cell(name), name, own, (z, slope), encoder, j))
    position += int(encoder.indicator.sum())
    for category in encoder.categories:
        own = float(adds[position : position + category.width].sum())
        position += category.width
        terms.append(_category(row.cell(category.name), category.name, own))
    return terms


def _number(
    cell: str, name: str, own: float, sums: tuple[float, float], encoder: TableEncoder, j: int
) -> Term:
    z, slope = sums
    mean, spread = float(encoder.shift[j]), float(encoder.scale[j])
    is_missing = cell == "missing"
    lines = (
        BoxLine(_centred(cell, mean, spread) if not is_missing else "taken as mean", signed(z, 4)),
        BoxLine(f"× {number(slope, 4)}", signed(own), "gradient"),
    )
    facts: dict[str, Fact] = {
        "value": cell,
        "mean": mean,
        "deviation": spread,
        "standardised": z,
        "coefficient": slope,
        "contribution": own,
    }
    return Term(name, cell, own, lines, facts)


def _centred(cell: str, mean: float, spread: float) -> str:
    """Write how a value becomes a count of standard deviations."""
    value = cell.split(" ", maxsplit=1)[0]
    value = f"({value})" if value.startswith(MINUS) else value
    sign = "+" if mean < 0 else MINUS
    return f"({value} {sign} {number(abs(mean), 4)}) ÷ {number(spread, 3)}"


def _category(cell: str, name: str, own: float) -> Term:
    lines = (BoxLine("this level", signed(own), "gradient"),)
    return Term(name, cell, own, lines, {"value": cell, "contribution": own})


def _node(term: Term) -> Node:
    return Node(term.name, f"{term.name} = {term.cell}", "input", term.lines, term.facts)


def _others(rest: Sequence[Term]) -> Node:
    total = sum(term.contribution for term in rest)
    lines = (BoxLine("together", signed(total), "gradient"),)
    facts: dict[str, Fact] = {"value": f"{len(rest)} columns", "contribution": total}
    return Node("(others)", f"{len(rest)} other columns", "note", lines, facts)


def _weight(node: Node, shown: Sequence[Term]) -> Weight:
    largest = max((abs(term.contribution) for term in shown), default=0.0)
    size = abs(float(node.facts["contribution"]))
    if node.key == "(intercept)" or not largest:
        return "plain"
    return "strong" if size >= STRONG * largest else "faint" if size < FAINT * largest else "plain"
