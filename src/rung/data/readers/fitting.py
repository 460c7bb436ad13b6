"""Give all records one width: leave out what is no row, and read rows that are a little odd."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import numpy as np

from rung.core.findings import Finding
from rung.data.cells import MISSING_TOKENS
from rung.data.limits import refuse_width
from rung.data.readers import header
from rung.data.readers.beginning import (
    SAMPLE_ROWS,
    short_names,
    table_start,
    without_rules,
)
from rung.data.readers.layout import (
    find_heading,
    is_rule,
    named_otherwise,
    names_one,
    value_columns,
    without_label,
)
from rung.data.readers.notes import last_row, without_empty
from rung.data.readers.records import TextRecords, commonest, sign_name
from rung.data.readers.repair import LEAST_ROWS, Repairer, make_repairer
from rung.data.readers.shapes import is_value
from rung.data.table import ReadOptions
from rung.errors import UnreadableFile
from rung.typing import Array

TOP_ROWS = 60
MOST_REPAIRED, MOST_ASIDES = 0.02, 0.2
_RULE_OR_COMMENT = re.compile(r"^(?:[-=+*_~]{3,}[-=+*_~| ]*$|[#%] |\(\d+ rows?\)$)")
_ASIDE = re.compile(
    r"^(?:[-=+*_~]{3,}[-=+*_~| ]*|#.*|% .*|[^\W\d].*[^\W\d]{2,} +\S.*|[^\W\d][\w -]*:)$"
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
    filled, empty = without_empty(records, records.filled(), inside=not options.may_be_empty)
    width = _width(records, filled)
    refuse_width(width, records.name)
    fitted = _fit(records, filled, width, options)
    return replace(fitted, findings=(*empty, *fitted.findings))


def _fit(records: TextRecords, filled: Array, width: int, options: ReadOptions) -> FittedLines:
    regular = np.flatnonzero(filled & (records.scan.fields == width))
    if width == 1:
        return _single(records, filled, options)
    sample = regular[: min(len(regular), SAMPLE_ROWS)]
    rows = [records.cells(int(i)) for i in sample]
    values = value_columns(rows) if len(rows) > 1 else []
    top = np.flatnonzero(filled)[:TOP_ROWS]
    heading = None
    if values and options.header is not False:
        gaps = set((np.flatnonzero(np.diff(top) > 1) + 1).tolist())
        found = find_heading([records.cells(int(i)) for i in top], width, values, gaps)
        heading = found if found.first or found.preamble else None
    if heading is None:
        return _plain(records, filled, regular, width)
    first = int(top[heading.first])
    if heading.names is None and heading.first:
        said = records.cells(int(top[heading.first - 1]))
        above = without_label(said, width)
        if len(above) > width and header.looks_like_names(above) and _are_short(above):
            raise _ragged(records, [int(top[heading.first - 1])], width, ())
        is_named = len(above) < len(said) and header.looks_like_names(above)
        if is_named or (width == 2 and names_one(above, rows[-LEAST_ROWS:])):
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


def _single(records: TextRecords, filled: Array, options: ReadOptions) -> FittedLines:
    """Fit a single column: the line above its values names it, what stands further up does not."""
    full = [i for i in map(int, np.flatnonzero(filled)[: 2 * TOP_ROWS]) if records.text(i).strip()]
    cells = [records.cells(i) for i in full]
    below = [one for one in cells[len(cells) // 2 :] if one[0] not in MISSING_TOKENS]
    is_valued = bool(below) and all(len(one) == 1 and is_value(one[0]) for one in below)
    words = [i for i, one in enumerate(cells) if len(one) > 1 or not is_value(one[0])]
    first = words[-1] + 1 if words else 0
    names = [i for i in range(first) if not is_rule(cells[i])]
    if not is_valued or options.header is False or not names or len(cells[names[-1]]) != 1:
        return _plain(records, filled, np.flatnonzero(filled), 1)
    at = full[names[-1]]
    if names[-1] == 0 or any(i < first - 1 and cells[i][0] in MISSING_TOKENS for i in words):
        filled = filled & (np.arange(len(filled)) >= at)
        return _plain(records, filled, np.flatnonzero(filled), 1)
    body, more = _body(records, filled, full[first], 1)
    return FittedLines(body, cells[names[-1]], findings=(_preamble(names[-1]), *more))


def _plain(records: TextRecords, filled: Array, regular: Array, width: int) -> FittedLines:
    """Fit a table without columns of values, or one whose first record may be a row."""
    filled = without_rules(records, filled)
    place, names = short_names(records, filled, regular, width)
    if names:
        rows = filled & (np.arange(len(filled)) > place)
        body, more = _body(records, rows, int(np.flatnonzero(rows)[0]), width)
        above = int(filled[:place].sum())
        findings = [_preamble(above)] if above else []
        return FittedLines(body, names, findings=(*findings, *more))
    first = table_start(records, filled, width)
    findings = [_preamble(first)] if first > 0 and bool(filled[:first].any()) else []
    body, more = _body(records, filled, first, width)
    return FittedLines(body, findings=(*findings, *more))


def _body(
    records: TextRecords, filled: Array, first: int, width: int
) -> tuple[TextRecords, list[Finding]]:
    """Return the records from the first row on, all of one width."""
    within = filled & (np.arange(len(filled)) >= first)
    last, findings = last_row(records, within, width)
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
