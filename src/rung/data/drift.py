"""Say what differs between new rows and those of training, and read alike what is the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import TypeAlias

import numpy as np
import polars as pl

from rung.core.dataset import PLAIN, UNSEEN, Column
from rung.core.findings import Finding
from rung.core.sentinels import blank, new_sentinels
from rung.data import cells
from rung.data.notation import find_reading, read_numbers
from rung.data.tokens import PLACEHOLDERS, count_cells, shown
from rung.typing import Array

Tell: TypeAlias = Callable[[Finding], None]

MOSTLY = 0.5
FEWEST_UNSEEN = 2
_AS_NUMBER = re.compile(r"^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$")


def keep_quiet(finding: Finding) -> None:
    """Tell nobody."""


def match_codes(strings: pl.Series, codes: Array, column: Column, tell: Tell) -> Array:
    """Code strings that are levels but for zeros, such as '101' for '00101', and say what is new.

    Parameters
    ----------
    strings : Series, shape (n_rows,)
        Stripped cells, null where missing.
    codes : ndarray of int32, shape (n_rows,)
        Their codes, -2 where training has no such level.
    column : Column
        What training knows.
    tell : callable
        Told what was matched, and how much is unknown.

    Examples
    --------
    >>> column = Column("station", "category", levels=("00101", "07300"))
    >>> match_codes(pl.Series(["7300", "8"]), np.array([-2, -2]), column, keep_quiet)
    array([ 1, -2])
    """
    unseen = codes == UNSEEN
    if not unseen.any():
        return codes
    present = strings.drop_nulls().unique().to_list()
    homes = _same_numbers(present, column.levels)
    if homes:
        found = [homes.get(cell, UNSEEN) for cell in strings.filter(pl.Series(unseen)).to_list()]
        codes = codes.copy()
        codes[unseen] = found
        tell(_matched(column, homes, int(np.sum(np.array(found) != UNSEEN))))
    still = codes == UNSEEN
    if still.any():
        n_present = len(strings) - strings.null_count()
        tell(_unknown(column, count_cells(strings.filter(pl.Series(still))), n_present))
    return codes


def _same_numbers(present: Sequence[str], levels: Sequence[str]) -> dict[str, int]:
    """Map new strings to the level of the same number, where one belongs to one."""
    forms = {level: form for level in levels if (form := _number_form(level))}
    spelled = {cell: form for cell in present if (form := _number_form(cell))}
    often, spelled_often = Counter(forms.values()), Counter(spelled.values())
    places = {form: levels.index(level) for level, form in forms.items() if often[form] == 1}
    return {
        cell: places[form]
        for cell, form in spelled.items()
        if cell not in forms and form in places and spelled_often[form] == 1
    }


def _number_form(text: str) -> str:
    """Write a number without zeros and signs that say nothing; empty for anything else."""
    found = _AS_NUMBER.match(text)
    if not found or not (found[2] or found[3] or "0" in text):
        return ""
    return f"{found[1].replace('+', '')}{found[2] or '0'}.{found[3] or '0'}"


def _matched(column: Column, homes: dict[str, int], count: int) -> Finding:
    cell, home = min(homes.items())
    return Finding(
        "codes_matched",
        "warning",
        (column.name,),
        f"column {column.name!r}: {count} cells such as {cell!r} are written otherwise in training, "
        f"as {column.levels[home]!r}",
        "read as the codes of the same number",
    )


def _unknown(column: Column, counts: Sequence[tuple[str, int]], n_present: int) -> Finding:
    """Warn of a column that is mostly unknown, as one that is written otherwise; note the rest."""
    n_unseen = sum(count for _, count in counts)
    is_mostly = n_unseen >= FEWEST_UNSEEN and n_unseen > MOSTLY * n_present
    known = ", ".join(map(repr, column.levels[:3])) + (", ..." if len(column.levels) > 3 else "")
    return Finding(
        "unknown_codes",
        "warning" if is_mostly else "info",
        (column.name,),
        f"column {column.name!r}: {n_unseen} of {n_present} cells hold categories unknown to "
        f"training, such as {shown(counts)}; training has {known}",
        "predicted as unknown; write the cells as in training"
        if is_mostly
        else "predicted as unknown",
    )


def blank_new_sentinels(
    values: Array, column: Column, tell: Tell, *, known: Collection[float] = ()
) -> Array:
    """Read numbers as missing that could only stand for it, and say so.

    Examples
    --------
    >>> mag = Column("mag", "number", span=(18.0, 24.0))
    >>> blank_new_sentinels(np.array([20.0, 99.0, 99.0]), mag, keep_quiet)
    array([20., nan, nan])
    """
    for one in new_sentinels(column.name, values, column.span, known=known):
        certain = "stands" if one.is_certain else "may stand"
        rows = f"{one.count} rows" if one.count > 1 else "1 row"
        message = (
            f"column {column.name!r}: {one.value:.10g} in {rows}, {one.gap:.3g} times the range of "
            f"training away; it {certain} for missing"
        )
        remedy = "read as missing" if one.is_certain else "left as it is; leave the cell empty"
        tell(Finding("new_sentinel", "warning", (column.name,), message, remedy))
        if one.is_certain:
            values = blank(values, (one.value,))
    return values


def read_as_trained(strings: pl.Series, column: Column, tell: Tell, *, decimal: str) -> pl.Series:
    """Read numbers as training read them, and in another way where that is certain.

    Parameters
    ----------
    strings : Series, shape (n_rows,)
        Stripped cells, null where missing.
    column : Column
        With the notation of training.
    tell : callable
        Told of another notation.
    decimal : str
        The decimal sign, where the user says it.

    Examples
    --------
    >>> column = Column("price", "number")
    >>> read_as_trained(pl.Series(["1,234.50", "12"]), column, keep_quiet, decimal="").to_list()
    [1234.5, 12.0]
    """
    numbers = cells.to_numbers(strings)
    if column.notation != PLAIN:
        numbers = read_numbers(strings, column.notation).fill_null(numbers)
    is_told = column.notation.decimal == "," or column.notation.grouping != ""
    likely = decimal or (column.notation.decimal if is_told else "")
    # A point means thousands, too, where the user says that commas are decimal signs.
    rest = strings if decimal == "," else strings.filter(numbers.is_null())
    counts = count_cells(rest)
    if not counts:
        return numbers
    distinct, times = zip(*counts, strict=True)
    found = find_reading(pl.Series(distinct), pl.Series(times), decimal=likely)
    if found is None or (found.other is not None and not likely):
        return numbers
    unit, known = found.notation.unit, column.notation.unit
    if unit and known not in ("", unit):
        return numbers
    if unit and not known:
        message = (
            f"column {column.name!r}: cells such as {distinct[0]!r} have {unit!r} beside them, and "
            "in training they had nothing"
        )
        tell(Finding("new_unit", "warning", (column.name,), message, "read without it"))
    read = read_numbers(strings, found.notation)
    return read.fill_null(numbers) if decimal == "," else numbers.fill_null(read)


def are_placeholders(odd: pl.Series, column: Column, tell: Tell) -> bool:
    """Tell whether cells among numbers are words for missing that training did not have."""
    counts = count_cells(odd)
    if not counts or any(cell not in PLACEHOLDERS for cell, _ in counts):
        return False
    message = f"column {column.name!r}: {shown(counts)} among numbers, which training did not have"
    tell(Finding("new_token", "warning", (column.name,), message, "read as missing"))
    return True
