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
from rung.graph.tokens import NAME, NUMBER, Language, Token, complain, cut

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
COMPARING = ("==", "!=", "<", "<=", ">", ">=")
BINDS: Mapping[str, tuple[int, int]] = {
    "+": (10, 11),
    "-": (10, 11),
    "*": (20, 21),
    "/": (20, 21),
    "**": (41, 30),
}
UNARY = 30
ARITHMETIC = Language(
    pattern=re.compile(
        rf"\s*(?:{NUMBER}|{NAME}|(?P<sign>\*\*|[-+*/()=,;])|(?P<end>$)|(?P<other>.))", re.DOTALL
    ),
    functions=FUNCTIONS,
    binds=BINDS,
    prefixes={"-": UNARY, "+": UNARY},
    accepted="use numbers, names, + - * / ** ( ) and functions",
    names_values=True,
)


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
    _refuse_length(source)
    return _TokenReader(source).statements()


def parse_in(source: str, language: Language) -> tuple[str, tuple[ExpressionStep, ...]]:
    """Read one expression of a language, and the name that it is given; empty for none.

    Raises
    ------
    UsageError
        With the position of what cannot be read.
    """
    _refuse_length(source)
    reader = _TokenReader(source, language)
    name = reader.given_name()
    result = reader.expression(0)
    if reader.token.kind != "end":
        reader.unexpected(reader.token)
    return name, _ending_with(reader.steps, result)


def _refuse_length(source: str) -> None:
    if len(source) > LONGEST:
        raise UsageError(
            f"the expression has {len(source):,} characters; at most {LONGEST:,} are read",
            "write the computation as a Python function and give it to rung.graph_of",
        )


def tokens(source: str) -> list[Token]:
    """Cut arithmetic into numbers, names and signs.

    Examples
    --------
    >>> [token.text for token in tokens("a**2")]
    ['a', '**', '2', '']
    """
    return cut(source, ARITHMETIC)


@dataclass
class _TokenReader:
    """Go through the tokens once, from left to right."""

    source: str
    language: Language = ARITHMETIC
    steps: list[ExpressionStep] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)
    chains: dict[int, int] = field(default_factory=dict)
    place: int = 0
    depth: int = 0

    def __post_init__(self) -> None:
        self.tokens = cut(self.source, self.language)

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
        left, binds = self.operand(), self.language.binds
        while (sign := self.token).text in binds and sign.kind in ("sign", "name"):
            if binds[sign.text][0] < least:
                break
            self.take()
            left = self.joined(left, sign)
        self.depth -= 1
        return left

    def joined(self, left: int, sign: Token) -> int:
        """Join a value with what follows the operator after it."""
        if sign.text in ("in", "not"):
            return self.membership(left, sign)
        right = self.expression(self.language.binds[sign.text][1])
        if sign.text in COMPARING:
            return self.compared(left, sign, right)
        return self.add(ExpressionStep(sign.text, (left, right), sign.at))

    def compared(self, left: int, sign: Token, right: int) -> int:
        """Compare two values; `a < b < c` compares b with both."""
        before = self.chains.get(left)
        inputs = (left if before is None else before, right)
        step = self.add(ExpressionStep(sign.text, inputs, sign.at))
        if before is not None:
            step = self.add(ExpressionStep("and", (left, step), sign.at))
        self.chains[step] = right
        return step

    def membership(self, left: int, sign: Token) -> int:
        """Compare a value with each of a list: `a in (1, 2)`, `a not in (1, 2)`."""
        is_not = sign.text == "not"
        if is_not and self.take().text != "in":
            self.fail(sign, "'not' stands between two values", "write: a not in (1, 2), or and not")
        opening = self.take()
        if opening.text != "(" or opening.kind != "sign":
            self.fail(opening, "no list follows 'in'", "write: a in (1, 2)")
        found: list[int] = []
        for value in self.listed(opening):
            found.append(self.add(ExpressionStep("==", (left, value), sign.at)))
            if len(found) > 1:
                found = [self.add(ExpressionStep("or", (found[0], found[1]), sign.at))]
        return self.add(ExpressionStep("not", (found[0],), sign.at)) if is_not else found[0]

    def listed(self, opening: Token) -> list[int]:
        """Read values between a parenthesis that is open and the one that closes it."""
        found = [self.expression(0)]
        while self.token.text == "," and self.token.kind == "sign":
            self.take()
            found.append(self.expression(0))
        self.close(opening)
        return found

    def given_name(self) -> str:
        """Take the name before an equals sign, if an expression begins so."""
        token, sign = self.token, self.tokens[min(self.place + 1, len(self.tokens) - 1)]
        if token.kind not in ("name", "quoted") or sign.text != "=" or sign.kind != "sign":
            return ""
        self.place += 2
        return plain_name(token)

    def operand(self) -> int:
        token = self.take()
        if token.kind == "number":
            return self.add(ExpressionStep("number", (), token.at, self.number(token)))
        if token.kind == "text":
            quote = token.text[0]
            return self.add(
                ExpressionStep(
                    "text", (), token.at, name=token.text[1:-1].replace(quote * 2, quote)
                )
            )
        if token.kind == "quoted":
            return self.name(token)
        if token.text in self.language.prefixes:
            return self.prefixed(token)
        if token.kind == "name" and token.text not in self.language.binds:
            is_call = self.token.text == "(" and self.token.kind == "sign"
            return self.call(token) if is_call else self.name(token)
        if token.text == "(":
            inside = self.expression(0)
            self.close(token)
            self.chains.pop(inside, None)
            return inside
        return self.unexpected(token)

    def prefixed(self, sign: Token) -> int:
        if sign.text == "-":
            return self.negative(sign)
        value = self.expression(self.language.prefixes[sign.text])
        if sign.text == "+":
            return value
        return self.add(ExpressionStep(sign.text, (value,), sign.at))

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
        name = plain_name(token)
        if self.language.names_values and name in self.language.functions:
            self.fail(token, f"{name!r} is a function", f"write {name}(...)")
        if name not in self.known:
            self.known[name] = self.add(ExpressionStep("name", (), token.at, name=name))
        return self.known[name]

    def call(self, name: Token) -> int:
        functions = self.language.functions
        if name.text not in functions:
            near = suggest(name.text, functions)
            remedy = f"did you mean {near}?" if near else "write the computation with these"
            known = ", ".join(functions)
            self.fail(name, f"{name.text!r} is no function; {known} are known", remedy)
        given = self.listed(self.take())
        wanted = functions[name.text]
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
        remedy = self.language.hints.get(token.text, remedy)
        self.fail(token, what, remedy or "a value belongs here, or an operator before it")


def plain_name(token: Token) -> str:
    """Return the name that a token stands for; one in brackets may hold any signs.

    Examples
    --------
    >>> plain_name(Token("quoted", "[u - g]", 1))
    'u - g'
    """
    return token.text[1:-1].replace("]]", "]") if token.kind == "quoted" else token.text


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
