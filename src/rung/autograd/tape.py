"""Record what a function does with its numbers as a list of steps, without branches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from rung.autograd.recording import recording
from rung.autograd.value import Value, constant, is_power, topological_order
from rung.errors import UndefinedOperation, UsageError

# A number, or lists of numbers inside lists; of Values, once recorded.
Nested: TypeAlias = Any


class Step(NamedTuple):
    """Do one operation on the results of earlier steps.

    `rule` is a key of `rules.SLOPES`, or "input", "parameter" or "constant" for a number that is
    given; `left` and `right` are positions on the tape, -1 where there is none.
    """

    rule: str
    left: int = -1
    right: int = -1

    @property
    def parents(self) -> tuple[int, ...]:
        """Return the positions of its operands."""
        return tuple(parent for parent in (self.left, self.right) if parent >= 0)


@dataclass(frozen=True)
class Tape:
    """Hold the steps of a function, operands before what is made of them.

    Attributes
    ----------
    steps : tuple of Step
    inputs : tuple of int
        Position of each number given, in order; -1 for one that has no part in the result.
    parameters : tuple of (int, Value)
        Position of each Value that the function reached from outside.
    constants : tuple of (int, float)
    outputs : tuple of int
    widths : tuple of int
        How many numbers one row of each argument has.
    single : bool
        Whether the function returns one Value, not a list of them.
    """

    steps: tuple[Step, ...]
    inputs: tuple[int, ...]
    parameters: tuple[tuple[int, Value], ...]
    constants: tuple[tuple[int, float], ...]
    outputs: tuple[int, ...]
    widths: tuple[int, ...]
    single: bool


def record(function: Callable[..., Nested], *example: Nested) -> Tape:
    """Run a function once on Values and keep its steps.

    Looking at a number (`.data`, `if x > 0`) is refused. The function runs again on numbers a
    quarter larger, or smaller, or on the same where it is undefined there: if that leaves other
    steps or other numbers, then it draws at random or remembers, and is refused too.

    Parameters
    ----------
    function : callable
        Takes numbers or lists of numbers, returns a Value or a list of Values.
    *example
        One argument each, of the shape that one row will have.

    Returns
    -------
    Tape
        Its steps.

    Examples
    --------
    >>> [step.rule for step in record(lambda x: (x * x).exp(), 2.0).steps]
    ['input', '*', 'exp']
    """
    if not example:
        raise UsageError(
            "the function to be recorded has no example; accepted: one argument or more",
            "pass the arguments of one row: trace(function, 0.5)",
        )
    tape = _record_once(function, example)
    if _fixed(tape) != _fixed(_record_again(function, example)):
        raise UsageError(
            "the steps of the recorded function change with its numbers; accepted: the same "
            "operations on Values for every input",
            "keep .data, random numbers and choices out of it",
        )
    return tape


def flatten(nested: Nested) -> list[Any]:
    """Return the numbers of nested lists in order.

    Examples
    --------
    >>> flatten([1.0, [2.0, 3.0]])
    [1.0, 2.0, 3.0]
    """
    if hasattr(nested, "tolist"):
        nested = nested.tolist()
    if isinstance(nested, list | tuple):
        return [number for item in nested for number in flatten(item)]
    return [nested]


def bad_batch(found: str, widths: Sequence[int]) -> UsageError:
    """Say that a batch does not fit the recorded function."""
    return UsageError(
        f"the batch {found}; accepted: {len(widths)} argument(s) with as many rows each, at least "
        f"one, of {', '.join(map(str, widths))} finite number(s) a row, as in the recorded example",
        "pass every argument of the function with one row an example",
    )


def _record_once(function: Callable[..., Nested], example: Sequence[Nested]) -> Tape:
    given = [_as_values(argument) for argument in example]
    with recording():
        returned = function(*given)
    results = [one if isinstance(one, Value) else constant(one) for one in flatten(returned)]
    order = _order(results)
    place = {node: position for position, node in enumerate(order)}
    inputs = [one for argument in given for one in flatten(argument)]
    asked = set(inputs)
    steps = tuple(_step(node, place, asked) for node in order)
    return Tape(
        steps=steps,
        inputs=tuple(place.get(one, -1) for one in inputs),
        parameters=tuple((i, order[i]) for i, step in enumerate(steps) if step.rule == "parameter"),
        constants=tuple(
            (i, order[i].data) for i, step in enumerate(steps) if step.rule == "constant"
        ),
        outputs=tuple(place[one] for one in results),
        widths=tuple(len(flatten(argument)) for argument in given),
        single=isinstance(returned, Value),
    )


def _record_again(function: Callable[..., Nested], example: Sequence[Nested]) -> Tape:
    """Record with other numbers, if the function is defined there."""
    for factor in (1.25, 0.8):
        try:
            return _record_once(function, [_moved(argument, factor) for argument in example])
        except UndefinedOperation:
            continue
    return _record_once(function, example)


def _fixed(tape: Tape) -> tuple[object, ...]:
    """Return all of a tape that its inputs may not change."""
    numbers = [*tape.constants, *((i, value.data) for i, value in tape.parameters)]
    return tape.steps, tape.inputs, tape.outputs, [(i, repr(number)) for i, number in numbers]


def _order(results: Sequence[Value]) -> list[Value]:
    if len(results) == 1:
        return topological_order(results[0])
    seen: dict[Value, None] = {}
    for result in results:
        seen.update(dict.fromkeys(topological_order(result)))
    return list(seen)


def _step(node: Value, place: dict[Value, int], asked: set[Value]) -> Step:
    if node.left is None:
        return Step("input" if node in asked else node.operation or "parameter")
    rule = "power" if is_power(node.operation, node.right) else node.operation
    return Step(rule, place[node.left], -1 if node.right is None else place[node.right])


def _as_values(argument: Nested) -> Nested:
    if hasattr(argument, "tolist"):
        argument = argument.tolist()
    if isinstance(argument, list | tuple):
        return [_as_values(item) for item in argument]
    return Value(argument)


def _moved(argument: Nested, factor: float) -> Nested:
    if hasattr(argument, "tolist"):
        argument = argument.tolist()
    if isinstance(argument, list | tuple):
        return [_moved(item, factor) for item in argument]
    return argument * factor or factor - 1.0
