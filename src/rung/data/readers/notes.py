"""Find what stands below a table: notes, sources, ends as programs mark them, and empty rows."""

from __future__ import annotations

import re

import numpy as np

from rung.core.findings import Finding
from rung.data.readers.records import TextRecords
from rung.data.readers.shapes import is_value
from rung.typing import Array

FOOTER_ROWS, LEAST_ROWS = 20, 3
MOST_SINGLE, LOOKED_AT = 0.1, 200
_NOTE = re.compile(
    r"(?i)^(?:[*\u2020\u00a9#]|\(c\)|(?:data )?sources?\b|notes?\b|footnotes?\b|legend\b|"
    r"disclaimer\b|copyright\b|(?:last )?updated\b|generated\b|downloaded\b|exported\b|created\b|"
    r"data from\b|\(?\d+ rows?\b|end(?: of .*)?$|eof$|!\w+_end$)"
)


def last_row(records: TextRecords, within: Array, width: int) -> tuple[int, list[Finding]]:
    """Return the last row: below it stand only notes, and rows of none between them.

    Parameters
    ----------
    records : TextRecords
        All records of the text.
    within : ndarray of bool, shape (n_records,)
        Those that may be rows.
    width : int
        Fields of the table.

    Returns
    -------
    last : int
        Position of the last row.
    findings : list of Finding
        How many notes there are.
    """
    places = np.flatnonzero(within)
    last, notes = len(places) - 1, 0
    block = _noted_block(records, places, width)
    if block:
        last, notes = block - 1, len(places) - block
    for at in range(last, max(0, last - FOOTER_ROWS), -1):
        cells = _cells(records, int(places[at]), width)
        filled = [cell for cell in cells if cell.strip()]
        if filled and (len(filled) > 1 or not _is_note(cells, width)):
            break
        if filled:
            last, notes = at - 1, notes + 1
    while notes and last > 0 and _is_empty(records, int(places[last]), b'"'):
        last -= 1
    found = f"{notes} lines below the table are no part of it"
    findings = [Finding("footer", "info", (), found, "skipped")] if notes else []
    return int(places[last]), findings


def _cells(records: TextRecords, index: int, width: int) -> list[str]:
    return records.cells(index) if records.scan.fields[index] <= width else ["", "x", "x"]


def _noted_block(records: TextRecords, places: Array, width: int) -> int:
    """Return where a block of notes begins: after a gap, with a note, and without any row; else 0.

    Rows are told from notes by the cells that they fill: a table most of whose rows fill one cell
    alone has no such block.
    """
    low = max(1, len(places) - FOOTER_ROWS)
    gaps = [at for at in range(low, len(places)) if places[at] - places[at - 1] > 1]
    for start in gaps:
        block = [_cells(records, int(i), width) for i in places[start:]]
        n_filled = [sum(bool(cell.strip()) for cell in cells) for cells in block]
        first = next((cell.strip() for cell in block[0] if cell.strip()), "")
        if n_filled[0] != 1 or is_value(first) or width == 1 or max(n_filled) == width:
            continue
        is_noted = bool(_NOTE.match(first)) or first.endswith(":")
        if is_noted and all(len(cells) < width for cells in block):
            return start
        is_left = all(cells[0].strip() for cells in block) and start > LEAST_ROWS
        if is_left and max(n_filled) == 1 and not _often_single(records, places[:start], width):
            return start
    return 0


def _often_single(records: TextRecords, places: Array, width: int) -> bool:
    rows = [_cells(records, int(i), width) for i in places[-LOOKED_AT:]]
    single = sum(sum(bool(cell.strip()) for cell in cells) == 1 for cells in rows)
    return single > MOST_SINGLE * len(rows)


def _is_note(cells: list[str], width: int) -> bool:
    """Tell whether a row of one cell is a note; a full row is only if it says so."""
    text = cells[0].strip()
    if width < 2 or not text or is_value(text):
        return False
    return (len(cells) < width and width > 2) or bool(_NOTE.match(text))


def _is_empty(records: TextRecords, index: int, quotes: bytes = b"") -> bool:
    return not records.text(index).strip(b" \t" + records.delimiter.encode() + quotes)


def without_empty(
    records: TextRecords, filled: Array, *, inside: bool = True
) -> tuple[Array, list[Finding]]:
    """Leave out records of delimiters alone, as spreadsheets write blank rows.

    Cells that are empty in quotes are cells.

    Parameters
    ----------
    records : TextRecords
        All records of the text.
    filled : ndarray of bool, shape (n_records,)
        Those that are no blank lines.
    inside : bool
        Whether those between rows are left out too; rows to predict keep their places.

    Returns
    -------
    filled : ndarray of bool, shape (n_records,)
        Those that hold a cell.
    findings : list of Finding
        How many were left out.
    """
    scan = records.scan
    sizes = scan.ends - scan.starts
    tried = filled & (scan.fields > 1) & (sizes <= 2 * scan.fields)
    if b" " not in records.data:
        tried &= sizes == scan.fields - 1
    empty = [i for i in map(int, np.flatnonzero(tried)) if _is_empty(records, i)]
    if not inside and empty:
        full = np.setdiff1d(np.flatnonzero(filled), empty)
        empty = [i for i in empty if len(full) and not full[0] < i < full[-1]]
    if not empty or len(empty) == int(filled.sum()):
        return filled, []
    kept = filled.copy()
    kept[empty] = False
    shown = ", ".join(str(records.line(i)) for i in empty[:5]) + (", …" if len(empty) > 5 else "")
    message = f"{len(empty)} lines ({shown}) hold no cell, only delimiters"
    return kept, [Finding("empty_rows", "info", (), message, "left out")]
