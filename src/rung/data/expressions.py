"""Read what is asked of the rows of a table: a condition, or a column made of others.

The language is the arithmetic of `rung graph` with columns, texts in quotes, comparisons, `and`,
`or`, `not`, `in` and `missing(x)`. Nothing in it is run as a program.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rung.graph.expression import (
    ARITHMETIC,
    BINDS,
    COMPARING,
    FUNCTIONS,
    ExpressionStep,
    parse_in,
)
from rung.graph.tokens import NAME, NUMBER, Language, complain

DATE_PARTS = ("year", "month", "day_of_year", "weekday", "hour")
Steps = tuple[ExpressionStep, ...]
_NOT = 6
_TEXT = r"(?P<text>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")"
_SIGNS = r"(?P<sign>\*\*|[<>=!]=|<>|&&|\|\||[-+*/(),;<>=&|!~])"
_OPEN = "the quote is never closed: write the same one at its end"

COLUMNS = Language(
    pattern=re.compile(
        rf"\s*(?:{NUMBER}|{_TEXT}|(?P<quoted>\[(?:[^\]]|\]\])+\])|{NAME}|{_SIGNS}"
        r"|(?P<end>$)|(?P<other>.))",
        re.DOTALL,
    ),
    functions={
        **FUNCTIONS,
        "min": 2,
        "sqrt": 1,
        "log10": 1,
        "missing": 1,
        **dict.fromkeys(DATE_PARTS, 1),
    },
    binds={
        **BINDS,
        "or": (2, 3),
        "and": (4, 5),
        **dict.fromkeys((*COMPARING, "in", "not"), (8, 9)),
    },
    prefixes={**ARITHMETIC.prefixes, "not": _NOT},
    accepted="use columns, numbers, 'texts', + - * / ** ( ), == != < <= > >=, and, or, not, in; "
    "a column with other letters stands in brackets: [u - g]",
    hints={
        "=": "write == to compare",
        "<>": "write !=",
        "&": "write and",
        "&&": "write and",
        "|": "write or",
        "||": "write or",
        "!": "write not, or != to compare",
        "~": "write not",
        ";": "give the option again for each column",
        "'": _OPEN,
        '"': _OPEN,
        "[": "a column in brackets ends in ]: [u - g]",
        "`": "a column with other letters stands in brackets: [u - g]",
        ".": "a column with other letters stands in brackets: [a.b]",
    },
)


def parse_condition(source: str) -> Steps:
    """Read a condition on the rows of a table.

    Raises
    ------
    UsageError
        With the position of what cannot be read.

    Examples
    --------
    >>> [step.operation for step in parse_condition("z > 0 and class != 'STAR'")]
    ['name', 'number', '>', 'name', 'text', '!=', 'and']
    """
    name, steps = parse_in(source, COLUMNS)
    if name:
        complain(source, 1, f"{name!r} is given a value in a condition", "write == to compare")
    return steps


def parse_definition(source: str) -> tuple[str, Steps]:
    """Read what a column is called and what it is made of.

    Examples
    --------
    >>> name, steps = parse_definition("[u - g] = u - g")
    >>> name, [step.operation for step in steps]
    ('u - g', ['name', 'name', '-'])
    """
    name, steps = parse_in(source, COLUMNS)
    if not name:
        complain(source, 1, "no name of a new column", "write NAME = EXPRESSION: u_g = u - g")
    return name, steps


def columns_of(steps: Sequence[ExpressionStep]) -> tuple[str, ...]:
    """Return the names in an expression, as they first come."""
    return tuple(step.name for step in steps if step.operation == "name")


def texts_of(steps: Sequence[ExpressionStep]) -> dict[str, set[str]]:
    """Return the texts that each column is compared with.

    Examples
    --------
    >>> texts_of(parse_condition("class in ('A', 'B') and z > 1"))["class"] == {"A", "B"}
    True
    """
    found: dict[str, set[str]] = {}
    for step in steps:
        sides = [steps[place] for place in step.inputs]
        names = [side.name for side in sides if side.operation == "name"]
        texts = [side.name for side in sides if side.operation == "text"]
        if step.operation in COMPARING and names and texts:
            found.setdefault(names[0], set()).add(texts[0])
    return found
