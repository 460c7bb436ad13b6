"""Leave out rows by a condition, and make columns of others, as expressions ask for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from rung.core.dataset import Column, Dataset
from rung.core.findings import Finding
from rung.core.sentinels import blank, find_sentinels
from rung.data.columns import Parsed
from rung.data.computing import CALLED, Cells, cells_of, compute, is_missing
from rung.data.expressions import (
    Steps,
    columns_of,
    parse_condition,
    parse_definition,
    texts_of,
)
from rung.data.recomputing import NOTHING, Expressions, every_row, shortened
from rung.data.settling import parse_alone, parse_columns
from rung.data.table import RawTable, ReadOptions
from rung.errors import DataError, UsageError, suggest
from rung.typing import Array

MOST_LEVELS = 5


@dataclass(frozen=True)
class AskedTable:
    """Hold a table after what was asked of it.

    Attributes
    ----------
    table : RawTable
        The rows that are left, with the columns that were made.
    rows : ndarray of int, shape (n_rows,)
        Their places in the file, from 0.
    expressions : Expressions
        What was asked.
    """

    table: RawTable
    rows: Array
    expressions: Expressions = NOTHING


def ask(table: RawTable, options: ReadOptions, name: str) -> AskedTable:
    """Make the columns and leave out the rows that options ask for.

    Numbers that stand for missing, such as -99, are missing in what is made of them; a condition
    sees them as they are.

    Parameters
    ----------
    table : RawTable
        As its file has it.
    options : ReadOptions
        With `where` and `derive`.
    name : str
        What to call the table in messages.

    Raises
    ------
    UsageError
        If an expression does not fit the table.
    DataError
        If no row is left.

    Examples
    --------
    >>> table = RawTable(pl.DataFrame({"u": [3.0, 5.0], "g": [1.0, 1.0]}))
    >>> asked = ask(table, ReadOptions(where="u_g > 2", derive=("u_g = u - g",)), "a table")
    >>> asked.table.frame.rows(), asked.rows.tolist()
    ([(5.0, 1.0, 4.0)], [1])
    """
    height = table.frame.height
    if not options.where and not options.derive:
        return AskedTable(table, np.arange(height))
    parsed = {one.name: one for one in _parse(table, options) if one.supported}
    known = {one: _cells(column) for one, column in parsed.items()}
    found = _with_made(table, parsed, known, options)
    return _met(found, parsed, known, options.where, name) if options.where else found


def _parse(table: RawTable, options: ReadOptions) -> list[Parsed]:
    """Parse what expressions need: the columns of a condition, or all where that tells more."""
    frame, used = table.frame, set()
    if not options.derive:
        used = set(columns_of(parse_condition(options.where))) & set(frame.columns)
        used = used if used >= set(columns_of(parse_condition(options.where))) else set()
    if used:
        own = parse_alone(frame.select([name for name in frame.columns if name in used]), options)
        if own is not None and all(one.supported for one in own):
            return own
    return parse_columns(frame, options, usual=table.decimal)


def _with_made(
    table: RawTable, parsed: Mapping[str, Parsed], known: dict[str, Cells], options: ReadOptions
) -> AskedTable:
    """Add the columns that definitions make, to the table and to what is known."""
    _refuse_names(options.derive, table.frame.columns)
    is_cleaned = bool(options.derive) and not options.keep_sentinels
    sentinels = _sentinels(parsed) if is_cleaned else {}
    steps = [parse_definition(one)[1] for one in options.derive]
    expressions = Expressions(tuple(options.derive), _schema(steps, parsed, table.units, sentinels))
    cleaned = {
        name: replace(one, values=blank(one.values, sentinels.get(name, ())))
        for name, one in known.items()
    }
    made = expressions.make(cleaned, table.frame.height)
    cleaned |= made
    known |= made
    said = [_derived(one, cleaned) for one in options.derive]
    frame = table.frame.with_columns([_series(name, one) for name, one in made.items()])
    findings = (*table.findings, *said)
    rows = np.arange(frame.height)
    return AskedTable(replace(table, frame=frame, findings=findings), rows, expressions)


def _met(
    found: AskedTable,
    parsed: Mapping[str, Parsed],
    known: Mapping[str, Cells],
    where: str,
    name: str,
) -> AskedTable:
    """Keep the rows that meet a condition."""
    steps, table = parse_condition(where), found.table
    kept = compute(where, steps, known)
    if kept.sort != "truth":
        raise UsageError(
            f"the condition {shortened(where)} gives {CALLED[kept.sort]}, not true or false",
            "compare with something: x > 0, class == 'STAR'",
        )
    met = every_row(kept.values, table.frame.height)
    findings = (*table.findings, *_absent_texts(steps, parsed), *_left_out(where, met, name))
    rows = np.flatnonzero(met == 1.0)
    return AskedTable(
        replace(table, frame=table.frame[rows], findings=findings),
        rows,
        replace(
            found.expressions, condition=where, asked=_schema([steps], parsed, table.units, {})
        ),
    )


def _cells(one: Parsed) -> Cells:
    return cells_of(Column(one.name, one.kind, levels=one.levels), one.values)


def _series(name: str, one: Cells) -> pl.Series:
    series = pl.Series(name, np.array(one.values, dtype=np.float64)).fill_nan(None)
    return series.cast(pl.Boolean) if one.sort == "truth" else series


def _refuse_names(definitions: Sequence[str], columns: Sequence[str]) -> None:
    taken = set(columns)
    for one in definitions:
        name = parse_definition(one)[0]
        if name in taken:
            raise UsageError(
                f"the table has a column {name!r} already, which {shortened(one)} would hide",
                "give the new column another name",
            )
        taken.add(name)


def _sentinels(parsed: Mapping[str, Parsed]) -> dict[str, tuple[float, ...]]:
    """Return the numbers that can only stand for missing, by column."""
    columns = tuple(Column(one.name, one.kind) for one in parsed.values())
    values = {name: one.values for name, one in parsed.items()}
    found: dict[str, tuple[float, ...]] = {}
    n_rows = len(next(iter(values.values()), ()))
    for one in find_sentinels(Dataset(columns, values, n_rows)):
        if one.is_certain:
            found[one.column] = tuple(sorted((*found.get(one.column, ()), one.value)))
    return found


def _schema(
    asked: Sequence[Steps],
    parsed: Mapping[str, Parsed],
    units: Mapping[str, str],
    sentinels: Mapping[str, tuple[float, ...]],
) -> tuple[Column, ...]:
    """Return how the columns that expressions use are read, words as far as they are named."""
    texts: dict[str, set[str]] = {}
    for steps in asked:
        compared = texts_of(steps)
        for name in columns_of(steps):
            texts[name] = texts.get(name, set()) | compared.get(name, set())
    return tuple(
        Column(
            name,
            one.kind,
            levels=tuple(sorted(texts[name])) if one.levels else (),
            unit=units.get(name, ""),
            sentinels=sentinels.get(name, ()),
            notation=one.notation,
            tokens=one.tokens,
            date_order=one.date_order,
        )
        for name, one in parsed.items()
        if name in texts
    )


def _derived(source: str, columns: Mapping[str, Cells]) -> Finding:
    """Say what a column is made of, and in how many rows it has no value."""
    name, steps = parse_definition(source)
    one = columns[name]
    if one.sort not in ("number", "truth"):
        raise UsageError(
            f"{shortened(source)} makes {CALLED[one.sort]}; a column of numbers, or of true and "
            "false, can be made",
            "compute something of it: year(date), class == 'STAR'",
        )
    unknown, explained = np.isnan(one.values), np.zeros(len(one.values), dtype=bool)
    for used in columns_of(steps):
        explained |= is_missing(columns[used]) if used in columns else False
    n_gone, n_odd = int(unknown.sum()), int((unknown & ~explained).sum())
    gone = f"; missing in {n_gone:,} of {len(unknown):,} rows" if n_gone else ""
    odd = f", in {n_odd:,} of them as it has no finite value" if n_odd else ""
    message = f"column {name!r} is made by {shortened(source)}{gone}{odd}"
    remedy = "made again for rows to predict"
    return Finding("derived", "warning" if n_odd else "info", (name,), message, remedy)


def _absent_texts(steps: Steps, parsed: Mapping[str, Parsed]) -> list[Finding]:
    """Warn of a text that no cell of its column is: a slip of the pen keeps or drops all rows."""
    findings = []
    for name, texts in texts_of(steps).items():
        levels = parsed[name].levels if name in parsed else ()
        for text in sorted(texts - set(levels)) if levels else ():
            near = suggest(text, levels)
            listed = ", ".join(map(repr, levels[:MOST_LEVELS]))
            more = ", …" if len(levels) > MOST_LEVELS else ""
            message = f"no cell of column {name!r} is {text!r}; it has {listed}{more}"
            remedy = f"did you mean {near!r}?" if near else "correct the condition"
            findings.append(Finding("where_text", "warning", (name,), message, remedy))
    return findings


def _left_out(condition: str, met: Array, name: str) -> list[Finding]:
    n_rows, n_met = len(met), int((met == 1.0).sum())
    n_missing = int(np.isnan(met).sum())
    if n_met == 0 and n_rows:
        raise DataError(
            f"no row of {name!r} meets the condition {shortened(condition)}: it is false in "
            f"{n_rows - n_missing:,} rows and missing in {n_missing:,}",
            "correct the condition",
        )
    shown = shortened(condition)
    message = f"{n_rows - n_met - n_missing:,} of {n_rows:,} rows do not meet {shown}"
    findings = [Finding("where", "info", (), message, f"left out; {n_met:,} rows are used")]
    if n_missing:
        message = f"{n_missing:,} of {n_rows:,} rows have no value where {shown} needs one"
        remedy = "left out too; add `or missing(x)` to keep them"
        findings.append(Finding("where_missing", "warning", (), message, remedy))
    return findings
