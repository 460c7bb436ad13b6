"""Read new rows and code them the way a model knows its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from rung.core.dataset import MISSING, UNSEEN, Column, Dataset
from rung.core.sentinels import blank
from rung.data import cells, dates
from rung.data.columns import PARSED_SHARE, code_strings, is_missing_object, seconds_of
from rung.data.delimited import TextTable
from rung.data.reading import DEFAULTS, load_frame
from rung.data.table import ReadOptions
from rung.errors import DataError, suggest
from rung.typing import Array, Untyped

# Up to so many rows a loop is quicker than a query; measured, they meet at about 500.
FEW_ROWS = 64
_NUMBERS = frozenset(
    {
        *(pl.Float64, pl.Float32, pl.Int64, pl.Int32, pl.Int16, pl.Int8),
        *(pl.UInt64, pl.UInt32, pl.UInt16, pl.UInt8),
    }
)
_NUMBERED = re.compile(r"^column_\d+$")


def conform(
    source: Untyped, columns: Sequence[Column], *, options: ReadOptions = DEFAULTS
) -> Dataset:
    """Read new data and code them to known columns.

    Columns may stand in any order and others are ignored. Missing cells stay missing, and so do a
    column's sentinels; a category that is not among the levels becomes -2 (`UNSEEN`). A column that is no feature may be absent:
    all its cells are missing then.

    Parameters
    ----------
    source : str, Path, frame or ndarray
        As for `read_table`.
    columns : sequence of Column
        The schema: names, kinds, roles and levels.
    options : ReadOptions
        How a text file is written, where it should not be found out.

    Returns
    -------
    Dataset
        The given columns, in the given order; rows in file order.

    Raises
    ------
    DataError
        If a feature is absent, or holds strings where the schema has numbers.

    Examples
    --------
    >>> import numpy as np
    >>> schema = [Column("column_2", "number")]
    >>> conform(np.array([[1.0, 2.0], [3.0, 5.0]]), schema).values["column_2"]
    array([2., 5.])
    """
    table, name = _load(source, columns, options)
    spelled = _match_names(table.frame.columns, columns, name)
    values = {
        column.name: _conform_column(table, spelled.get(column.name), column) for column in columns
    }
    return Dataset(tuple(columns), values, table.frame.height)


def _load(
    source: Untyped, columns: Sequence[Column], options: ReadOptions
) -> tuple[TextTable, str]:
    """Load the frame; for text the schema, not the cells, tells whether there is a header."""
    if not isinstance(source, str | Path) or options.header is not None:
        return load_frame(source, options)
    nameless = all(_NUMBERED.match(column.name) for column in columns)
    declared = ReadOptions(options.delimiter, not nameless, options.encoding)
    table, name = load_frame(source, declared)
    if not nameless or not _first_row_is_names(table, columns):
        return table, name
    return load_frame(source, ReadOptions(options.delimiter, True, options.encoding))


def _first_row_is_names(table: TextTable, columns: Sequence[Column]) -> bool:
    if table.frame.height < 2 or table.frame.schema.dtypes()[0] != pl.String:
        return False
    first = {str(cell) for cell in table.frame.row(0)}
    return any(column.name in first for column in columns)


def _match_names(present: list[str], columns: Sequence[Column], name: str) -> dict[str, str]:
    """Map schema names to the names in the table; blanks around them do not count."""
    by_stripped = {spelled.strip(): spelled for spelled in reversed(present)}
    exact = set(present)
    found: dict[str, str] = {}
    absent: list[str] = []
    for column in columns:
        spelled = column.name if column.name in exact else by_stripped.get(column.name.strip())
        if spelled is not None:
            found[column.name] = spelled
        elif column.role == "feature":
            absent.append(column.name)
    if absent:
        raise _absent(absent, present, name)
    return found


def _absent(absent: list[str], present: list[str], name: str) -> DataError:
    names = ", ".join(map(repr, absent[:5])) + (", …" if len(absent) > 5 else "")
    shown = ", ".join(map(repr, present[:8])) + (", …" if len(present) > 8 else "")
    near = suggest(absent[0], present)
    what = f"column {names} is" if len(absent) == 1 else f"columns {names} are"
    remedy = f"rename {near!r} to {absent[0]!r}?" if near else "add what the model was trained on"
    return DataError(f"{what} missing from {name!r}; it has {shown}", remedy)


def _conform_column(table: TextTable, spelled: str | None, column: Column) -> Array:
    n_rows = table.frame.height
    if spelled is None:
        if column.is_coded:
            return np.full(n_rows, -1, dtype=np.int32)
        return np.full(n_rows, np.nan)
    series = table.frame[spelled]
    if _is_plain(series, column):
        return blank(_plain_numbers(series), column.sentinels)
    if column.is_coded and series.dtype == pl.String and n_rows <= FEW_ROWS:
        return _code_few(series, column.levels)
    if column.is_coded:
        return code_strings(as_strings(series), column.levels, unknown=UNSEEN)
    parsed = _parse_as(series, column, table.decimal_comma)
    if series.dtype not in (pl.Date, pl.Datetime) or column.kind != "datetime":
        _check(series, parsed, column)
    floats = parsed.set(parsed.is_infinite().fill_null(value=False), None)
    numbers = np.array(floats.fill_null(float("nan")).to_numpy(), dtype=np.float64)
    return blank(numbers, column.sentinels)


def _is_plain(series: pl.Series, column: Column) -> bool:
    """Tell whether cells are numbers already, so that none can be of another kind."""
    wants_number = column.kind in ("number", "boolean")
    return wants_number and (
        series.dtype in _NUMBERS or (series.dtype == pl.Boolean and not series.null_count())
    )


def _plain_numbers(series: pl.Series) -> Array:
    """Return float64, NaN for null, NaN and infinity."""
    values = np.asarray(series.to_numpy(), dtype=np.float64)
    is_known = np.isfinite(values)
    return values if is_known.all() else np.where(is_known, values, np.nan)


def _code_few(strings: pl.Series, levels: Sequence[str]) -> Array:
    """Code a few strings as `code_strings` does many, without the fixed cost of its queries."""
    codes = []
    for cell in strings.to_list():
        text = None if cell is None else cell.strip(cells.BLANKS)
        if text is None or text in cells.MISSING_TOKENS:
            codes.append(MISSING)
        else:
            codes.append(levels.index(text) if text in levels else UNSEEN)
    return np.array(codes, dtype=np.int32)


def as_strings(series: pl.Series) -> pl.Series:
    """Return cells as strings, null for missing; if all floats are whole, without their `.0`.

    Examples
    --------
    >>> as_strings(pl.Series([1.0, 2.0, None])).to_list()
    ['1', '2', None]
    """
    if series.dtype in (pl.Object, pl.Binary) or series.dtype.is_nested():
        texts = [None if is_missing_object(cell) else str(cell) for cell in series.to_list()]
        series = pl.Series(texts, dtype=pl.String)
    if series.dtype.is_float():
        known = series.fill_nan(None)
        values = known.drop_nulls().to_numpy()
        whole = bool(np.all((values == np.floor(values)) & (np.abs(values) < cells.EXACT_LIMIT)))
        series = known.cast(pl.Int64) if whole else known
    return cells.strip_missing(series.cast(pl.String))


def _parse_as(series: pl.Series, column: Column, decimal_comma: bool) -> pl.Series:
    """Return float64, null where missing or not of the column's kind."""
    is_time = series.dtype in (pl.Date, pl.Datetime)
    is_number = series.dtype.is_numeric() or series.dtype == pl.Boolean
    if is_time or is_number:
        if is_time == (column.kind == "datetime"):
            return seconds_of(series) if is_time else series.cast(pl.Float64).fill_nan(None)
        return pl.Series([None] * len(series), dtype=pl.Float64)
    strings = as_strings(series)
    if column.kind == "datetime":
        return dates.to_seconds_in(strings, column.unit)
    numbers = cells.to_numbers_with_comma(strings) if decimal_comma else None
    numbers = cells.to_numbers(strings) if numbers is None else numbers
    return cells.to_truth(strings).fill_null(numbers) if column.kind == "boolean" else numbers


def _check(series: pl.Series, parsed: pl.Series, column: Column) -> None:
    """Raise if more cells than a few are of another kind than the schema's."""
    present = as_strings(series)
    odd = parsed.is_null() & present.is_not_null()
    n_odd, n_present = int(odd.sum()), len(present) - present.null_count()
    if n_odd <= (1 - PARSED_SHARE) * n_present:
        return
    row = int(odd.arg_max() or 0)
    wanted = {"number": "a number", "boolean": "true or false"}.get(column.kind, "a date or time")
    order = f" ({column.unit})" if column.kind == "datetime" and column.unit else ""
    raise DataError(
        f"column {column.name!r} holds {present[row]!r} in row {row + 1} ({n_odd} such cells of "
        f"{n_present}); the model was trained with {wanted} there{order}",
        "correct the cells, or leave them empty if they are not known",
    )
