"""Find columns that may say which thing a row was measured on: a subject, a plate, a station."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from rung.check.names import is_part_name, is_thing_name, is_time_name
from rung.core.dataset import Column, Dataset
from rung.typing import Array

FEWEST_GROUPS = 3
FEWEST_ROWS_A_GROUP = 1.5
# Share of rows that share their group with another one, and of the largest group.
SHARED, LARGEST = 0.5, 0.5
# Whole numbers that are all multiples of this are rounded quantities.
ROUND = 5
# From so many words on, a column of words names things rather than kinds.
MANY_WORDS = 20
FEWEST_CODES = 5
MOST_PATTERNS = 4
MOST_PAIRED = 8
LARGE = 2.0**53
NO_THINGS = ("target", "weight", "constant")

# Ranges, times of day and dates, which are no codes of things.
_RANGE = r"\D?\d+(\.\d+)?\s*(-|–|to|\+|<|>|:\d\d)"
_DATE = r"\d{4}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
_NO_THING = re.compile(rf"^({_RANGE}|{_DATE})")
_PARTS = re.compile(r"[^A-Za-z0-9]+")
_RUNS = re.compile(r"[A-Za-z]+\d+")


@dataclass(frozen=True)
class Entity:
    """Divide rows by the thing they may be measured on.

    Attributes
    ----------
    columns : tuple of str
        Column that tells, or two that tell together.
    codes : ndarray of int, shape (n_rows,)
        Thing of each row; -1 where it is missing.
    is_named : bool
        Whether the name of a column says that it names things.
    is_code : bool
        Whether its values look like codes of things, such as `P07`.
    is_number : bool
        Whether its values are numbers.
    is_long : bool
        Whether its numbers all have the same three digits or more, as nobody numbers kinds.
    has_letters : bool
        Whether its codes have letters too; codes of digits alone may be those of kinds.
    stem : str
        How the thing is read off a longer identifier; empty where the whole value is it.
    """

    columns: tuple[str, ...]
    codes: Array
    is_named: bool = False
    is_code: bool = False
    is_number: bool = False
    is_long: bool = False
    has_letters: bool = False
    stem: str = ""

    @property
    def n_groups(self) -> int:
        """Number of things."""
        return len(np.unique(self.codes[self.codes >= 0]))

    @property
    def is_possible(self) -> bool:
        """Whether there are things enough, with rows enough each."""
        sizes = np.bincount(self.codes[self.codes >= 0])
        n_groups, n_rows = int((sizes > 0).sum()), int(sizes.sum())
        shared = int(sizes[sizes > 1].sum())
        return (
            n_groups >= FEWEST_GROUPS
            and n_rows >= FEWEST_ROWS_A_GROUP * n_groups
            and shared >= SHARED * len(self.codes)
            and int(sizes.max()) <= LARGEST * n_rows
        )

    def examples(self, dataset: Dataset) -> str:
        """Show five values."""
        column = dataset.column(self.columns[0])
        values = dataset.values[column.name][self.codes >= 0]
        if column.is_coded:
            shown = [repr(column.levels[code]) for code in np.unique(values)[:5]]
        else:
            shown = [f"{value:.10g}" for value in np.unique(values)[:5]]
        return ", ".join(shown)


def find_entities(dataset: Dataset, target: str) -> tuple[Entity, ...]:
    """Return what may be entities, column by column, in the order of the table.

    Parameters
    ----------
    dataset : Dataset
        Rows, with whatever roles.
    target : str
        Name of the target, which is none.

    Examples
    --------
    >>> column = Column("subject", "number")
    >>> table = Dataset((column,), {"subject": np.repeat(np.arange(4.0), 3)}, 12)
    >>> [(one.columns, one.n_groups, one.is_named) for one in find_entities(table, "y")]
    [(('subject',), 4, True)]
    """
    found: list[Entity] = []
    for column in dataset.columns:
        is_time = is_time_name(column.name) or is_part_name(column.name)
        if column.name != target and column.role not in NO_THINGS and not is_time:
            values = dataset.values[column.name]
            ways = _of_strings(column, values) if column.is_coded else _of_numbers(column, values)
            found.extend(one for one in ways if one.n_groups > 1)
    return tuple(found)


def _of_numbers(column: Column, values: Array) -> Iterator[Entity]:
    known = np.isfinite(values)
    whole = values[known]
    if column.kind != "number" or not len(whole) or (whole != np.floor(whole)).any():
        return
    if np.abs(whole).max() >= LARGE:
        return
    levels, place = np.unique(whole, return_inverse=True)
    named = is_thing_name(column.name)
    if not named and np.gcd.reduce(np.diff(levels).astype(np.int64)) >= ROUND:
        return
    codes = np.full(len(values), -1, dtype=np.int64)
    codes[known] = place
    yield Entity((column.name,), codes, named, is_number=True, is_long=_are_long(levels))


def _are_long(levels: Array) -> bool:
    """Tell whether numbers have equally many digits, at least three, and are no years."""
    low, high = float(levels[0]), float(levels[-1])
    is_year = low >= 1900 and high <= 2100
    return low >= 100 and len(f"{low:.0f}") == len(f"{high:.0f}") and not is_year


def _of_strings(column: Column, values: Array) -> Iterator[Entity]:
    codes = values.astype(np.int64)
    used = np.unique(codes[codes >= 0])
    levels = [column.levels[code] for code in used]
    named = is_thing_name(column.name)
    is_code = look_like_codes(levels)
    letters = is_code and any(sign.isalpha() for level in levels for sign in level)
    yield Entity((column.name,), codes, named, is_code, has_letters=letters)
    place = np.full(len(column.levels), -1, dtype=np.int64)
    for stem, stems in stems_of(levels):
        place[used] = np.unique(stems, return_inverse=True)[1]
        yield Entity(
            (column.name,),
            np.where(codes >= 0, place[codes], -1),
            named,
            True,
            has_letters=True,
            stem=stem,
        )


def look_like_codes(levels: Sequence[str]) -> bool:
    """Tell whether strings are codes of one pattern, such as `P01` and `S2-04`; ranges are none.

    Examples
    --------
    >>> look_like_codes(["P01", "P02", "P03", "P04", "P12"])
    True
    >>> look_like_codes(["18-25", "26-35", "36-45", "46-55", "56+"])
    False
    >>> look_like_codes(["north", "south", "east", "west", "centre"])
    False
    """
    if len(levels) < FEWEST_CODES or _are_no_things(levels):
        return False
    with_digit = sum(any(sign.isdigit() for sign in level) for level in levels)
    patterns = {re.sub(r"\d+", "9", re.sub(r"[A-Za-z]+", "a", level)) for level in levels}
    return with_digit >= 0.9 * len(levels) and len(patterns) <= MOST_PATTERNS


def _are_no_things(levels: Sequence[str]) -> bool:
    return sum(map(bool, map(_NO_THING.match, levels))) > 0.2 * len(levels)


def stems_of(levels: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the ways to read a thing off identifiers such as `P01_rec3`: their first parts.

    Yields
    ------
    name : str
        How the stem is read, for people.
    stems : list of str
        Stem of each identifier.

    Examples
    --------
    >>> list(stems_of([f"P{i}_rec{j}" for i in range(3) for j in range(2)]))[0][1]
    ['P0', 'P0', 'P1', 'P1', 'P2', 'P2']
    """
    if _are_no_things(levels):
        return
    parts = [_split(level) for level in levels]
    n_parts = min(map(len, parts), default=0)
    if n_parts < 2 or np.mean([len(one) == n_parts for one in parts]) < 0.9:
        return
    for n_kept in range(1, min(n_parts, 5)):
        stems = ["_".join(one[:n_kept]) for one in parts]
        n_stems = len(set(stems))
        if FEWEST_GROUPS <= n_stems <= len(levels) / FEWEST_ROWS_A_GROUP:
            yield f"the first {n_kept} of {n_parts} parts", stems


def _split(level: str) -> list[str]:
    parts = [part for part in _PARTS.split(level) if part]
    runs = _RUNS.findall(level) if len(parts) == 1 else []
    return runs if len(runs) > 1 and "".join(runs) == level else parts


def pairs_of(entities: Sequence[Entity]) -> Iterator[tuple[Entity, Entity, Entity]]:
    """Yield each two entities of few things, with what they are together."""
    single = [one for one in entities if not one.stem and 2 * one.n_groups <= len(one.codes)]
    single = single[:MOST_PAIRED]
    for one, other in combinations(single, 2):
        if one.columns == other.columns:
            continue
        known = (one.codes >= 0) & (other.codes >= 0)
        joined = np.full(len(known), -1, dtype=np.int64)
        both = one.codes[known] * (int(other.codes.max()) + 1) + other.codes[known]
        joined[known] = np.unique(both, return_inverse=True)[1]
        together = Entity((*one.columns, *other.columns), joined, one.is_named or other.is_named)
        if together.is_possible and together.n_groups > max(one.n_groups, other.n_groups):
            yield one, other, together
