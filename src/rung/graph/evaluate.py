"""Compute an expression with values that remember how they were made."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence

from rung.autograd.value import Value, constant
from rung.errors import UndefinedOperation, UsageError, suggest
from rung.graph.expression import ExpressionStep, parse
from rung.graph.tokens import complain

OPERATORS: Mapping[str, Callable[..., Value]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "neg": operator.neg,
}


def evaluate(source: str, given: Mapping[str, float]) -> Value:
    """Return the value of an expression; its parents lead to all that it is made of.

    Parameters
    ----------
    source : str
        As `parse` reads it.
    given : mapping of str to float
        What the names stand for.

    Raises
    ------
    UsageError
        If it cannot be read, a name has no value or a value no name, or there is no finite
        result; with the position.

    Examples
    --------
    >>> evaluate("2*(a-b)+c", {"a": 3.0, "b": 1.0, "c": 4.0}).data
    8.0
    """
    steps = parse(source)
    _check_names(source, steps, given)
    made: list[Value] = []
    for step in steps:
        made.append(_compute(source, step, [made[i] for i in step.inputs], given))
    return made[-1]


def _check_names(source: str, steps: Sequence[ExpressionStep], given: Mapping[str, float]) -> None:
    asked = {step.name: step for step in steps if step.operation == "name"}
    for name, step in asked.items():
        if name not in given:
            near = suggest(name, given)
            hint = f"did you mean {near}?" if near else f"add {name}=1 after the expression"
            complain(source, step.at, f"the name {name!r} has no value", hint)
        if not math.isfinite(given[name]):
            raise UsageError(f"{name}={given[name]} is no finite number", f"give {name}=1, say")
    spare = [name for name in given if name not in asked]
    if spare:
        known = ", ".join(asked) or "no names"
        raise UsageError(
            f"a value is given for {spare[0]!r}, which the result does not use; it uses {known}",
            "leave the value out",
        )


def _compute(
    source: str, step: ExpressionStep, inputs: list[Value], given: Mapping[str, float]
) -> Value:
    if step.operation == "number":
        return Value(step.value, step.name) if step.name else constant(step.value)
    if step.operation == "name":
        return Value(float(given[step.name]), label=step.name)
    try:
        value = _apply(step.operation, *inputs)
    except UndefinedOperation as error:
        complain(source, step.at, error.message, error.remedy)
    value.label = step.name
    return value


def _apply(operation: str, first: Value, *others: Value) -> Value:
    """Compute one step with the operator or the method of its name."""
    if operation in OPERATORS:
        found: Value = OPERATORS[operation](first, *others)
        return found
    method: Callable[..., Value] = getattr(first, operation)
    return method(*others)
