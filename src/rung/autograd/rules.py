"""State every operation and its derivative once, for numbers, arrays and Values alike.

A rule receives what to compute with (`math` for numbers, `numpy` for arrays, the class `Value` for
derivatives that can be derived again), the result of the operation and its operands. It returns
one slope an operand: how fast the result grows with it. Where a function has a corner, the slope is
the one that torch takes: relu 0 at 0, abs 0 at 0, max one half for each at a tie; and what is no
number (NaN) is neither above nor below any, so it takes no side: it comes through as it is.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from rung.errors import UndefinedOperation

# A rule serves numbers, arrays and Values, which share no type.
Number = Any
Rule = Callable[..., tuple[Number, ...]]

SLOPES: dict[str, Rule] = {
    "+": lambda m, out, a, b: (1.0, 1.0),
    "-": lambda m, out, a, b: (1.0, -1.0),
    "*": lambda m, out, a, b: (b, a),
    "/": lambda m, out, a, b: (1.0 / b, -out / b),
    "**": lambda m, out, a, b: (b * a ** (b - 1.0), out * m.log(a)),
    # The exponent is fixed: nothing asks for its slope but `exponent_slope`.
    "power": lambda m, out, a, b: (b * a ** (b - 1.0) if b else 0.0, 0.0),
    "neg": lambda m, out, a: (-1.0,),
    "exp": lambda m, out, a: (out,),
    "log": lambda m, out, a: (1.0 / a,),
    "tanh": lambda m, out, a: (1.0 - out * out,),
    "relu": lambda m, out, a: (1.0 - (a <= 0.0) * 1.0,),
    "sigmoid": lambda m, out, a: (out * (1.0 - out),),
    "sin": lambda m, out, a: (m.cos(a),),
    "cos": lambda m, out, a: (-m.sin(a),),
    "abs": lambda m, out, a: (1.0 - (a <= 0.0) * 1.0 - (a < 0.0) * 1.0,),
    "max": lambda m, out, a, b: (
        1.0 - (a < b) * 0.5 - (a <= b) * 0.5,
        1.0 - (b < a) * 0.5 - (b <= a) * 0.5,
    ),
}


def relu(x: float) -> float:
    """Return x where it is positive, else 0; NaN where it is none.

    Examples
    --------
    >>> relu(float("nan"))
    nan
    """
    return max(x, 0.0)  # in this order: of two that are not ordered, max takes the first


def larger(a: float, b: float) -> float:
    """Return the larger of two numbers; NaN if one of them is.

    Examples
    --------
    >>> larger(1.0, 2.0), larger(1.0, float("nan"))
    (2.0, nan)
    """
    return a if a >= b or math.isnan(a) else b


def sigmoid(x: float) -> float:
    """Return 1 / (1 + exp(-x)), without overflow on either side."""
    shrunk = math.exp(-abs(x))
    return (1.0 if x >= 0.0 else shrunk) / (1.0 + shrunk)


FUNCTIONS: dict[str, Callable[..., float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": math.pow,
    "power": math.pow,
    "neg": operator.neg,
    "exp": math.exp,
    "log": math.log,
    "tanh": math.tanh,
    "relu": relu,
    "sigmoid": sigmoid,
    "sin": math.sin,
    "cos": math.cos,
    "abs": abs,
    "max": larger,
}


def evaluate(name: str, *operands: float) -> tuple[float, tuple[float, ...]]:
    """Return the result of an operation and its slopes, or say that there is none.

    Examples
    --------
    >>> evaluate("/", 1.0, 4.0)
    (0.25, (0.25, -0.0625))
    """
    try:
        out = FUNCTIONS[name](*operands)
        slopes = SLOPES[name](math, out, *operands)
    except (ValueError, ArithmeticError) as error:
        raise undefined(name, operands) from error
    if not all(map(math.isfinite, (out, *slopes))) and all(map(math.isfinite, operands)):
        raise undefined(name, operands)
    return out, slopes


def exponent_slope(out: float, base: float, exponent: float) -> float:
    """Return how fast a power grows with its exponent; NaN where it is no function of it.

    Examples
    --------
    >>> exponent_slope(8.0, -2.0, 3.0), exponent_slope(0.0, 0.0, 3.0)
    (nan, 0.0)
    """
    if base > 0.0:
        return out * math.log(base)
    return 0.0 if base == 0.0 and exponent > 0.0 else math.nan


def total_of(numbers: Sequence[float]) -> float:
    """Return the sum without loss of digits, or say that it is too large.

    Examples
    --------
    >>> total_of([0.1] * 10)
    1.0
    """
    try:
        return math.fsum(numbers)
    except OverflowError as error:
        raise undefined("+", tuple(sorted(numbers, key=abs)[-2:])) from error
    except ValueError:  # infinities of both signs
        return math.nan


# What each operation accepts, and what to do where a number lies outside.
_DOMAINS = {
    "/": ("a divisor other than zero", "keep the divisor away from zero: x / (y + 1e-9)"),
    "log": ("a number above zero", "keep it above zero: (x + 1e-9).log()"),
    "exp": ("a number up to 709", "subtract the largest exponent first"),
    "**": (
        "a positive base, or a negative one with a fixed whole exponent, and a result up to 1.8e308",
        "make the base positive or the exponent smaller",
    ),
}
_DOMAINS |= dict.fromkeys(
    "+-*", ("a result up to 1.8e308", "measure in larger units, or compute with logarithms")
)
_FINITE = ("a finite number", "look for what made the operand so large")


def undefined(name: str, operands: tuple[float, ...]) -> UndefinedOperation:
    """Name an operation that has no finite value or slope, what it accepts and what to do."""
    name = "**" if name == "power" else name
    numbers = [f"{number:g}" for number in operands]
    if name.isalpha():
        shown = f"{name}({', '.join(numbers)})"
    else:
        shown = f" {name} ".join(f"({text})" if text[0] == "-" else text for text in numbers)
    accepted, remedy = _DOMAINS.get(name, _FINITE)
    return UndefinedOperation(
        f"'{shown}' has no finite value or no finite slope; accepted: {accepted}", remedy
    )


def too_steep() -> UndefinedOperation:
    """Say that finite numbers have a derivative that is not."""
    return UndefinedOperation(
        "a derivative has no finite value, though every number has; accepted: derivatives up to "
        "1.8e308",
        "measure in other units, so that slopes come nearer to 1",
    )
