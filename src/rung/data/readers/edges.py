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
    named = len(names) - next((i for i, one in enumerate(reversed(names)) if one.strip()), 0)
    used = frame.width
    while used > 1 and bool((frame.to_series(used - 1).str.strip_chars() == "").all()):
        used -= 1
    lacking, more = used - named, frame.width - len(names)
    if lacking <= 0 and frame.height:
        cells = "one more cell" if more == 1 else f"{more} more cells"
        message = f"the names are {len(names)}, the rows have {cells}, empty in all: "
        said = message + "delimiters end each row"
        remedy = "read so; if two names lack a delimiter between them, correct the names"
        return [*names, *[""] * more], [Finding("short_names", "warning", (), said, remedy)]
    if lacking == 1 and frame.filter(pl.nth(0) != "").to_series(0).is_unique().all():
        called = ROW_NAMES if ROW_NAMES not in names else f"{ROW_NAMES}_1"
        message = f"the first column has no name, as R writes row names; it is called {called!r}"
        given = [called, *names[:named], *[""] * (frame.width - used)]
        return given, [Finding("row_names", "info", (called,), message, "")]
    shown = ", ".join(map(repr, names[:4]))
    raise UnreadableFile(
        f"the names of {source!r} ({shown}, …) are {len(names)}, and its rows have {frame.width} "
        "cells: either the first column has no name, or the last, or two names have no delimiter "
        "between them",
        "give every column a name",
    )


def without_repeated_names(
    frame: pl.DataFrame, names: list[str]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Leave out rows that are the names again, as pages and joined files have them.

    Examples
    --------
    >>> frame = pl.DataFrame({"1": ["5", "x"], "2": ["6", "y"]})
    >>> without_repeated_names(frame, ["x", "y"])[0].height
    1
    """
    if frame.width < 2 or len(names) != frame.width or not all(names):
        return frame, []
    again = frame.to_series(0) == names[0]
    if not again.any():
        return frame, []
    for place, name in enumerate(names):
        again &= frame.to_series(place) == name
    n_again = int(again.sum())
    if not n_again or n_again == frame.height:
        return frame, []
    message = f"the names stand again in {n_again} rows"
    finding = Finding("repeated_names", "warning", (), message, "left out; they are no rows")
    return frame.filter(~again), [finding]


def rows_of_nothing(frame: pl.DataFrame) -> list[Finding]:
    """Warn of rows whose cells are all empty, as programs that quote every cell write blank rows.

    Examples
    --------
    >>> len(rows_of_nothing(pl.DataFrame({"1": ["5", ""], "2": ["6", ""]})))
    1
    """
    if frame.width < 2:
        return []
    empty = frame.to_series(0) == ""
    for place in range(1, frame.width):
        if not empty.any():
            return []
        empty &= frame.to_series(place) == ""
    n_empty = int(empty.sum())
    if not n_empty:
        return []
    message = f"{n_empty} rows hold no cell"
    remedy = "kept, as they are written as cells; delete them if they are no rows of the table"
    return [Finding("empty_rows", "warning", (), message, remedy)]
