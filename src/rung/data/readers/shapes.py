"""Tell whether a cell could stand in a column, from how the column's other cells are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_SHAPES = 12
_VALUE = re.compile(
    r"^[^\w\s]{0,3}\s*(?:\d(?:[\d.,:/' \u00a0T_+eEdD-]*\d)?|[.,]\d+(?:[eE][+-]?\d+)?)[.,]?Z?"
    r"(?:\s?[AaPp][Mm])?\s?[^\w\s]{0,2}$"
)
_LETTERS, _DIGITS, _RUNS = re.compile(r"[^\W\d_]"), re.compile(r"\d"), re.compile(r"(.)\1+")


def is_value(cell: str) -> bool:
    """Tell whether a cell holds a number, an amount, a date or a time.

    Examples
    --------
    >>> [is_value(cell) for cell in ("-1.5e3", "$5", "2023-09-14 05:34:58 PM", "m/s", "x1")]
    [True, True, True, False, False]
    """
    return bool(_VALUE.match(cell.strip()))


def spelling(cell: str) -> str:
    """Return a cell with `a` for every letter and `9` for every digit.

    Examples
    --------
    >>> spelling("MG-8769")
    'aa-9999'
    """
    return _DIGITS.sub("9", _LETTERS.sub("a", cell))


@dataclass(frozen=True)
class Shape:
    """Say how the cells of a column are written.

    Attributes
    ----------
    kind : str
        `exact`: few spellings; `runs`: few, but for the lengths of runs; `free`: many.
    known : frozenset of str
        The spellings, those with runs of one, or the first characters.
    has_empty : bool
        Whether a cell may be empty.
    """

    kind: str
    known: frozenset[str]
    has_empty: bool

    def fits(self, cell: str) -> bool:
        """Tell whether a cell could stand in the column."""
        text = cell.strip()
        if not text:
            return self.has_empty
        return _reduced(text, self.kind) in self.known


def _reduced(text: str, kind: str) -> str:
    spelled = spelling(text)
    if kind == "exact":
        return spelled
    return _RUNS.sub(r"\1", spelled) if kind == "runs" else spelled[:1]


def column_shapes(rows: Sequence[Sequence[str]]) -> list[Shape]:
    """Return the shape of every column of some rows of one width.

    Examples
    --------
    >>> column_shapes([["a1", "x"], ["b2", ""]])[0].fits("c3")
    True
    """
    return [_shape([cell.strip() for cell in column]) for column in zip(*rows, strict=True)]


def _shape(cells: Sequence[str]) -> Shape:
    present = [cell for cell in cells if cell]
    is_prose = any(" " in cell and not is_value(cell) for cell in present)
    for kind in () if is_prose else ("exact", "runs"):
        known = frozenset(_reduced(cell, kind) for cell in present)
        if len(known) <= min(MOST_SHAPES, max(1, len(present) // 3)):
            return Shape(kind, known, len(present) < len(cells))
    firsts = frozenset(_reduced(cell, "free") for cell in present)
    return Shape("free", firsts, len(present) < len(cells))
