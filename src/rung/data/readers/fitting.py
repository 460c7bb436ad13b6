"""Give all records one width: leave out what is no row, and read rows that are a little odd."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import numpy as np

from rung.core.findings import Finding
from rung.data.limits import refuse_width
from rung.data.readers import header
from rung.data.readers.layout import (
    find_heading,
    named_otherwise,
    value_columns,
    without_label,
)
from rung.data.readers.records import TextRecords, commonest, sign_name
from rung.data.readers.repair import LEAST_ROWS, Repairer, make_repairer
from rung.data.readers.shapes import is_value
from rung.data.table import ReadOptions
from rung.errors import UnreadableFile
from rung.typing import Array

SAMPLE_ROWS, TOP_ROWS, FOOTER_ROWS = 400, 60, 20
MOST_REPAIRED, MOST_ASIDES = 0.02, 0.2
_RULE_OR_COMMENT = re.compile(r"^(?:[-=+*_~]{3,}[-=+*_~| ]*$|[#%] |\(\d+ rows?\)$)")
_ASIDE = re.compile(
    r"^(?:[-=+*_~]{3,}[-=+*_~| ]*|#.*|% .*|[^\W\d].*[^\W\d]{2,} +\S.*|[^\W\d][\w -]*:)$"
)
_NOTE = re.compile(
    r"(?i)^(?:[*\u2020\u00a9]|\(c\)|(?:data )?sources?\b|notes?\b|footnotes?\b|legend\b|disclaimer\b|"
    r"copyright\b|last updated\b|updated\b|generated\b|downloaded\b|exported\b|created\b|end of )"
)


@dataclass(frozen=True)
class FittedLines:
    """Hold records of one width.

    Attributes
    ----------
    records : TextRecords
        The rows; the first may still hold the names where `names` is None.
    names : list of str or None
        The names, where rows above the values hold them for certain.
    units : list of str
        Units, one a column, where a row states them.
    findings : tuple of Finding
        What was left out or mended.
    """

    records: TextRecords
    names: list[str] | None = None
    units: list[str] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()


def fit_rows(records: TextRecords, options: ReadOptions) -> FittedLines:
    """Find the rows of a table among the records of a text.

    Raises
    ------
    UnreadableFile
        If a row has another number of fields than the others, and no one reading fits.
    """
    filled = records.filled()
    width = _width(records, filled)
    refuse_width(width, records.name)
    regular = np.flatnonzero(filled & (records.scan.fields == width))
    if width == 1:
        return _plain(records, filled, regular, width)
    sample = regular[: min(len(regular), SAMPLE_ROWS)]
    rows = [records.cells(int(i)) for i in sample]
    values = value_columns(rows) if len(rows) > 1 else []
    top = np.flatnonzero(filled)[:TOP_ROWS]
    heading = None
    if values and options.header is not False:
        found = find_heading([records.cells(int(i)) for i in top], width, values)
        heading = found if found.first or found.preamble else None
    if heading is None:
        return _plain(records, filled, regular, width)
    first = int(top[heading.first])
    if heading.names is None and heading.first:
        said = records.cells(int(top[heading.first - 1]))
        above = without_label(said, width)
        if len(above) > width and header.looks_like_names(above) and _are_short(above):
            raise _ragged(records, [int(top[heading.first - 1])], width, ())
        if len(above) < len(said) and header.looks_like_names(above):
            heading = replace(heading, names=above, preamble=heading.preamble - 1)
        heading = (
            heading
            if heading.names
            else named_otherwise(heading, records.delimiter.join(above), width)
        )
    findings = [_preamble(heading.preamble)] if heading.preamble else []
    body, more = _body(records, filled, first, width)
    return FittedLines(body, heading.names, heading.units, (*findings, *heading.findings, *more))


def _are_short(cells: list[str]) -> bool:
    return all(len(cell.split()) <= 2 for cell in cells)


def _width(records: TextRecords, filled: Array) -> int:
    """Return how many fields the table has: as most records, or as the names if these have more."""
    fields = records.scan.fields[filled]
    width = commonest(fields)
    first = int(fields[0])
    if width == 1:
        return _longest_run(fields)
    if first > width and first == int(fields.max()) and bool((fields[1:] != width).any()):
        names = records.cells(int(np.flatnonzero(filled)[0]))
        if header.looks_like_names(names) and all(name.strip() for name in names):
            return first
    return width


def _longest_run(fields: Array) -> int:
    """Return the width of the longest run of records of one width above one, if it is half of all."""
    edges = np.flatnonzero(np.diff(fields)) + 1
    runs = np.split(fields, edges)
    longest = max((run for run in runs if run[0] > 1), key=len, default=fields[:0])
    return int(longest[0]) if len(longest) >= max(2, 0.5 * len(fields)) else 1


def _plain(records: TextRecords, filled: Array, regular: Array, width: int) -> FittedLines:
    """Fit a table without columns of values, or one whose first record may be a row."""
    first = _table_start(records, filled, width)
    findings = [_preamble(first)] if first > 0 and bool(filled[:first].any()) else []
    body, more = _body(records, filled, first, width)
    return FittedLines(body, findings=(*findings, *more))


def _table_start(records: TextRecords, filled: Array, width: int) -> int:
    """Return the first record of the table, after the lines of a preamble.

    Lines before the table are narrower than it or hold one cell, and the first full row must
    look like names: otherwise a short header would be taken for a preamble.
    """
    first = int(np.flatnonzero(filled)[0])
    for index in np.flatnonzero(filled)[:50]:
        cells = records.cells(int(index))
        n_filled = sum(1 for cell in cells if cell.strip())
        is_title = n_filled == 1 and " " in cells[0].strip()
        full = len(cells) == width and (n_filled > 1 or (width < 3 and not is_title))
        if full:
            return int(index) if header.looks_like_names(cells) and n_filled == width else first
        if len(cells) > width:
            return first
    return first


def _body(
    records: TextRecords, filled: Array, first: int, width: int
) -> tuple[TextRecords, list[Finding]]:
    """Return the records from the first row on, all of one width."""
    within = filled & (np.arange(len(filled)) >= first)
    last, findings = _last_row(records, within, width)
    within &= np.arange(len(filled)) <= last
    within, said = _without_asides(records, within, width)
    findings += said
    odd = np.flatnonzero(within & (records.scan.fields != width))
    rewritten: dict[int, list[str]] = {}
    if len(odd) or records.has_strays:
        rewritten, mended = _mended(records, within, odd, width)
        findings += mended
    if not len(odd) and not rewritten and bool(within.all()):
        return records, findings
    return records.only(np.flatnonzero(within), rewritten), findings


def _without_asides(records: TextRecords, within: Array, width: int) -> tuple[Array, list[Finding]]:
    """Leave out lines among the rows that are a rule, or words without any delimiter."""
    if width < 2:
        return within, []
    pattern = _ASIDE if width > 2 else _RULE_OR_COMMENT
    odd = np.flatnonzero(within & (records.scan.fields != width))
    alone = [i for i in map(int, odd) if records.scan.fields[i] == 1 or _begins(records, i, b"#")]
    if not alone or len(alone) > max(2, MOST_ASIDES * int(within.sum())):
        return within, []
    aside = [i for i in alone if pattern.match(records.text(i).decode().strip())]
    if not aside:
        return within, []
    lines = ", ".join(str(records.line(i)) for i in aside[:5]) + (", …" if len(aside) > 5 else "")
    found = f"lines without any delimiter among the rows ({lines})"
    kept = within.copy()
    kept[aside] = False
    return kept, [Finding("asides", "warning", (), found, "skipped; they are no rows")]


def _begins(records: TextRecords, index: int, sign: bytes) -> bool:
    return records.data.startswith(sign, int(records.scan.starts[index]))


def _last_row(records: TextRecords, within: Array, width: int) -> tuple[int, list[Finding]]:
    """Return the last row: below it stand only notes of one cell, and rows of none between them."""
    places = np.flatnonzero(within)
    last, notes = len(places) - 1, 0
    for at in range(len(places) - 1, max(0, len(places) - FOOTER_ROWS), -1):
        index = int(places[at])
        cells = records.cells(index) if records.scan.fields[index] <= width else ["", "x"]
        filled = [cell for cell in cells if cell.strip()]
        if filled and (len(filled) > 1 or not _is_note(cells, width)):
            break
        if filled:
            last, notes = at - 1, notes + 1
    while notes and last > 0 and not records.text(int(places[last])).strip(b', \t;|"'):
        last -= 1
    found = f"{notes} lines below the table are no part of it"
    findings = [Finding("footer", "info", (), found, "skipped")] if notes else []
    return int(places[last]), findings


def _is_note(cells: list[str], width: int) -> bool:
    """Tell whether a row of one cell is a note; a full row is only if it says so."""
    text = cells[0].strip()
    if width < 3 or not text or is_value(text):
        return False
    return len(cells) < width or bool(_NOTE.match(text))


def _mended(
    records: TextRecords, within: Array, odd: Array, width: int
) -> tuple[dict[int, list[str]], list[Finding]]:
    """Read odd rows; raise for one that has no reading, or several."""
    regular = np.flatnonzero(within & (records.scan.fields == width))
    sample = regular[1 : SAMPLE_ROWS + 1] if len(regular) > 1 else regular
    if records.has_strays:
        sample = np.array([i for i in sample if b'""' not in records.text(int(i))], dtype=np.int64)
    rows = [records.cells(int(i)) for i in sample]
    n_short = int(np.sum(records.scan.fields[odd] < width))
    repairer = make_repairer(rows, records.delimiter, n_short) if rows else None
    rewritten: dict[int, list[str]] = {}
    done: dict[str, list[int]] = {}
    broken: list[int] = []
    shown: tuple[tuple[str, ...], ...] = ()
    for index in map(int, odd):
        cells = records.cells(index)
        if (cut := _trimmed(records, cells, width, regular)) is not None:
            rewritten[index] = cut
            continue
        how, readings = _readings(repairer, records, index, cells, n_odd=len(odd), n_rows=len(rows))
        if len(readings) == 1:
            rewritten[index] = list(readings[0])
            done.setdefault(how, []).append(records.line(index))
        else:
            broken.append(index)
            shown = shown or readings
    if broken:
        raise _ragged(records, broken, width, shown)
    if records.has_strays and repairer is not None and len(rows) >= LEAST_ROWS:
        _read_glued(records, repairer, regular, rewritten, done)
    return rewritten, [_repaired(how, lines) for how, lines in done.items()]


def _readings(
    repairer: Repairer | None,
    records: TextRecords,
    index: int,
    cells: list[str],
    *,
    n_odd: int,
    n_rows: int,
) -> tuple[str, tuple[tuple[str, ...], ...]]:
    if repairer is None:
        return "", ()
    if repairer.may_be_cut and len(cells) < len(repairer.shapes):
        found = repairer.read(cells, "")
        return found.how, found.readings
    if n_rows < LEAST_ROWS or n_odd > max(3, MOST_REPAIRED * len(records)):
        return "", ()
    # Where quotes stood askew, the text was written anew from such cells.
    text = records.delimiter.join(cells) if records.has_strays else records.text(index).decode()
    found = repairer.read(cells, text)
    return found.how, found.readings


def _read_glued(
    records: TextRecords,
    repairer: Repairer,
    regular: Array,
    rewritten: dict[int, list[str]],
    done: dict[str, list[int]],
) -> None:
    """Read rows of the right width again whose quotes have glued two cells together."""
    for index in map(int, regular[1:]):
        if b'""' not in records.text(index):
            continue
        cells = records.cells(index)
        if all(shape.fits(cell) for shape, cell in zip(repairer.shapes, cells, strict=True)):
            continue
        found = repairer.read(cells, "")
        if len(found.readings) == 1:
            rewritten[index] = list(found.readings[0])
            done.setdefault(found.how, []).append(records.line(index))


def _trimmed(
    records: TextRecords, cells: list[str], width: int, regular: Array
) -> list[str] | None:
    """Cut empty fields beyond the width; None where that could shift cells.

    Empty last fields are extra only if in other rows the last field is filled: otherwise one
    delimiter too many further left looks the same.
    """
    if len(cells) <= width or any(cell.strip() for cell in cells[width:]):
        return None
    last = np.frombuffer(records.data, dtype=np.uint8)[records.scan.ends[regular] - 1]
    return cells[:width] if bool(np.mean(last == ord(records.delimiter)) < 0.1) else None


def _ragged(
    records: TextRecords, broken: list[int], width: int, shown: tuple[tuple[str, ...], ...]
) -> UnreadableFile:
    index = broken[0]
    line = records.line(index)
    others = f" (one of {len(broken)} such lines)" if len(broken) > 1 else ""
    leading = index == 0 or broken == list(range(len(broken)))
    correct = (
        "delete lines that are no part of the table, and give every column a name"
        if leading
        else "correct the line, or declare the delimiter"
    )
    either = ""
    if len(shown) > 1:
        first, second = (list(reading)[:6] for reading in shown[:2])
        either = f"; it may mean {first} or {second}"
    return UnreadableFile(
        f"line {line} of {records.name!r} has {records.scan.fields[index]} fields{others}; most "
        f"lines have {width} (delimiter: {sign_name(records.delimiter)}){either}; accepted is a "
        "table with as many fields on every line",
        correct,
    )


def _repaired(how: str, lines: list[int]) -> Finding:
    shown = ", ".join(map(str, lines[:5])) + (", …" if len(lines) > 5 else "")
    what = f"line {shown} has" if len(lines) == 1 else f"{len(lines)} lines ({shown}) have"
    return Finding(
        "ragged",
        "warning",
        (),
        f"{what} another number of fields than the table; one reading fits the columns: {how}",
        "read so; correct the file if that is wrong",
    )


def _preamble(n_records: int) -> Finding:
    message = f"{n_records} lines before the table are no part of it"
    return Finding("preamble", "info", (), message, "skipped")
