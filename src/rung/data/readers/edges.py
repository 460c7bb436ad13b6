"""Leave out empty columns at the edges of a table, and name rows that have one cell more than names."""

from __future__ import annotations

import polars as pl

from rung.core.findings import Finding
from rung.errors import UnreadableFile

ROW_NAMES = "rownames"


def drop_empty_edges(
    frame: pl.DataFrame, names: list[str], units: list[str]
) -> tuple[pl.DataFrame, list[str], list[str], list[Finding]]:
    """Leave out columns at both ends that have no name and no cell: a delimiter ends each row.

    Examples
    --------
    >>> frame = pl.DataFrame({"1": ["5"], "2": [""]})
    >>> drop_empty_edges(frame, ["x", ""], [])[1]
    ['x']
    """
    low, high = 0, len(names)
    while high - low > 1 and _is_empty(frame, high - 1, names):
        high -= 1
    while high - low > 1 and _is_empty(frame, low, names):
        low += 1
    n_dropped = len(names) - (high - low)
    if not n_dropped or frame.height == 0:
        return frame, names, units, []
    message = f"rows begin or end with delimiters, which make {n_dropped} columns without any cell"
    finding = Finding("trailing_delimiter", "info", (), message, "left out")
    return frame[:, low:high], names[low:high], units[low:high], [finding]


def _is_empty(frame: pl.DataFrame, place: int, names: list[str]) -> bool:
    column = frame.to_series(place)
    unnamed = not names[place].strip()
    return unnamed and column.str.strip_chars().replace("", None).null_count() == len(column)


def name_shorter_header(
    frame: pl.DataFrame, names: list[str], source: str
) -> tuple[list[str], list[Finding]]:
    """Name the columns of rows that have one cell more than there are names.

    R's `write.table` leaves out the name of its row names, which are the first column; other
    programs end each row with a delimiter, so that the last column has no cell.

    Raises
    ------
    UnreadableFile
        If both could be, or more than one name is lacking.

    Examples
    --------
    >>> frame = pl.DataFrame({"1": ["a", "b"], "2": ["5", "6"]})
    >>> name_shorter_header(frame, ["x"], "t.csv")[0]
    ['rownames', 'x']
    """
    lacking = frame.width - len(names)
    last = frame.to_series(frame.width - 1).str.strip_chars()
    if lacking == 1 and frame.height and bool((last == "").all()):
        message = f"the names are {len(names)}, the rows have one more cell, empty in all: "
        said = message + "a delimiter ends each row"
        remedy = "read so; if two names lack a delimiter between them, correct the names"
        return [*names, ""], [Finding("short_names", "warning", (), said, remedy)]
    first = frame.to_series(0)
    if lacking == 1 and first.n_unique() == frame.height:
        called = ROW_NAMES if ROW_NAMES not in names else f"{ROW_NAMES}_1"
        message = f"the first column has no name, as R writes row names; it is called {called!r}"
        return [called, *names], [Finding("row_names", "info", (called,), message, "")]
    shown = ", ".join(map(repr, names[:4]))
    raise UnreadableFile(
        f"the names of {source!r} ({shown}, …) are {len(names)}, and its rows have {frame.width} "
        "cells: either the first column has no name, or the last, or two names have no delimiter "
        "between them",
        "give every column a name",
    )
