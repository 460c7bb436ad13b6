"""Tell a row of sums or means below a table from its rows: its numbers are those of the columns."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from rung.core.findings import Finding

LEAST_ROWS, TOLERANCE = 3, 1e-3
_LABEL = re.compile(
    r"(?i)^(?:grand |sub ?)?(?P<what>totals?|sums?|averages?|means?|avg\.?)\b\s*:?$"
)
_MARKS = r"[$€£¥%,\s]"


def without_totals(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Leave out a last row that is called a total or a mean, where its numbers are that.

    Parameters
    ----------
    frame : DataFrame
        Cells as strings.

    Returns
    -------
    frame : DataFrame
        The rows above it.
    findings : list of Finding
        That it was left out; or that it was kept, as its numbers are no sums.

    Examples
    --------
    >>> frame = pl.DataFrame({"k": ["a", "b", "c", "Total"], "n": ["1", "2", "4", "7"]})
    >>> without_totals(frame)[0].height
    3
    """
    if frame.height <= LEAST_ROWS or frame.width < 2:
        return frame, []
    last = [(cell or "").strip() for cell in frame.row(-1)]
    label = next((cell for cell in last if cell), "")
    found = _LABEL.match(label)
    if found is None:
        return frame, []
    is_mean = found["what"].lower().startswith(("a", "m"))
    above = frame[:-1]
    agreed = [_agrees(above.to_series(j), cell, is_mean=is_mean) for j, cell in enumerate(last)]
    counted = [one for one in agreed if one is not None]
    what = "means" if is_mean else "sums"
    if counted and sum(counted) >= 0.8 * len(counted):
        message = f"the last row is called {label!r} and holds {what} of the rows above"
        return above, [Finding("total_row", "info", (), message, "left out; it is no row")]
    if not counted:
        return frame, []
    message = f"the last row is called {label!r}, but its numbers are not the {what} of the rows"
    return frame, [
        Finding("total_row", "warning", (), message, "kept; delete it if it is no row of the table")
    ]


def _agrees(column: pl.Series, cell: str, *, is_mean: bool) -> bool | None:
    """Tell whether a cell is the sum or the mean of a column, None where it is no number."""
    total = _numbers(pl.Series([cell]))[0]
    values = _numbers(column).drop_nulls()
    if total is None or not len(values):
        return None
    known = values.to_numpy()
    wanted = float(known.mean() if is_mean else known.sum())
    size = max(abs(wanted), float(np.abs(known).max()))
    # Sums are rounded when they are written, as the numbers were.
    return bool(abs(total - wanted) <= TOLERANCE * size)


def _numbers(cells: pl.Series) -> pl.Series:
    return cells.str.replace_all(_MARKS, "").cast(pl.Float64, strict=False).fill_nan(None)
