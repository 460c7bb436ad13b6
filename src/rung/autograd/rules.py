"""State every operation and its derivative once, for numbers, arrays and Values alike.

A rule receives what to compute with (`math` for numbers, `numpy` for arrays, the class `Value` for
derivatives that can be derived again), the result of the operation and its operands. It returns
one slope an operand: how fast the result grows with it. Where a function has a corner, the slope is
the one that torch takes: relu 0 at 0, abs 0 at 0, max one half for each at a tie.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
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
    "power": lambda m, out, a, b: (b * a ** (b - 1.0) if b else 0.0, 0.0),
    "neg": lambda m, out, a: (-1.0,),
    "exp": lambda m, out, a: (out,),
    "log": lambda m, out, a: (1.0 / a,),
    "tanh": lambda m, out, a: (1.0 - out * out,),
    "relu": lambda m, out, a: ((a > 0.0) * 1.0,),
    "sigmoid": lambda m, out, a: (out * (1.0 - out),),
    "sin": lambda m, out, a: (m.cos(a),),
    "cos": lambda m, out, a: (-m.sin(a),),
    "abs": lambda m, out, a: ((a > 0.0) * 1.0 - (a < 0.0) * 1.0,),
    "max": lambda m, out, a, b: (
        (a > b) * 0.5 + (a >= b) * 0.5,
        (b > a) * 0.5 + (b >= a) * 0.5,
    ),
}


def relu(x: float) -> float:
    """Return x where it is positive, else 0."""
    return max(0.0, x)


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
    "max": max,
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
