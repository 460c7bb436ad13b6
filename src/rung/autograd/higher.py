"""Derive derivatives: build the backward walk out of Values."""

from __future__ import annotations

from collections.abc import Sequence

from rung.autograd.rules import SLOPES
from rung.autograd.value import Value, constant, is_power, topological_order


def grad(output: Value, inputs: Sequence[Value]) -> list[Value]:
    """Return the derivatives of a Value by others as Values, which can be derived again.

    `Value.grad` of all of them stays as it is.

    Parameters
    ----------
    output : Value
        What is derived.
    inputs : sequence of Value
        By what; one of which the output was not made has the derivative 0.

    Returns
    -------
    list of Value
        One derivative an input.

    Examples
    --------
    >>> x = Value(2.0)
    >>> (slope,) = grad(x**3, [x])
    >>> (curvature,) = grad(slope, [x])
    >>> slope.data, curvature.data
    (12.0, 12.0)
    """
    order = topological_order(output)
    moved = _moved_by(inputs, order)
    totals = {output: Value(1.0)}
    for node in reversed(order):
        if node not in moved or node.left is None:
            continue
        for parent, slope in zip(node.parents, _slopes(node, node.left, moved), strict=True):
            if parent in moved:
                part = totals[node] * slope
                totals[parent] = totals[parent] + part if parent in totals else part
    return [totals[one] if one in moved and one in totals else constant(0.0) for one in inputs]


def _moved_by(inputs: Sequence[Value], order: Sequence[Value]) -> set[Value]:
    moved = set(inputs)
    for node in order:
        if not moved.isdisjoint(node.parents):
            moved.add(node)
    return moved


def _slopes(node: Value, left: Value, moved: set[Value]) -> tuple[Value | float, ...]:
    if node.right is None:
        return SLOPES[node.operation](Value, node, left)
    if is_power(node.operation, node.right) and node.right not in moved:
        return SLOPES["power"](Value, node, left, node.right.data)
    return SLOPES[node.operation](Value, node, left, node.right)
