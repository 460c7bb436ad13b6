"""Compare derivatives written by hand with the tape and with differences, and say which is off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rung.autograd.comparing import number_of
from rung.autograd.tape import Nested, flatten
from rung.autograd.value import Value
from rung.errors import UsageError

# Halving the step of a central difference and combining both takes the error to the fourth order
# (L. F. Richardson, 1911); this step then balances it with rounding.
STEP = 1e-3
TOLERANCE = 1e-7


@dataclass(frozen=True)
class Derivative:
    """Hold one derivative from three sources.

    Attributes
    ----------
    argument, place : int
        Which argument, and which of its numbers in reading order.
    manual, tape, difference : float
        By hand, by `Value.backward`, and by moving the number a little.
    off : str
        "manual", "tape" or "difference": the one that the other two outvote; "all" where no two
        agree; "" where all do.
    """

    argument: int
    place: int
    manual: float
    tape: float
    difference: float
    off: str


@dataclass(frozen=True)
class GradientCheck:
    """Hold the derivatives of a function by all of its numbers, from three sources."""

    derivatives: tuple[Derivative, ...]

    @property
    def agrees(self) -> bool:
        """Whether all three sources agree everywhere."""
        return not self.off

    @property
    def off(self) -> tuple[Derivative, ...]:
        """Return those where a source disagrees."""
        return tuple(one for one in self.derivatives if one.off)

    def __str__(self) -> str:
        if self.agrees:
            return f"all {len(self.derivatives)} derivatives agree: by hand, tape and differences"
        lines = [
            f"{len(self.off)} of {len(self.derivatives)} derivatives disagree",
            "argument  place        manual          tape    difference  off",
        ]
        lines += [
            f"{one.argument:8d}  {one.place:5d}  {one.manual:12.6g}  {one.tape:12.6g}"
            f"  {one.difference:12.6g}  {one.off}"
            for one in self.off[:20]
        ]
        return "\n".join(lines)


def check_gradients(
    manual: Callable[..., Sequence[Nested]],
    function: Callable[..., Any],
    *arguments: Nested,
    tolerance: float = TOLERANCE,
) -> GradientCheck:
    """Compare derivatives written by hand with the tape and with finite differences.

    Parameters
    ----------
    manual : callable
        Takes the arguments, returns the derivatives of `function` by each of them: one entry an
        argument, of its shape.
    function : callable
        Takes the arguments, returns one number. It runs on Values, so it may use their operations
        only; numpy functions and arrays serve too, as they call those of Values.
    *arguments
        Numbers, lists of numbers, or arrays: the point at which to compare. A corner of the
        function (relu at 0) lies too near if differences across it are off.
    tolerance : float
        Largest difference that counts as agreement, relative to the larger of the two and to 1.

    Returns
    -------
    GradientCheck
        Which derivatives disagree, and which of the three sources is the odd one.

    Examples
    --------
    >>> wrong = lambda a, b: (b, 2 * a)
    >>> print(check_gradients(wrong, lambda a, b: a * b, 3.0, 4.0))
    1 of 2 derivatives disagree
    argument  place        manual          tape    difference  off
           1      0             6             3             3  manual
    """
    by_hand = [flatten(one) for one in manual(*arguments)]
    sizes = [len(flatten(argument)) for argument in arguments]
    if [len(one) for one in by_hand] != sizes:
        raise UsageError(
            f"the derivatives by hand have {[len(one) for one in by_hand]} numbers; accepted: "
            f"{sizes}, one for each number of each argument",
            "return one entry an argument, of the argument's shape",
        )
    leaves, end = _run(function, arguments)
    end.backward()
    found: list[Derivative] = []
    for argument, (hands, values) in enumerate(zip(by_hand, leaves, strict=True)):
        for place, (hand, value) in enumerate(zip(hands, values, strict=True)):
            difference = _difference(function, arguments, argument, place)
            numbers = (float(hand), value.grad, difference)
            found.append(Derivative(argument, place, *numbers, _odd_one(*numbers, tolerance)))
    return GradientCheck(tuple(found))


def _odd_one(manual: float, tape: float, difference: float, tolerance: float) -> str:
    def agree(a: float, b: float) -> bool:
        return abs(a - b) <= tolerance * max(1.0, abs(a), abs(b))

    pairs = (agree(manual, tape), agree(manual, difference), agree(tape, difference))
    names = {(True, False, False): "difference", (False, True, False): "tape"}
    names |= {(False, False, True): "manual", (False, False, False): "all"}
    return names.get(pairs, "")


def _difference(
    function: Callable[..., Any], arguments: Sequence[Nested], argument: int, place: int
) -> float:
    start = float(flatten(arguments[argument])[place])
    step = STEP * max(1.0, abs(start))
    wide, narrow = (
        (
            _moved(function, arguments, (argument, place, size))
            - _moved(function, arguments, (argument, place, -size))
        )
        / (2.0 * size)
        for size in (step, step / 2.0)
    )
    return (4.0 * narrow - wide) / 3.0


def _moved(
    function: Callable[..., Any], arguments: Sequence[Nested], move: tuple[int, int, float]
) -> float:
    _, end = _run(function, arguments, move)
    return end.data


def _run(
    function: Callable[..., Any],
    arguments: Sequence[Nested],
    move: tuple[int, int, float] | None = None,
) -> tuple[list[list[Value]], Value]:
    leaves = [[Value(number) for number in flatten(argument)] for argument in arguments]
    if move is not None:
        argument, place, size = move
        leaves[argument][place].data += size
    end = function(
        *(_shaped(like, iter(values)) for like, values in zip(arguments, leaves, strict=True))
    )
    return leaves, end if isinstance(end, Value) else Value(number_of(end))


def _shaped(like: Nested, values: Iterator[Value]) -> Nested:
    """Put Values where numbers stand; an array becomes an array of objects."""
    if hasattr(like, "astype"):
        filled = like.astype(object)
        filled.flat = list(islice(values, filled.size))
        return filled
    if isinstance(like, list | tuple):
        return [_shaped(item, values) for item in like]
    return next(values)
