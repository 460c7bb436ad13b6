"""Find where in a file its table stands: what comes before, the names, units, the rows, what follows.

A column of values is one whose cells are numbers, amounts, dates or times in nearly every row. The
rows begin where such columns hold values; what stands above them are names, units and a preamble.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rung.core.findings import Finding
from rung.data.cells import MISSING_TOKENS
from rung.data.readers import header
from rung.data.readers.shapes import is_value
from rung.data.readers.under_names import PROCESSINGS, is_type_row, is_unit_row

MOST_HEADER_ROWS, FEW_ROWS = 4, 8
# What the first line of a logger's file begins with; names stand below it.
LOGGER = ["TOA5"]
NEARLY_ALL = 0.9
_RULE = re.compile(r"^\s*[-=+:~_*#]{2,}\s*$")
_CLOCK = re.compile(r"^[yYMdDHhmsaS:/\-. ]{4,}$|^-$")


@dataclass(frozen=True)
class Heading:
    """Say what stands above the rows of a table.

    Attributes
    ----------
    first : int
        Position of the first row of the table among those given.
    names : list of str or None
        The names; None where no row holds them for certain.
    units : list of str
        Units, one a column; empty where no row states them.
    preamble : int
        Number of rows above the names that are no part of the table.
    findings : tuple of Finding
        What was left out or joined.
    """

    first: int
    names: list[str] | None = None
    units: list[str] = field(default_factory=list)
    preamble: int = 0
    findings: tuple[Finding, ...] = ()


def value_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns that hold values in nearly every row, from the lower half of some rows.

    Examples
    --------
    >>> value_columns([["name", "x"], ["a", "1"], ["b", "2.5"]])
    [1]
    """
    found = _valued(rows[len(rows) // 2 :])
    if found or not MOST_HEADER_ROWS <= len(rows) <= FEW_ROWS:
        return found
    return _valued(rows[-2:])


def _valued(rows: Sequence[Sequence[str]]) -> list[int]:
    found = []
    for j, column in enumerate(zip(*rows, strict=True)):
        present = [cell for cell in column if cell.strip() not in MISSING_TOKENS]
        if present and sum(map(is_value, present)) >= NEARLY_ALL * len(present):
            found.append(j)
    return found


def is_heading(cells: Sequence[str], values: Sequence[int]) -> bool:
    """Tell whether a row has words where the table has values.

    Examples
    --------
    >>> is_heading(["x", "y"], [0, 1]), is_heading(["1", "bad"], [0, 1])
    (True, False)
    """
    present = [
        cells[j].strip()
        for j in values
        if j < len(cells) and cells[j].strip() not in MISSING_TOKENS
    ]
    return sum(not is_value(cell) for cell in present) > 0.5 * len(present)


def find_heading(
    rows: Sequence[Sequence[str]],
    width: int,
    values: Sequence[int],
    gaps: Collection[int] = (),
) -> Heading:
    """Find the names above the rows of a table.

    Parameters
    ----------
    rows : sequence of sequences of str
        The first rows of the file, of any number of fields.
    width : int
        Fields of the table.
    values : sequence of int
        Columns of values.
    gaps : collection of int
        Rows that stand below a blank line: names do not reach over one.

    Returns
    -------
    Heading
        The names are None where the table may begin with its first row.

    Examples
    --------
    >>> find_heading([["Log"], ["t", "v"], ["s", "mV"], ["1", "2"]], 2, [0, 1]).units
    ['s', 'mV']
    """
    gaps = {*gaps, 1} if list(rows[0][:1]) == LOGGER else gaps
    named = [i for i, row in enumerate(rows) if _names_all(row, width, values)]
    named = [i for i in named if i == named[0] or rows[i] != rows[named[0]]]
    below = named[-1] + 1 if named else 0
    least = 2 if named and width > 2 else width
    first = next(
        (i for i in range(below, len(rows)) if _is_first(rows[i], width, values, least)), None
    )
    if first is None:
        return Heading(0)
    first = _after_names(rows, first, width, values)
    block: list[Sequence[str]] = []
    dropped: list[Finding] = []
    at = first
    while at > 0 and len(block) < MOST_HEADER_ROWS and not (block and at in gaps):
        row = _without_extra(rows[at - 1], width)
        upper = rows[at - 2] if at > 1 else []
        if is_rule(row) or (not block and at > 1 and _states_kinds(row, upper, width)):
            dropped.append(_type_row())
        elif _could_name(row, width, block) or (not block and _few_units(row, upper, width)):
            block.insert(0, row)
        elif any(cell.strip() for cell in row):
            is_remark = named and at - MOST_HEADER_ROWS <= named[-1] < at and len(row) < width
            if block or not is_remark:
                break
        at -= 1
    if not block and named and first - named[-1] <= MOST_HEADER_ROWS:
        between = _between_names(first - named[-1] - 1)
        return Heading(first, list(rows[named[-1]]), preamble=named[-1], findings=(between,))
    if not block:
        return Heading(first, preamble=first)
    names, units, joined = _name_columns(block, width)
    findings = (*dropped[:1], *joined)
    return Heading(first, names, units, at, findings)


def named_otherwise(heading: Heading, above: str, width: int) -> Heading:
    """Take names from the line above the rows that another delimiter parts, where as many fit.

    Examples
    --------
    >>> named_otherwise(Heading(1), "a;b", 2).names
    ['a', 'b']
    """
    for delimiter in (",", "\t", ";", "|", " ") if "\n" not in above else ():
        names = next(csv.reader([above], delimiter=delimiter), [])
        # A few words above the rows may as well be a title.
        if (
            len(names) == width > (3 if delimiter == " " else 1)
            and header.looks_like_names(names)
            and all(names)
        ):
            message = f"the names are parted by {delimiter!r}, the rows are not"
            finding = Finding("names_parted", "info", (), message, "")
            stripped = [name.strip() for name in names]
            return replace(
                heading, names=stripped, preamble=heading.preamble - 1, findings=(finding,)
            )
    return heading


def without_label(cells: list[str], width: int) -> list[str]:
    """Leave out a label before names, as in `Fields: x y`.

    Examples
    --------
    >>> without_label(["Data:", "x", "y"], 2)
    ['x', 'y']
    """
    is_label = len(cells) == width + 1 and cells[0].strip().endswith(":")
    return [cell.strip() for cell in cells[1:]] if is_label else cells


def _is_first(row: Sequence[str], width: int, values: Sequence[int], least: int) -> bool:
    """Tell whether a row may be the first: full, or cut after its last cell where `least` allows."""
    if not least <= len(row) <= width or is_heading(row, values) or is_rule(row):
        return False
    given = [j for j in values if j < len(row)]
    return bool(given) and 2 * sum(bool(row[j].strip()) for j in given) >= len(given)


def _after_names(
    rows: Sequence[Sequence[str]], first: int, width: int, values: Sequence[int]
) -> int:
    """Return the first row again, or one further up that lacks values and still stands below names."""
    named = [i for i in range(first) if _names_all(rows[i], width, values)]
    while named and first - 1 > named[0]:
        row = rows[first - 1]
        if not 1 < len(row) <= width or is_heading(row, values) or is_rule(row):
            break
        first -= 1
    return first


def _names_all(row: Sequence[str], width: int, values: Sequence[int]) -> bool:
    # The column of an index often has no name.
    is_full = len(row) == width and all(cell.strip() for cell in row[1:])
    return is_full and is_heading(row, values) and header.looks_like_names(row)


def _without_extra(row: Sequence[str], width: int) -> Sequence[str]:
    """Leave empty cells out of a row of names that has more cells than the rows."""
    filled = [cell for cell in row if cell.strip()]
    return filled if len(row) > width == len(filled) else row


def names_one(above: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether a line of one word names the second of two columns, of which the first counts.

    Examples
    --------
    >>> names_one(["flow"], [["1", "2.5"], ["2", "0.1"], ["3", "4"]])
    True
    """
    numbers = [int(row[0]) for row in rows if re.fullmatch(r"\d{1,9}", row[0].strip())]
    counting = len(numbers) == len(rows) > 2 and set(np.diff(numbers).tolist()) == {1}
    return counting and len(above) == 1 and bool(re.fullmatch(r"[^\W\d]\S*", above[0].strip()))


def is_rule(row: Sequence[str]) -> bool:
    """Tell whether a row is a line that is drawn."""
    filled = [cell for cell in row if cell.strip()]
    return bool(filled) and all(_RULE.match(cell) for cell in filled)


def _states_kinds(row: Sequence[str], upper: Sequence[str], width: int) -> bool:
    """Tell whether a row states types, or below units how a logger made its values (`Avg`)."""
    if is_type_row(row, width):
        return True
    filled = {cell.strip().lower() for cell in row if cell.strip()}
    return bool(filled) and filled <= PROCESSINGS and is_unit_row(upper)


def _few_units(row: Sequence[str], upper: Sequence[str], width: int) -> bool:
    """Tell whether a row of the table's width states units of a few columns, below names."""
    return len(row) == width and is_unit_row(row) and _could_name(upper, width, [])


def _could_name(row: Sequence[str], width: int, below: Sequence[Sequence[str]]) -> bool:
    """Tell whether a row can hold names: at least half of them, in words."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled or len(row) > width:
        return False
    if not below:
        return len(filled) >= min(2, width) and 2 * len(filled) >= width
    lower = below[0]
    if is_unit_row(lower) and len(filled) >= min(2, width) and 2 * len(filled) >= width:
        return True
    names = [cell.strip() for cell in lower if cell.strip()]
    if len(row) == width and len(set(names)) < len(names):
        # A row of groups above names that repeat: one cell for several columns.
        return len(filled) >= 2
    is_full = len(row) == width and len(filled) == width
    return is_full and not any(map(is_value, filled)) and len(set(filled)) == len(filled)


def _name_columns(
    block: list[Sequence[str]], width: int
) -> tuple[list[str], list[str], list[Finding]]:
    """Return names and units from the rows that hold them."""
    findings: list[Finding] = []
    units: list[str] = []
    lowest = block[-1]
    upper = block[-2] if len(block) > 1 else []
    named = sum(bool(cell.strip()) for cell in upper)
    if 2 * named >= width and len(block) > 1 and is_unit_row(lowest[: len(upper)]):
        stated = [cell.strip() for cell in lowest[: len(upper)]]
        units = _padded(
            ["" if _CLOCK.match(cell) else cell.strip("[]() ") for cell in stated], width
        )
        said = [unit for unit in units if unit]
        message = f"the row under the names states units: {', '.join(said[:6])}"
        findings.append(Finding("unit_row", "info", (), message, "kept as units of the columns"))
        completed = [*upper, *lowest[len(upper) :]]
        block = [*block[:-2], completed]
    if len(block) == 1:
        return list(block[0]), units, findings
    filled = [_padded(list(row), width) for row in block]
    filled[:-1] = [_spread(row) for row in filled[:-1]]
    names = [
        " ".join(part.strip() for part in parts if part.strip())
        for parts in zip(*filled, strict=True)
    ]
    message = f"{len(block)} rows hold names, such as {names[0]!r}"
    findings.append(Finding("names_joined", "info", (), message, "joined by a blank"))
    return names, units, findings


def _spread(row: list[str]) -> list[str]:
    """Give a cell of groups to the empty cells that follow it."""
    spread, last = [], ""
    for cell in row:
        last = cell.strip() or last
        spread.append(last)
    return spread


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _between_names(n_rows: int) -> Finding:
    message = f"{n_rows} lines stand between the names and the first row, and are neither"
    return Finding("between_names", "warning", (), message, "skipped")


def _type_row() -> Finding:
    message = "the row under the names states widths, types or nothing, not data"
    return Finding("width_row", "info", (), message, "skipped")
