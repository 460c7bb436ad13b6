"""Read a text table: every cell a string, every column with a name."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from rung.core.findings import Finding
from rung.data.decode import to_utf8
from rung.data.limits import refuse_width
from rung.data.names import numbered, unique_names
from rung.data.panics import explained
from rung.data.readers import header
from rung.data.readers.dialect import find_delimiter, normalise
from rung.data.readers.reader import Reader, Source, accepted_titles
from rung.data.readers.scan import Scan, line_number, scan_records
from rung.data.spreadsheet import unmarked
from rung.data.table import RawTable, ReadOptions
from rung.errors import UnreadableFile
from rung.typing import Array

HEAD_ROWS = 500


@dataclass(frozen=True)
class _Text:
    """Hold the text on its way: what is left of it, and how it is written."""

    name: str
    data: bytes
    delimiter: str
    quote: str | None
    lines_before: int

    def record(self, scan: Scan, index: int) -> list[str]:
        """Split one record into its cells."""
        return self.split(self.data[scan.starts[index] : scan.ends[index]])[0]

    def split(self, text: bytes) -> list[list[str]]:
        """Split a few records into cells."""
        lines = io.StringIO(text.decode(), newline="")
        if self.quote is None:
            reader = csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        else:
            reader = csv.reader(lines, delimiter=self.delimiter, quotechar=self.quote)
        try:
            return [row or [""] for row in reader] or [[""]]
        except csv.Error as error:
            message = f"{self.name!r} holds a cell that cannot be read: {error}"
            raise UnreadableFile(message, "check quotes and delimiter, or declare them") from error


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
    comments, data = _split_comments(text)
    lines_before = text.count(b"\n", 0, len(text) - len(data))
    if not data.strip():
        raise UnreadableFile(f"{name!r} holds no rows; accepted is a table with at least one row")
    found = options.delimiter or find_delimiter(data)
    refuse_width(_least_width(data, found), name)
    written = normalise(data, found, name)
    if written.stray_at >= 0:
        findings.append(_stray_quote(lines_before + line_number(data, written.stray_at)))
    source = _Text(name, written.data, written.delimiter, written.quote, lines_before)
    source, scan, fitted = _fit_records(source)
    body, names, noted = _take_header(source, scan, options, comments)
    frame = _parse(source, scan, body)
    frame, names, taken_off = unmarked(frame, names, source.data)
    given, renamed = unique_names(names)
    frame.columns = given
    everything = (*findings, *fitted, *noted, *taken_off, *renamed)
    return RawTable(frame, everything, "," if found == ";" else "")


def _least_width(data: bytes, delimiter: str) -> int:
    """Return a number of columns that the table has at least, without a record of each field."""
    if b'"' in data or b"'" in data or delimiter == " ":
        return 1  # where quotes hide delimiters, only a scan can tell
    n_lines = data.count(b"\n") + (not data.endswith(b"\n"))
    return data.count(delimiter.encode()) // n_lines + 1


def _split_comments(text: bytes) -> tuple[list[bytes], bytes]:
    """Part the lines before the table that begin with `#` from the rest."""
    comments: list[bytes] = []
    start = 0
    while start < len(text):
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip()
        if line and not line.startswith(b"#"):
            break
        comments.append(line.lstrip(b"#").strip())
        start = end + 1
    return [line for line in comments if line], text[start:]


def _fit_records(source: _Text) -> tuple[_Text, Scan, list[Finding]]:
    """Give all records one width: skip blank lines and a preamble, cut empty extra fields."""
    scan = scan_records(source.data, source.delimiter, source.quote)
    filled = _filled(source, scan)
    width = _commonest(scan.fields[filled])
    refuse_width(width, source.name)
    odd = np.flatnonzero(filled & (scan.fields != width))
    first = _table_start(source, scan, filled, width)
    trimmed = {int(index): _trim(source, scan, int(index), width) for index in odd}
    broken = [index for index, record in trimmed.items() if record is None and index >= first]
    if broken:
        raise _ragged(source, scan, broken, width)
    kept = filled & (np.arange(len(filled)) >= first)
    findings = [_preamble(first)] if first > 0 and bool(filled[:first].any()) else []
    if not len(odd) and bool(kept.all()):
        return source, scan, findings
    records = [
        cut
        if (cut := trimmed.get(int(i))) is not None
        else source.data[scan.starts[i] : scan.ends[i]]
        for i in np.flatnonzero(kept)
    ]
    lines_before = source.lines_before + source.data.count(b"\n", 0, int(scan.starts[first]))
    joined = b"\n".join(records) + b"\n"
    source = replace(source, data=joined, lines_before=lines_before)
    return source, scan_records(joined, source.delimiter, source.quote), findings


def _filled(source: _Text, scan: Scan) -> Array:
    """Tell which records hold anything; in a single column only the last lines may be blank."""
    filled = scan.ends > scan.starts
    for index in np.flatnonzero(filled & (scan.fields == 1)):
        if scan.ends[index] - scan.starts[index] < 64:
            filled[index] = bool(source.data[scan.starts[index] : scan.ends[index]].strip())
    if _commonest(scan.fields[filled]) == 1:
        last = int(np.flatnonzero(filled)[-1])
        return np.arange(len(filled)) <= last
    return filled


def _commonest(fields: Array) -> int:
    return int(np.bincount(fields).argmax())


def _table_start(source: _Text, scan: Scan, filled: Array, width: int) -> int:
    """Return the first record of the table, after the lines of a preamble.

    Lines before the table are narrower than it or hold one cell, and the first full row must
    look like names: otherwise a short header would be taken for a preamble.
    """
    first = int(np.flatnonzero(filled)[0])
    for index in np.flatnonzero(filled)[:50]:
        cells = source.record(scan, int(index))
        n_filled = sum(1 for cell in cells if cell.strip())
        full = scan.fields[index] == width and (n_filled > 1 or width < 3)
        if full:
            return int(index) if header.looks_like_names(cells) and n_filled == width else first
        if scan.fields[index] > width:
            return first
    return first


def _trim(source: _Text, scan: Scan, index: int, width: int) -> bytes | None:
    """Cut empty fields beyond the width; None where that could shift cells.

    Empty last fields are extra only if in other rows the last field is filled: otherwise one
    delimiter too many further left looks the same.
    """
    extra = int(scan.fields[index]) - width
    record = source.data[scan.starts[index] : scan.ends[index]]
    if extra < 0 or not _last_is_filled(source, scan, width):
        return None
    for _ in range(extra):
        record = record.rstrip(b" \t" if source.delimiter != "\t" else b" ")
        if not record.endswith(source.delimiter.encode()):
            return None
        record = record[:-1]
    return record


def _last_is_filled(source: _Text, scan: Scan, width: int) -> bool:
    regular = scan.ends[(scan.fields == width) & (scan.ends > scan.starts)]
    last = np.frombuffer(source.data, dtype=np.uint8)[regular - 1]
    return bool(np.mean(last == ord(source.delimiter)) < 0.1)


def _ragged(source: _Text, scan: Scan, broken: list[int], width: int) -> UnreadableFile:
    index = broken[0]
    line = source.lines_before + line_number(source.data, int(scan.starts[index]))
    sign = {"\t": "tab", ",": "comma", ";": "semicolon"}.get(source.delimiter, source.delimiter)
    others = f" (one of {len(broken)} such lines)" if len(broken) > 1 else ""
    leading = index == 0 or broken == list(range(len(broken)))
    correct = (
        "delete lines that are no part of the table, and give every column a name"
        if leading
        else "correct the line, or declare the delimiter"
    )
    return UnreadableFile(
        f"line {line} of {source.name!r} has {scan.fields[index]} fields{others}; most lines have "
        f"{width} (delimiter: {sign}); accepted is a table with as many fields on every line",
        correct,
    )


def _preamble(n_records: int) -> Finding:
    message = f"{n_records} lines before the table are no part of it"
    return Finding("preamble", "info", (), message, "skipped")


def _stray_quote(line: int) -> Finding:
    message = f"line {line} holds a quote inside a field, so quotes may mean two things"
    return Finding("stray_quote", "warning", (), message, "check the cells on that line")


def _take_header(
    source: _Text, scan: Scan, options: ReadOptions, comments: list[bytes]
) -> tuple[int, list[str], list[Finding]]:
    """Return the first record of the body, and the names."""
    declared = options.header
    stop = int(scan.ends[min(HEAD_ROWS, len(scan.ends)) - 1])
    rows = source.split(source.data[:stop])
    found = header.has_header(rows) if declared is None else declared
    if not found:
        names = _names_in_comment(source, comments, len(rows[0])) if declared is None else None
        return 0, names or numbered(len(rows[0])), []
    names = _spelled(rows[0])
    if len(scan.ends) == 1 and not options.may_be_empty:
        raise UnreadableFile(
            f"{source.name!r} holds names ({', '.join(map(repr, names[:4]))}) and no rows; "
            "accepted is a table with at least one row",
            "declare that there is no header if that line is data",
        )
    if len(rows) > 2 and header.is_width_row(rows[1]):
        message = "the row under the names states widths, not data"
        return 2, names, [Finding("width_row", "info", (), message, "skipped")]
    return 1, names, []


def _spelled(cells: list[str]) -> list[str]:
    """Return names as spelled, but for a blank after every delimiter, which belongs to it."""
    if len(cells) > 1 and all(cell.startswith(" ") for cell in cells[1:]):
        return [cell.strip() for cell in cells]
    return cells


def _names_in_comment(source: _Text, comments: list[bytes], width: int) -> list[str] | None:
    """Take names from the last comment line, as astronomers write them, if they fit."""
    if not comments or width < 2:
        return None
    last = comments[-1].decode()
    for cells in (last.split(source.delimiter), last.split(), last.split(",")):
        if len(cells) == width and header.looks_like_names(cells):
            return [cell.strip() for cell in cells]
    return None


def _parse(source: _Text, scan: Scan, body: int) -> pl.DataFrame:
    width = int(scan.fields[0])
    if body == len(scan.ends):
        return pl.DataFrame(schema=dict.fromkeys(numbered(width), pl.String))
    remedy = "check quotes and delimiter, or declare them"
    with explained(f"{source.name!r} cannot be read as a table", remedy):
        frame = pl.read_csv(
            source.data[int(scan.starts[body]) :] if body else source.data,
            has_header=False,
            schema=dict.fromkeys(numbered(width), pl.String),
            separator=source.delimiter,
            quote_char=source.quote,
            empty_string_is_null=False,
        )
    if frame.height != len(scan.ends) - body:
        raise UnreadableFile(
            f"{source.name!r} has {len(scan.ends) - body} rows, of which {frame.height} can be read",
            remedy,
        )
    return frame


def read_text(source: Source, options: ReadOptions) -> RawTable:
    """Read a text table."""
    return read_delimited(source.content(), source.name, options)


READER = Reader(
    name="delimited",
    title="CSV, TSV or blank-separated text",
    suffixes=(".csv", ".tsv", ".tab"),
    read=read_text,
)
