"""Cut an expression into numbers, names and signs, as a language has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from rung.errors import UsageError

SHOWN = 24
NUMBER = r"(?P<number>(?:\d[\d_]*\.?[\d_]*|\.\d+)(?:[eE][+-]?\d+)?)"
NAME = r"(?P<name>[^\W\d]\w*)"


@dataclass(frozen=True, kw_only=True)
class Language:
    """Say which signs, words and functions an expression may have.

    Attributes
    ----------
    pattern : re.Pattern
        Matches the next token; the group that matches is its kind: `number`, `name`, `sign`,
        `end`, `other`, and where the language has them `text` and `quoted`, a name in brackets.
    functions : mapping of str to int
        How many values each takes.
    binds : mapping of str to (int, int)
        How strongly each operator between two values binds, to the left and to the right.
    prefixes : mapping of str to int
        How strongly each operator before a value binds.
    accepted : str
        What to write instead of a sign that has no meaning.
    hints : mapping of str to str
        What to write instead of a sign that other languages have.
    names_values : bool
        Whether `c = a + b` names a value, and a function's name stands for the function alone.
    """

    pattern: re.Pattern[str]
    functions: Mapping[str, int]
    binds: Mapping[str, tuple[int, int]]
    prefixes: Mapping[str, int]
    accepted: str
    hints: Mapping[str, str] = field(default_factory=dict)
    names_values: bool = False


@dataclass(frozen=True)
class Token:
    """A piece of text: its kind, what it says, and its position counted from 1."""

    kind: str
    text: str
    at: int


def complain(source: str, at: int, what: str, remedy: str) -> NoReturn:
    """Raise a message that shows the place in the text."""
    start, stop = max(at - 1 - SHOWN // 2, 0), at - 1 + SHOWN // 2
    head, tail = "…" if start else "", "…" if stop < len(source) else ""
    near = f"{head}{source[start:stop]}{tail}"
    raise UsageError(f"{what}, at character {at} of {near!r}", remedy)


def cut(source: str, language: Language) -> list[Token]:
    """Cut a text into tokens; the last one is its end."""
    found, position = [], 0
    while True:
        match = language.pattern.match(source, position)
        assert match is not None  # the last alternatives take whatever comes
        kind = match.lastgroup or "end"
        token = Token(kind, match.group(kind), match.start(kind) + 1)
        if kind == "other":
            _refuse_sign(source, token, language)
        found.append(token)
        if kind == "end":
            return found
        position = match.end()


def _refuse_sign(source: str, token: Token, language: Language) -> NoReturn:
    what = f"{token.text!r} has no meaning in an expression"
    if token.text == ".":
        what = "'.' reaches into an object, which an expression cannot do"
    elif token.text == "^":
        complain(source, token.at, "'^' is no power", "write ** for a power")
    remedy = language.hints.get(token.text, language.accepted)
    complain(source, token.at, what, remedy)
