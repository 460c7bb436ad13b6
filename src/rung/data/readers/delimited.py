"""Read a text table: every cell a string, every column with a name."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from rung.core.findings import Finding
from rung.data.decode import to_utf8
from rung.data.limits import refuse_width
from rung.data.names import numbered, unique_names
from rung.data.panics import explained
from rung.data.readers import header
from rung.data.readers.comments import Stripped, strip_comments
from rung.data.readers.delimiters import single_delimiter
from rung.data.readers.dialect import find_delimiter, normalise
from rung.data.readers.edges import (
    drop_empty_edges,
    name_shorter_header,
    rows_of_nothing,
    without_repeated_names,
)
from rung.data.readers.fitting import FittedLines, fit_rows
from rung.data.readers.layout import without_label
from rung.data.readers.reader import Reader, Source, accepted_titles
from rung.data.readers.records import TextRecords, sign_name
from rung.data.readers.scan import line_number, scan_records
from rung.data.readers.several import choose_table
from rung.data.readers.totals import without_totals
from rung.data.readers.under_names import is_type_row
from rung.data.spreadsheet import unmarked
from rung.data.table import RawTable, ReadOptions
from rung.errors import UnreadableFile

HEAD_ROWS = 500


def read_delimited(raw: bytes, name: str, options: ReadOptions) -> RawTable:
    r"""Read the bytes of a text table.

    Parameters
    ----------
    raw : bytes
        The file, unpacked.
    name : str
        What to call it in messages.
    options : ReadOptions
        Delimiter, header and encoding, where declared.

    Returns
    -------
    RawTable
        Strings under unique names.

    Raises
    ------
    UnreadableFile
        If it is not a table of rows of one width.

    Examples
    --------
    >>> read_delimited(b"a,b\n1,2\n", "t.csv", ReadOptions()).frame.columns
    ['a', 'b']
    """
    text, findings = to_utf8(raw, name, options.encoding, accepted=accepted_titles())
    stripped = strip_comments(text, options)
    if not stripped.data.strip():
        raise UnreadableFile(f"{name!r} holds no rows; accepted is a table with at least one row")
    data, declared, noted = single_delimiter(
        stripped.data, options.delimiter or stripped.delimiter or None
    )
    found = declared or find_delimiter(data)
    refuse_width(_least_width(data, found), name)
    written = normalise(data, found, name)
    findings += [*stripped.findings, *noted]
    if written.stray_at >= 0:
        line = stripped.lines_before + line_number(data, written.stray_at)
        findings.append(_stray_quote(line))
    records = TextRecords(
        name,
        written.data,
        written.delimiter,
        written.quote,
        stripped.lines_before,
        scan_records(written.data, written.delimiter, written.quote),
        has_strays=written.stray_at >= 0,
    )
    records, several = choose_table(records, options.table)
    fitted = fit_rows(records, options)
    body, names, named = _take_header(fitted, options, stripped)
    frame = _parse(fitted.records, body)
    if len(names) < frame.width:
        names, said = name_shorter_header(frame, names, name)
        named += said
    frame, repeated = without_repeated_names(frame, names)
    frame, totalled = without_totals(frame)
    totalled += rows_of_nothing(frame)
    frame, names, taken_off = unmarked(frame, names, fitted.records.data)
    frame, names, units, dropped = drop_empty_edges(frame, names, fitted.units)
    given, renamed = unique_names(names)
    frame.columns = given
    everything = (
        *(*findings, *several, *fitted.findings, *named, *repeated, *totalled, *taken_off),
        *(*dropped, *renamed),
        *_dialect(found, noted),
    )
    by_name = {one: unit for one, unit in zip(given, units, strict=False) if unit}
    return RawTable(frame, everything, "," if found == ";" else "", by_name)


def _least_width(data: bytes, delimiter: str) -> int:
    """Return a number of columns that the table has at least, without a record of each field."""
    if b'"' in data or b"'" in data or delimiter == " ":
        return 1  # where quotes hide delimiters, only a scan can tell
    n_lines = data.count(b"\n") + (not data.endswith(b"\n"))
    return data.count(delimiter.encode()) // n_lines + 1


def _stray_quote(line: int) -> Finding:
    message = f"line {line} holds a quote inside a field, so quotes may mean two things"
    return Finding("stray_quote", "warning", (), message, "check the cells on that line")


def _dialect(found: str, noted: list[Finding]) -> list[Finding]:
    """Say what parts the fields where it is neither a comma nor a tab."""
    if found in (",", "\t") or noted:
        return []
    message = f"fields are parted by {sign_name(found)}"
    return [Finding("dialect", "info", (), message, "say --delimiter if that is wrong")]


def _take_header(
    fitted: FittedLines, options: ReadOptions, stripped: Stripped
) -> tuple[int, list[str], list[Finding]]:
    """Return the first record of the body, and the names."""
    if fitted.names is not None:
        return 0, _spelled(fitted.names), []
    records, declared = fitted.records, options.header
    stop = int(records.scan.ends[min(HEAD_ROWS, len(records)) - 1])
    rows = records.split(records.data[:stop])
    found = header.has_header(rows) if declared is None else declared
    if declared is None and not (found and header.looks_like_names(rows[0])):
        said = _names_in_comment(records, stripped, len(rows[0]))
        if said:
            return 0, said, []
    if not found:
        return 0, numbered(len(rows[0])), []
    names = _spelled(rows[0])
    if len(records) == 1 and not options.may_be_empty:
        raise UnreadableFile(
            f"{records.name!r} holds names ({', '.join(map(repr, names[:4]))}) and no rows; "
            "accepted is a table with at least one row",
            "declare that there is no header if that line is data",
        )
    if len(rows) > 2 and is_type_row(rows[1], len(rows[0]), rows[2:]):
        message = "the row under the names states widths or types, not data"
        return 2, names, [Finding("width_row", "info", (), message, "skipped")]
    return 1, names, []


def _spelled(cells: list[str]) -> list[str]:
    """Return names as spelled, but for a blank after every delimiter, which belongs to it."""
    filled = [cell for cell in cells[1:] if cell]
    after_delimiters = bool(filled) and all(cell.startswith(" ") for cell in filled)
    # Names as wide as the cells below them are padded, as in a table for the eye.
    padded = sum(cell.endswith("  ") or cell.startswith("  ") for cell in cells)
    if after_delimiters or padded > 0.5 * len(cells) > 0.5:
        return [cell.strip() for cell in cells]
    return cells


def _names_in_comment(records: TextRecords, stripped: Stripped, width: int) -> list[str] | None:
    """Take names from the last comment line, as astronomers write them, if they fit."""
    if not stripped.comments or width < 2:
        return None
    last = stripped.comments[-1].decode()
    for split in (last.split(records.delimiter), last.split(), last.split(",")):
        cells = without_label(split, width)
        is_named = header.looks_like_names(cells) or header.counts_columns(cells)
        if len(cells) == width and is_named:
            return [cell.strip() for cell in cells]
    return None


def _parse(records: TextRecords, body: int) -> pl.DataFrame:
    width = int(records.scan.fields[0])
    n_rows = len(records) - body
    if n_rows == 0:
        return pl.DataFrame(schema=dict.fromkeys(numbered(width), pl.String))
    remedy = "check quotes and delimiter, or declare them"
    with explained(f"{records.name!r} cannot be read as a table", remedy):
        frame = pl.read_csv(
            records.data[int(records.scan.starts[body]) :] if body else records.data,
            has_header=False,
            schema=dict.fromkeys(numbered(width), pl.String),
            separator=records.delimiter,
            quote_char=records.quote,
            empty_string_is_null=False,
        )
    if frame.height != n_rows:
        raise UnreadableFile(
            f"{records.name!r} has {n_rows} rows, of which {frame.height} can be read", remedy
        )
    return frame


def read_text(source: Source, options: ReadOptions) -> RawTable:
    """Read a text table."""
    if source.table and not options.table:
        options = replace(options, table=source.table)
    return read_delimited(source.content(), source.name, options)


READER = Reader(
    name="delimited",
    title="CSV, TSV or blank-separated text",
    suffixes=(".csv", ".tsv", ".tab"),
    read=read_text,
)
