"""Read new rows and code them the way a model knows its columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl

from rung.core.dataset import MISSING, UNSEEN, Column, Dataset
from rung.core.findings import Finding
from rung.core.sentinels import blank
from rung.data import cells, dates
from rung.data.asking import ask
from rung.data.columns import (
    PARSED_SHARE,
    code_strings,
    is_missing_object,
    seconds_of,
)
from rung.data.differences import tell_far, tell_odd_cells, tell_without_value
from rung.data.drift import (
    Tell,
    are_placeholders,
    blank_new_sentinels,
    keep_quiet,
    match_codes,
    read_as_trained,
)
from rung.data.reading import load_frame
from rung.data.recomputing import NOTHING, Expressions, make_again, tell_outside
from rung.data.table import DEFAULTS, RawTable, ReadOptions
from rung.data.text_folders import TEXT, read_texts
from rung.data.unit_changes import in_unit_of_training
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


@dataclass(frozen=True)
class _Rules:
    """Hold what all columns are read by.

    Attributes
    ----------
    options : ReadOptions
        What the user says of the file.
    sentinels : frozenset of float
        Numbers that stood for missing in some column of training.
    tell : callable
        Told what differs from training.
    units : mapping of str to str
        Units that the new table states.
    """

    options: ReadOptions
    sentinels: Collection[float]
    tell: Tell
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Conformed:
    """Hold new rows as a model reads them.

    Attributes
    ----------
    dataset : Dataset
        The model's columns.
    rows : ndarray of int, shape (n_rows,)
        Place of every row in the file, from 0.
    """

    dataset: Dataset
    rows: Array


def conform(
    source: Untyped,
    columns: Sequence[Column],
    *,
    options: ReadOptions = DEFAULTS,
    tell: Tell = keep_quiet,
) -> Dataset:
    """Read new data and code them to known columns.

    Columns may stand in any order and others are ignored. Cells are read as in training: missing
    ones stay missing, and so do a column's sentinels; a category that is not among the levels
    becomes -2 (`UNSEEN`), unless it is a number that one level writes with other zeros. A column
    that is no feature may be absent: all its cells are missing then. No rows give no rows.

    Parameters
    ----------
    source : str, Path, frame or ndarray
        As for `read_table`.
    columns : sequence of Column
        The schema: names, kinds, roles and levels.
    options : ReadOptions
        How a text file is written, where it should not be found out.
    tell : callable
        Told by findings what differs from training.

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
    return conform_rows(source, columns, options=options, tell=tell).dataset


def conform_rows(
    source: Untyped,
    columns: Sequence[Column],
    *,
    expressions: Expressions = NOTHING,
    options: ReadOptions = DEFAULTS,
    tell: Tell = keep_quiet,
) -> Conformed:
    """Read new data as `conform` does, make the columns that training made, and say which rows.

    Parameters
    ----------
    source, columns, options, tell
        As for `conform`; rows that do not meet a condition of the options are left out.
    expressions : Expressions
        What training asked of its table: made columns are made again of their parents, whatever
        stands under their names; rows that do not meet its condition are counted and kept.
    """
    loaded, name = _load(source, columns, replace(options, may_be_empty=True))
    answer = ask(loaded, options, name)
    for finding in answer.table.findings[len(loaded.findings) :]:
        tell(finding)
    frame, made = answer.table.frame, frozenset(expressions.names)
    plain = [column for column in columns if column.name not in made]
    own = {column.name for column in plain}
    parents = [column for column in expressions.parents if column.name not in own]
    spelled = _match_names(frame.columns, [*plain, *parents], name)
    known = frozenset(value for column in columns for value in column.sentinels)
    rules = _Rules(options, known, tell, loaded.units)
    values = {
        column.name: _conform_column(frame, spelled.get(column.name), column, rules)
        for column in plain
        if column.role != "text"
    }
    texts = {
        one.name: _read_texts(frame[spelled[one.name]], one) for one in plain if one.role == "text"
    }
    values |= {name: codes for name, (_, codes) in texts.items()}
    quiet = replace(rules, tell=keep_quiet, sentinels=())

    def read(column: Column) -> Array:
        return _conform_column(frame, spelled.get(column.name, column.name), column, quiet)

    if expressions.definitions:
        values |= make_again(expressions, frame.columns, read, tell, n_rows=frame.height)
    if expressions.condition and expressions.condition != options.where:
        tell_outside(expressions, frame.columns, read, tell, n_rows=frame.height)
    schema = tuple(
        replace(one, levels=texts[one.name][0]) if one.name in texts else one for one in columns
    )
    dataset = Dataset(schema, {one.name: values[one.name] for one in schema}, frame.height)
    return Conformed(dataset, answer.rows)


def _load(source: Untyped, columns: Sequence[Column], options: ReadOptions) -> tuple[RawTable, str]:
    """Load the frame; for text the schema, not the cells, tells whether there is a header."""
    if not isinstance(source, str | Path) or options.header is not None:
        return load_frame(source, options)
    if Path(source).is_dir() and any(one.role == one.name == TEXT for one in columns):
        return read_texts(source), Path(source).name
    nameless = all(_NUMBERED.match(column.name) for column in columns)
    table, name = load_frame(source, replace(options, header=not nameless))
    if not nameless or not _first_row_is_names(table, columns):
        return table, name
    return load_frame(source, replace(options, header=True))


def _first_row_is_names(table: RawTable, columns: Sequence[Column]) -> bool:
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
        elif column.role in ("feature", "text"):
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


