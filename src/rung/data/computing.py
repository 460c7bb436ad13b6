"""Compute an expression for every row of a table; a value that is not known stays so."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn, TypeAlias

import numpy as np
import polars as pl

from rung.core.column_parts import DATETIME_PARTS, datetime_parts
from rung.core.dataset import Column
from rung.data.dates import to_seconds
from rung.data.expressions import DATE_PARTS, Steps
from rung.errors import suggest
from rung.graph.expression import COMPARING, ExpressionStep
from rung.graph.tokens import NAME, complain
from rung.typing import Array

Sort: TypeAlias = Literal["number", "truth", "time", "words", "text"]
CALLED: Mapping[Sort, str] = {
    "number": "numbers",
    "truth": "true or false",
    "time": "dates or times",
    "words": "words",
    "text": "a text",
}
SORTS: Mapping[str, Sort] = {
    "number": "number",
    "boolean": "truth",
    "datetime": "time",
    "category": "words",
    "text": "words",
}
SECONDS_PER_DAY = 86_400.0
MOST_NAMES = 8


@dataclass(frozen=True)
class Cells:
    """Values of an expression, or of a column that it uses.

    Attributes
    ----------
    sort : str
        `number`; `truth`, 1 and 0; `time`, seconds since 1970 UTC; `words`, codes into `levels`;
        or `text`, which stands in the expression itself.
    values : ndarray, shape (n_rows,) or ()
        Float64 with NaN for missing; of words int32, -1 for missing and -2 for any other word.
    levels : tuple of str
        The words, or the one text.
    """

    sort: Sort
    values: Array
    levels: tuple[str, ...] = ()


def cells_of(column: Column, values: Array) -> Cells:
    """Return a column as an expression sees it."""
    return Cells(SORTS[column.kind], values, column.levels)


def compute(source: str, steps: Steps, columns: Mapping[str, Cells]) -> Cells:
    """Return the value of an expression in every row.

    What has no finite value, such as 1/0 or the logarithm of -1, is missing, as is whatever is
    made of a missing value; but `false and missing` is false, and `true or missing` is true.

    Parameters
    ----------
    source : str
        The expression, for messages.
    steps : tuple of ExpressionStep
        What it was read as.
    columns : mapping of str to Cells
        What the names stand for.

    Raises
    ------
    UsageError
        If a name is no column, or values do not go together; with the position.

    Examples
    --------
    >>> from rung.data.expressions import parse_condition
    >>> z = Cells("number", np.array([0.5, 2.0, np.nan]))
    >>> compute("z > 1", parse_condition("z > 1"), {"z": z}).values
    array([ 0.,  1., nan])
    """
    made: dict[int, Cells] = {}
    last_use = {place: i for i, step in enumerate(steps) for place in step.inputs}
    with np.errstate(all="ignore"):
        for i, step in enumerate(steps):
            given = [made[place] for place in step.inputs]
            made[i] = _finite(_step(_Place(source, step, columns), given))
            for place in set(step.inputs):
                if last_use[place] == i:  # an expression may be long, and a table too
                    del made[place]
    return made[len(steps) - 1]


def _finite(one: Cells) -> Cells:
    """Return values with what is no finite number as missing."""
    if one.sort in ("words", "text"):
        return one
    return Cells(one.sort, np.where(np.isfinite(one.values), one.values, np.nan))


@dataclass(frozen=True)
class _Place:
    """A step of an expression, and where it stands."""

    source: str
    step: ExpressionStep
    columns: Mapping[str, Cells]

    def fail(self, what: str, remedy: str) -> NoReturn:
        complain(self.source, self.step.at, what, remedy)

    def numbers(self, *given: Cells) -> list[Array]:
        for one in given:
            if one.sort != "number":
                what = f"{self.step.operation!r} takes numbers, not {_called(one)}"
                self.fail(what, _instead(one))
        return [one.values for one in given]

    def truths(self, *given: Cells) -> list[Array]:
        for one in given:
            if one.sort != "truth":
                what = f"{self.step.operation!r} takes true or false, not {_called(one)}"
                self.fail(what, "compare it with something: x > 0, class == 'STAR'")
        return [one.values for one in given]


def _called(one: Cells) -> str:
    if one.sort == "text":
        return f"the text {one.levels[0]!r}"
    example = f" such as {one.levels[0]!r}" if one.sort == "words" and one.levels else ""
    return CALLED[one.sort] + example


def _instead(one: Cells) -> str:
    if one.sort == "time":
        return "write year(x), month(x), day_of_year(x), weekday(x) or hour(x)"
    if one.sort == "text":
        return "write a number without quotes"
    return "compare words with a text: class == 'STAR'"


def _step(place: _Place, given: list[Cells]) -> Cells:
    operation = place.step.operation
    if operation == "number":
        return Cells("number", np.array(place.step.value))
    if operation == "text":
        return Cells("text", np.array(0.0), (place.step.name,))
    if operation == "name":
        return _column(place)
    if operation in COMPARING:
        return Cells("truth", _compared(place, *given))
    if operation in ("and", "or", "not"):
        return Cells("truth", _joined(operation, *place.truths(*given)))
    if operation == "missing":
        return Cells("truth", is_missing(given[0]).astype(np.float64))
    if operation in DATE_PARTS:
        return Cells("number", _date_part(place, given[0]))
    if operation == "-" and given[0].sort == given[1].sort == "time":
        return Cells("number", (given[0].values - given[1].values) / SECONDS_PER_DAY)
    found: Array = ARITHMETIC[operation](*place.numbers(*given))
    return Cells("number", found)


def _column(place: _Place) -> Cells:
    name = place.step.name
    if name not in place.columns and name in ("true", "false"):
        return Cells("truth", np.array(float(name == "true")))
    return place.columns[name] if name in place.columns else _refuse_name(place)


def _refuse_name(place: _Place) -> NoReturn:
    name, columns = place.step.name, place.columns
    near = suggest(name, columns)
    listed = ", ".join(map(repr, list(columns)[:MOST_NAMES]))
    more = ", …" if len(columns) > MOST_NAMES else ""
    hint = f"did you mean {spelled(near)}?" if near else "write one of these"
    if name == "missing":
        hint = "write missing(x) to ask whether a value is missing"
    place.fail(
        f"no column {name!r}; the table has {listed}{more}",
        f"{hint} (a column with other letters stands in brackets, [u - g]; a text in quotes, 'STAR')",
    )


def spelled(name: str) -> str:
    """Write a column's name as expressions have it.

    Examples
    --------
    >>> spelled("NUVr"), spelled("u - g"), spelled("l·l")
    ('NUVr', '[u - g]', '[l·l]')
    """
    words = ("and", "or", "not", "in", "true", "false")
    if re.fullmatch(NAME, name) and name not in words:
        return name
    return "[" + name.replace("]", "]]") + "]"


def _compared(place: _Place, left: Cells, right: Cells) -> Array:
    sign = place.step.operation
    if "text" in (left.sort, right.sort):
        words, text = (right, left) if left.sort == "text" else (left, right)
        return _compared_with_text(place, words, text, is_turned=left.sort == "text")
    if left.sort != right.sort or left.sort == "words":
        place.fail(f"{_called(left)} cannot be compared with {_called(right)}", _how(left, right))
    if left.sort == "truth" and sign not in ("==", "!="):
        place.fail("true and false have no order", "compare them with == or !=")
    return _with_sign(sign, left.values, right.values)


def _how(left: Cells, right: Cells) -> str:
    if {left.sort, right.sort} == {"words", "number"}:
        return "write the number in quotes if the column holds it as a word: code == '007'"
    return "compare numbers with numbers, and words with a text in quotes: class == 'STAR'"


def _compared_with_text(place: _Place, other: Cells, text: Cells, *, is_turned: bool) -> Array:
    (written,), sign = text.levels, place.step.operation
    if other.sort == "time":
        seconds = to_seconds(pl.Series([written]))[0]
        if seconds is None:
            place.fail(f"{written!r} is no date", "write it as '2024-01-31' or '2024-01-31T12:00'")
        pair = (np.array(seconds), other.values)
        return _with_sign(sign, *(pair if is_turned else pair[::-1]))
    if other.sort != "words":
        remedy = "leave the quotes out" if _is_number(written) else "name a column of words"
        place.fail(f"{CALLED[other.sort]} cannot be compared with the text {written!r}", remedy)
    if sign not in ("==", "!="):
        place.fail(f"words are not ordered by {sign!r}", "compare them with ==, != or in")
    code = other.levels.index(written) if written in other.levels else -3
    same = np.where(other.values == -1, np.nan, other.values == code)
    return same if sign == "==" else 1.0 - same


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _with_sign(sign: str, left: Array, right: Array) -> Array:
    unknown = np.isnan(left) | np.isnan(right)
    found: Array = np.where(unknown, np.nan, COMPARISONS[sign](left, right))
    return found


def _joined(operation: str, left: Array, right: Array | None = None) -> Array:
    """Join truth values of which some are not known: Kleene's three-valued logic."""
    if right is None:
        return 1.0 - left
    known: Array = np.minimum(left, right) if operation == "and" else np.maximum(left, right)
    decisive = 0.0 if operation == "and" else 1.0
    return np.where((left == decisive) | (right == decisive), decisive, known)


def is_missing(one: Cells) -> Array:
    """Tell in which rows a value is missing."""
    return one.values == -1 if one.sort == "words" else np.isnan(one.values)


def _date_part(place: _Place, one: Cells) -> Array:
    part = place.step.operation
    if one.sort != "time":
        remedy = f"if {part!r} is a column, write it without parentheses"
        place.fail(f"{part!r} takes a date or time, not {_called(one)}", remedy)
    return datetime_parts(np.atleast_1d(one.values))[:, DATETIME_PARTS.index(part)]


def _power(base: Array, exponent: Array) -> Array:
    return np.power(np.asarray(base, dtype=np.float64), exponent)


def _sigmoid(x: Array) -> Array:
    return 0.5 * (1.0 + np.tanh(0.5 * x))


COMPARISONS: Mapping[str, Callable[[Array, Array], Array]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
ARITHMETIC: Mapping[str, Callable[..., Array]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": _power,
    "neg": np.negative,
    "exp": np.exp,
    "log": np.log,
    "log10": np.log10,
    "sqrt": np.sqrt,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "abs": np.abs,
    "max": np.maximum,
    "min": np.minimum,
    "relu": lambda x: np.maximum(x, 0.0),
    "sigmoid": _sigmoid,
}
