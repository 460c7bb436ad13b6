"""Tell whether the first row of a table holds names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rung.data.cells import MISSING_TOKENS

_WIDTH_ROW = re.compile(r"^\d+[snd]$")
_FORTRAN = re.compile(r"^[+-]?(?:\d+\.\d*|\.\d+)[dD][+-]?\d{1,3}$")
_SPECIAL = ("inf", "infinity", "nan")


def is_number(cell: str) -> bool:
    """Tell whether one cell is a number.

    Examples
    --------
    >>> is_number(" 1e3 "), is_number("1_0")
    (True, False)
    """
    text = cell.strip()
    if "_" in text or not text.isascii() or text.lower().lstrip("+-") in _SPECIAL:
        return False
    if _FORTRAN.match(text):
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first of some rows names the columns.

    Each column votes. Under a name stand numbers; the name itself does not recur among the
    values, while values do. Numbers in the first row are names only if they count the columns.

    Parameters
    ----------
    rows : sequence of sequences of str
        The first rows, all of one width.

    Returns
    -------
    bool
        True where the votes are even and the first row could be names.

    Examples
    --------
    >>> has_header([["x", "y"], ["1", "2"]]), has_header([["3", "2"], ["1", "2"]])
    (True, False)
    """
    first, body = [cell.strip() for cell in rows[0]], rows[1:]
    if counts_columns(first):
        return True
    if not body:
        return looks_like_names(first)
    votes = sum(_vote(first[i], [row[i].strip() for row in body]) for i in range(len(first)))
    return votes > 0 or (votes == 0 and looks_like_names(first))


def counts_columns(cells: Sequence[str]) -> bool:
    """Tell whether the numbers among the cells count up by one, as column numbers do.

    Examples
    --------
    >>> counts_columns(["1", "2", "3", "y"]), counts_columns(["1", "2", "4", "3"])
    (True, False)
    """
    numbers = [int(cell) for cell in cells if re.fullmatch(r"\d{1,6}", cell)]
    others = [cell for cell in cells if not re.fullmatch(r"\d{1,6}", cell)]
    counting = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
    # A delimiter at either end of a line, or an index without a name, leaves a cell empty.
    are_named = sum(map(bool, others)) >= others.count("") or numbers[:1] >= [1500]
    return counting and len(numbers) >= 3 and not any(map(is_number, others)) and are_named


def looks_like_names(cells: Sequence[str]) -> bool:
    """Tell whether cells could be column names: no number among them, most filled and different.

    Examples
    --------
    >>> looks_like_names(["label", "text", ""]), looks_like_names(["a", "1.5"])
    (True, False)
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    different = len(set(filled)) == len(filled)
    return bool(filled) and different and not any(map(is_number, filled))


def is_width_row(cells: Sequence[str]) -> bool:
    """Tell whether a row states column widths and types (`15s`), as USGS tables do."""
    return all(_WIDTH_ROW.match(cell.strip()) for cell in cells)


def _vote(first: str, body: Sequence[str]) -> int:
    present = [cell for cell in body if cell not in MISSING_TOKENS]
    if not present:
        return 0
    numeric = sum(map(is_number, present)) > 0.9 * len(present)
    if first in MISSING_TOKENS:
        return -1 if first and numeric else 0
    if is_number(first):
        return -1
    if numeric:
        return 2
    if first in present:
        return -1
    return 1 if len(set(present)) < 0.5 * len(present) else 0