def _conform_column(
    frame: pl.DataFrame, spelled: str | None, column: Column, rules: _Rules
) -> Array:
    if spelled is None:
        if column.is_coded:
            return np.full(frame.height, MISSING, dtype=np.int32)
        return np.full(frame.height, np.nan)
    series = frame[spelled]
    if column.is_coded:
        codes = _code(series, column, rules.tell)
        tell_without_value(codes, column, rules.tell)
        return codes
    values = _plain_numbers(series) if _is_plain(series, column) else _parse(series, column, rules)
    values = blank(values, (*column.sentinels, *_numbers_among(column.tokens)))
    values = in_unit_of_training(values, column, rules.units.get(spelled, ""), rules.tell)
    told: list[Finding] = []
    values = blank_new_sentinels(values, column, told.append, known=rules.sentinels)
    if not told:  # a number that may stand for missing is far outside, and that says less
        tell_far(values, column, rules.tell)
    for one in told:
        rules.tell(one)
    tell_without_value(values, column, rules.tell)
    return values


def _code(series: pl.Series, column: Column, tell: Tell) -> Array:
    """Code cells by the levels of training; a word such as `NA` is one if training has it."""
    if series.dtype == pl.String and len(series) <= FEW_ROWS:
        codes = _code_few(series, column)
        if UNSEEN not in codes:
            return codes
    known = set(column.levels)
    tokens = [t for t in (*cells.MISSING_TOKENS, *column.tokens) if t not in known]
    strings = as_strings(series, tokens)
    return match_codes(strings, code_strings(strings, column.levels, unknown=UNSEEN), column, tell)


def _read_texts(series: pl.Series, column: Column) -> tuple[tuple[str, ...], Array]:
    """Return the distinct texts of new rows, sorted, and the text of each row."""
    strings = as_strings(series, (*cells.MISSING_TOKENS, *column.tokens))
    levels = tuple(sorted(strings.drop_nulls().unique().to_list()))
    return levels, code_strings(strings, levels, unknown=UNSEEN)


def _parse(series: pl.Series, column: Column, rules: _Rules) -> Array:
    parsed = _parse_as(series, column, rules)
    if series.dtype not in (pl.Date, pl.Datetime) or column.kind != "datetime":
        _check(series, parsed, column, rules.tell)
    floats = parsed.set(parsed.is_infinite().fill_null(value=False), None)
    return np.array(floats.fill_null(float("nan")).to_numpy(), dtype=np.float64)


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


def _code_few(strings: pl.Series, column: Column) -> Array:
    """Code a few strings as `code_strings` does many, without the fixed cost of its queries."""
    codes, levels = [], column.levels
    for cell in strings.to_list():
        text = None if cell is None else cell.strip(cells.BLANKS)
        if text in levels:
            codes.append(levels.index(text))
        elif text is None or text in cells.MISSING_TOKENS or text in column.tokens:
            codes.append(MISSING)
        else:
            codes.append(UNSEEN)
    return np.array(codes, dtype=np.int32)


def as_strings(series: pl.Series, tokens: Sequence[str] = cells.MISSING_TOKENS) -> pl.Series:
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
    return cells.strip_missing(series.cast(pl.String), tokens)


def _parse_as(series: pl.Series, column: Column, rules: _Rules) -> pl.Series:
    """Return float64, null where missing or not of the column's kind."""
    is_time = series.dtype in (pl.Date, pl.Datetime)
    is_number = series.dtype.is_numeric() or series.dtype == pl.Boolean
    if is_time or is_number:
        if is_time == (column.kind == "datetime"):
            return seconds_of(series) if is_time else series.cast(pl.Float64).fill_nan(None)
        return pl.Series([None] * len(series), dtype=pl.Float64)
    strings = as_strings(series, (*cells.MISSING_TOKENS, *column.tokens))
    if column.kind == "datetime":
        return dates.to_seconds_in(strings, column.date_order)
    decimal = rules.options.decimal or ""
    numbers = read_as_trained(strings, column, rules.tell, decimal=decimal)
    return cells.to_truth(strings).fill_null(numbers) if column.kind == "boolean" else numbers


def _check(series: pl.Series, parsed: pl.Series, column: Column, tell: Tell) -> None:
    """Raise if more cells than a few are of another kind than the schema's."""
    present = as_strings(series, (*cells.MISSING_TOKENS, *column.tokens))
    odd = parsed.is_null() & present.is_not_null()
    n_odd, n_present = int(odd.sum()), len(present) - present.null_count()
    if are_placeholders(present.filter(odd), column, tell):
        return
    if n_odd <= (1 - PARSED_SHARE) * n_present:
        tell_odd_cells(present.filter(odd), column, n_present, tell)
        return
    row = int(odd.arg_max() or 0)
    wanted = {"number": "a number", "boolean": "true or false"}.get(column.kind, "a date or time")
    order = f" ({column.date_order})" if column.date_order else ""
    remedy = "correct the cells, or leave them empty if they are not known"
    if column.kind == "number" and "," in str(present[row]):
        remedy = "write numbers with a point, or say --decimal , or --decimal ."
    raise DataError(
        f"column {column.name!r} holds {present[row]!r} in row {row + 1} ({n_odd} such cells of "
        f"{n_present}); the model was trained with {wanted} there{order}",
        remedy,
    )


def _numbers_among(tokens: Sequence[str]) -> list[float]:
    """Return the tokens that are numbers, which the user declared missing."""
    if not tokens:
        return []
    return cells.to_numbers(pl.Series(tokens, dtype=pl.String)).drop_nulls().to_list()
