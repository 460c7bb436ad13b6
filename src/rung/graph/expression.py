"""Read arithmetic: numbers, names, + - * / **, parentheses and a few functions; nothing is run.

An expression becomes a flat list of steps, each computed from earlier ones, so that neither reading
nor computing needs deep calls. Several statements may stand in a row: `c = a + b; c * c`.

Source: Pratt (1973), Top down operator precedence, 1st ACM Symposium on Principles of Programming
Languages; the precedences are Python's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn

from rung.errors import UsageError, suggest

FUNCTIONS: Mapping[str, int] = {
    "exp": 1,
    "log": 1,
    "tanh": 1,
    "relu": 1,
    "sigmoid": 1,
    "sin": 1,
    "cos": 1,
    "abs": 1,
    "max": 2,
}
LONGEST, DEEPEST = 10_000, 80
SHOWN = 24
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|[-+*/()=,;])|(?P<end>$)|(?P<other>.))",
    re.DOTALL,
)
# How strongly each operator binds, to the left and to the right.
BINDS: Mapping[str, tuple[int, int]] = {
    "+": (10, 11),
    "-": (10, 11),
    "*": (20, 21),
    "/": (20, 21),
    "**": (41, 30),
}
UNARY = 30


@dataclass(frozen=True)
class ExpressionStep:
    """One number of a computation.

    Attributes
    ----------
    operation : str
        `number`, `name`, an operator, `neg`, or the name of a function.
    inputs : tuple of int
        Steps that it is computed from.
    at : int
        Position in the text, counted from 1.
    value : float
        Of a number.
    name : str
        Of a name, or given to the step by an assignment.
    """

    operation: str
    inputs: tuple[int, ...]
    at: int
    value: float = 0.0
    name: str = ""


@dataclass(frozen=True)
class Token:
    """A piece of text: its kind, what it says, and its position counted from 1."""

    kind: str
    text: str
    at: int


def parse(source: str) -> tuple[ExpressionStep, ...]:
    """Read an expression into steps; the last one is the result.

    Parameters
    ----------
    source : str
        At most 10,000 characters, nested at most 80 deep.

    Returns
    -------
    tuple of ExpressionStep
        A name stands once, however often it is used.

    Raises
    ------
    UsageError
        With the position of what cannot be read.

    Examples
    --------
    >>> [step.operation for step in parse("2*(a-b)+c")]
    ['number', 'name', 'name', '-', '*', 'name', '+']
    """
    if len(source) > LONGEST:
        raise UsageError(
            f"the expression has {len(source):,} characters; at most {LONGEST:,} are read",
            "write the computation as a Python function and give it to rung.graph_of",
        )
    return _TokenReader(source).statements()


def complain(source: str, at: int, what: str, remedy: str) -> NoReturn:
    """Raise a message that shows the place in the text."""
    start, stop = max(at - 1 - SHOWN // 2, 0), at - 1 + SHOWN // 2
    head, tail = "…" if start else "", "…" if stop < len(source) else ""
    near = f"{head}{source[start:stop]}{tail}"
    raise UsageError(f"{what}, at character {at} of {near!r}", remedy)


def tokens(source: str) -> list[Token]:
    """Cut a text into numbers, names and signs.

    Examples
    --------
    >>> [token.text for token in tokens("a**2")]
    ['a', '**', '2', '']
    """
    found, position = [], 0
    while True:
        match = TOKEN.match(source, position)
        assert match is not None  # the last alternatives take whatever comes
        kind = match.lastgroup or "end"
        token = Token(kind, match.group(kind), match.start(kind) + 1)
        if kind == "other":
            _refuse_sign(source, token)
        found.append(token)
        if kind == "end":
            return found
        position = match.end()


def _refuse_sign(source: str, token: Token) -> NoReturn:
    what = f"{token.text!r} has no meaning in an expression"
    if token.text == ".":
        what = "'.' reaches into an object, which an expression cannot do"
    elif token.text == "^":
        complain(source, token.at, "'^' is no power", "write ** for a power")
    complain(source, token.at, what, "use numbers, names, + - * / ** ( ) and functions")


@dataclass
class _TokenReader:
    """Go through the tokens once, from left to right."""

    source: str
    steps: list[ExpressionStep] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    place: int = 0
    depth: int = 0

    def __post_init__(self) -> None:
        self.tokens = tokens(self.source)

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        token = self.token
        self.place += 1
        return token

    def fail(self, token: Token, what: str, remedy: str) -> NoReturn:
        complain(self.source, token.at, what, remedy)

    def add(self, step: ExpressionStep) -> int:
        self.steps.append(step)
        return len(self.steps) - 1

    def statements(self) -> tuple[ExpressionStep, ...]:
        result = 0
        while True:
            result = self.statement()
            token = self.take()
            if token.kind == "end":
                break
            if token.text != ";":
                self.unexpected(token)
            if self.token.kind == "end":
                break
        return _ending_with(self.steps, result)

    def statement(self) -> int:
        if self.token.kind == "name" and self.tokens[self.place + 1].text == "=":
            name = self.take()
            self.take()
            if name.text in FUNCTIONS:
                self.fail(name, f"{name.text!r} is a function", "choose another name")
            # A name that is given a value again stands for the new one from here on.
            return self.named(name, self.expression(0))
        return self.expression(0)

    def named(self, name: Token, value: int) -> int:
        step = self.steps[value]
        if not step.name:  # a second name for what has one already makes no new value
            self.steps[value] = replace(step, name=name.text)
        self.known[name.text] = value
        return value

    def expression(self, least: int) -> int:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(
                self.token,
                f"the expression is nested more than {DEEPEST} deep",
                "split it into statements: c = a + b; c * c",
            )
        left = self.operand()
        while self.token.text in BINDS and BINDS[self.token.text][0] >= least:
            sign = self.take()
            right = self.expression(BINDS[sign.text][1])
            left = self.add(ExpressionStep(sign.text, (left, right), sign.at))
        self.depth -= 1
        return left

    def operand(self) -> int:
        token = self.take()
        if token.kind == "number":
            return self.add(ExpressionStep("number", (), token.at, self.number(token)))
        if token.kind == "name":
            return self.call(token) if self.token.text == "(" else self.name(token)
        if token.text == "(":
            inside = self.expression(0)
            self.close(token)
            return inside
        if token.text == "-":
            return self.negative(token)
        if token.text == "+":
            return self.expression(UNARY)
        return self.unexpected(token)

    def negative(self, sign: Token) -> int:
        value = self.expression(UNARY)
        step = self.steps[value]
        if step.operation == "number" and not step.name:  # -2 is a number, in a power above all
            self.steps[value] = replace(step, value=-step.value, at=sign.at)
            return value
        return self.add(ExpressionStep("neg", (value,), sign.at))

    def number(self, token: Token) -> float:
        try:
            value = float(token.text)
        except ValueError:
            self.fail(token, f"{token.text!r} is no number", "write it as 1000 or 1e3")
        if not math.isfinite(value):
            self.fail(token, f"{token.text!r} is too large", "use numbers below 1e308")
        return value

    def name(self, token: Token) -> int:
        if token.text in FUNCTIONS:
            self.fail(token, f"{token.text!r} is a function", f"write {token.text}(...)")
        if token.text not in self.known:
            self.known[token.text] = self.add(ExpressionStep("name", (), token.at, name=token.text))
        return self.known[token.text]

    def call(self, name: Token) -> int:
        if name.text not in FUNCTIONS:
            near = suggest(name.text, FUNCTIONS)
            remedy = f"did you mean {near}?" if near else "write the computation with these"
            known = ", ".join(FUNCTIONS)
            self.fail(name, f"{name.text!r} is no function; {known} are known", remedy)
        opening = self.take()
        given = [self.expression(0)]
        while self.token.text == ",":
            self.take()
            given.append(self.expression(0))
        self.close(opening)
        wanted = FUNCTIONS[name.text]
        if len(given) != wanted:
            what = f"{name.text!r} gets {len(given)} values; it takes {wanted}"
            self.fail(name, what, "nest it: max(a, max(b, c))" if wanted > 1 else "leave one")
        return self.add(ExpressionStep(name.text, tuple(given), name.at))

    def close(self, opening: Token) -> None:
        token = self.take()
        if token.text != ")" or token.kind != "sign":
            if token.kind == "end":
                self.fail(opening, "'(' is never closed", "add ')'")
            self.unexpected(token)

    def unexpected(self, token: Token) -> NoReturn:
        if token.kind == "end":
            self.fail(token, "the expression ends where a value should stand", "complete it")
        what = f"{token.text!r} is not expected here"
        remedy = "put an operator such as * between two values" if token.kind != "sign" else ""
        self.fail(token, what, remedy or "a value belongs here, or an operator before it")


def _ending_with(steps: Sequence[ExpressionStep], result: int) -> tuple[ExpressionStep, ...]:
    """Keep the steps that the result is computed from; it comes last."""
    needed, pending = {result}, [result]
    while pending:
        for before in steps[pending.pop()].inputs:
            if before not in needed:
                needed.add(before)
                pending.append(before)
    kept = [i for i in range(len(steps)) if i in needed]
    place = {old: new for new, old in enumerate(kept)}
    return tuple(
        replace(steps[i], inputs=tuple(place[before] for before in steps[i].inputs)) for i in kept
    )
