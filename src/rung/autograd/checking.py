"""Compare derivatives written by hand with the tape and with differences, and say which is off."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rung.autograd.comparing import number_of
from rung.autograd.tape import Nested, flatten
from rung.autograd.value import Value, topological_order
from rung.errors import UndefinedOperation, UsageError

# Halving the step of a central difference twice, and combining, takes the error to the fourth order
# and shows how large it is (L. F. Richardson, 1911).
STEP = 1e-3
# Where that step does not fit the scale of the function, steps of other sizes are tried.
DECADES = tuple(sorted((10.0**power for power in range(-13, 16)), key=lambda one: abs(one - STEP)))
ROUNDING = 2.0**-52
# Rounding errors that may come together where parts cancel, by hand or on the tape.
CANCELLED = 1e4
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
        Numbers, lists of numbers, or arrays: the point at which to compare. On a corner of the
        function (relu at 0) the differences are off.
    tolerance : float
        Largest difference that counts as agreement, relative to the larger of the two. What is
        left where numbers cancel, and what differences cannot resolve, counts as agreement too;
        the unit that numbers are measured in plays no part.

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
    sizes_of_parts = _sizes_of_parts(end)
    found: list[Derivative] = []
    for argument, (hands, values) in enumerate(zip(by_hand, leaves, strict=True)):
        for place, (hand, value) in enumerate(zip(hands, values, strict=True)):
            size = sizes_of_parts.get(value, 0.0)
            noise = CANCELLED * ROUNDING * size
            size = max(size, abs(value.grad))
            asked = _Asked(function, arguments, argument, place)
            difference, blur = asked.difference(value.grad, 0.1 * tolerance * size)
            numbers = (float(hand), value.grad, difference)
            off = _odd_one(*numbers, noise=(noise, noise + blur), tolerance=tolerance)
            found.append(Derivative(argument, place, *numbers, off))
    return GradientCheck(tuple(found))


def _sizes_of_parts(end: Value) -> dict[Value, float]:
    """Return how large the parts are, regardless of sign, that add up to each derivative.

    Parts that cancel leave rounding of their own size, whatever is left of them.
    """
    sizes = {end: 1.0}
    for node in reversed(topological_order(end)):
        for parent, slope in ((node.left, node.left_slope), (node.right, node.right_slope)):
            if parent is not None:
                sizes[parent] = sizes.get(parent, 0.0) + abs(slope) * sizes[node]
    return sizes


def _odd_one(
    manual: float,
    tape: float,
    difference: float,
    *,
    noise: tuple[float, float],
    tolerance: float,
) -> str:
    """Name the source that the others outvote; `noise` is that of formulas and of differences."""

    def agree(a: float, b: float, noise: float) -> bool:
        return abs(a - b) <= tolerance * max(abs(a), abs(b)) + noise

    exact, rough = noise
    if agree(manual, tape, exact):
        is_near = agree(manual, difference, rough) or agree(tape, difference, rough)
        return "" if is_near else "difference"
    near = {"tape": agree(manual, difference, rough), "manual": agree(tape, difference, rough)}
    if all(near.values()):  # too rough to tell: the nearer one is right
        return "tape" if abs(manual - difference) < abs(tape - difference) else "manual"
    return next((name for name, is_near in near.items() if is_near), "all")


@dataclass(frozen=True)
class _Asked:
    """A function and which of its numbers is moved."""

    function: Callable[..., Any]
    arguments: Sequence[Nested]
    argument: int
    place: int

    def difference(self, expected: float, wanted: float) -> tuple[float, float]:
        """Return the derivative by differences and how far it may be off.

        The first step that confirms what is expected, to the error wanted, is taken; if none does,
        then the one with the smallest error for its size: one that is far too long has a large one.
        """
        best, least, failure = (math.nan, math.inf), math.inf, None
        for step in self._steps():
            try:
                found, blur = self._at(step)
            except UndefinedOperation as error:  # the step leaves where the function is defined
                failure = error
                continue
            if max(abs(found - expected), blur) <= wanted:
                return found, blur
            share = blur / abs(found) if found else math.inf
            if share < least or math.isnan(best[0]):
                best, least = (found, blur), share
        if math.isnan(best[0]) and failure is not None:
            raise failure
        return best

    def _steps(self) -> Iterator[float]:
        numbers = [abs(float(one)) for one in flatten(self.arguments[self.argument])]
        own = numbers[self.place]
        scales = dict.fromkeys(scale for scale in (max(numbers), own, 1.0) if scale)
        yield from (STEP * scale for scale in scales)
        yield from (size * (own or 1.0) for size in DECADES)
        if not own:
            yield from (10.0**power for n in range(14, 60) for power in (-n, n))

    def _at(self, step: float) -> tuple[float, float]:
        """Return the derivative by differences of a step, its half and its quarter, and the error."""
        wide, middle, narrow = (self._slope(step * part) for part in (1.0, 0.5, 0.25))
        first, second = ((4.0 * b[0] - a[0]) / 3.0 for a, b in ((wide, middle), (middle, narrow)))
        return second, abs(second - first) + 4.0 * narrow[1]

    def _slope(self, size: float) -> tuple[float, float]:
        """Return a central difference, and what rounding does to it."""
        (right, above), (left, below) = self._moved(size), self._moved(-size)
        if right == left:  # the step is lost in rounding
            return math.nan, math.inf
        width = right - left
        return (above - below) / width, ROUNDING * max(abs(above), abs(below)) / width

    def _moved(self, size: float) -> tuple[float, float]:
        """Return the number, moved, and the function there."""
        leaves, end = _run(self.function, self.arguments, (self.argument, self.place, size))
        return leaves[self.argument][self.place].data, end.data


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
