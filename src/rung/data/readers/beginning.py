"""Find where a table of words begins: no column of values tells its rows from what stands above."""

from __future__ import annotations

import numpy as np

from rung.data.readers import header
from rung.data.readers.layout import is_rule
from rung.data.readers.records import TextRecords
from rung.data.readers.shapes import is_value
from rung.typing import Array

SAMPLE_ROWS, TOP_ROWS, MOST_KEYS, MOSTLY = 400, 60, 12, 0.85


def table_start(records: TextRecords, filled: Array, width: int) -> int:
    """Return the first record of the table, after the lines of a preamble.

    Lines before the table are narrower than it or hold one cell, and the first full row must
    look like names: otherwise a short header would be taken for a preamble.
    """
    first = int(np.flatnonzero(filled)[0])
    after = _after_keys(records, filled, width)
    if after:
        return after
    rows = [records.cells(int(i)) for i in np.flatnonzero(filled)[:SAMPLE_ROWS]]
    used = _used_width(rows, width)
    n_cells = [sum(bool(cell.strip()) for cell in cells) for cells in rows]
    may_be_single = width < 3 and sum(n > 1 for n in n_cells) < MOSTLY * len(rows)
    for index, cells, n_filled in list(zip(np.flatnonzero(filled), rows, n_cells, strict=False))[
        :50
    ]:
        is_title = n_filled == 1 and " " in cells[0].strip()
        full = len(cells) == width and (n_filled > 1 or (may_be_single and not is_title))
        if full:
            is_named = header.looks_like_names(cells) and all(one.strip() for one in cells[1:used])
            return int(index) if is_named else first
        if len(cells) > width:
            return first
    return first


def _after_keys(records: TextRecords, filled: Array, width: int) -> int:
    """Return the names of a table of words that stand below keys with values and a gap; else 0."""
    places = np.flatnonzero(filled)[:TOP_ROWS]
    rows = [records.cells(int(i)) for i in places]
    gaps = (np.flatnonzero(np.diff(places[:MOST_KEYS]) > 1) + 1).tolist()
    for gap in reversed(gaps):
        above, names, below = rows[:gap], rows[gap], rows[gap + 1 :]
        is_full = len(names) == width and all(map(str.strip, names))
        if not is_full or not header.looks_like_names(names) or len(below) < 2 * len(above):
            continue
        is_keyed = any(is_value(cell) for row in above for cell in row[1:])
        if is_keyed and not any(is_value(cell) for row in below for cell in row[1:]):
            return int(places[gap])
    return 0


def short_names(
    records: TextRecords, filled: Array, regular: Array, width: int
) -> tuple[int, list[str]]:
    """Return place and names of a first line that lacks cells which rows have no use for.

    These are empty in all rows, as a delimiter ends each, or are names of rows, as R writes them.
    """
    top = map(int, np.flatnonzero(filled & (records.scan.fields > 1))[:TOP_ROWS])
    several = ((i, records.cells(i)) for i in top)
    place, names = next((one for one in several if sum(map(bool, one[1])) > 1), (0, [""] * width))
    n_lacking = width - len(names)
    regular = regular[regular > place]
    if n_lacking <= 0 or not header.looks_like_names(names) or len(regular) < 2:
        return place, []
    below = [records.cells(int(i)) for i in regular[:SAMPLE_ROWS]]
    used = _used_width(below, width)
    is_ended = used <= len(names)
    keys = [row[0] for row in below if any(row)]
    is_keyed = used == len(names) + 1 and len(set(keys)) == len(keys)
    return place, names if is_ended or (is_keyed and place + 1 == regular[0]) else []


def _used_width(rows: list[list[str]], width: int) -> int:
    """Return how many cells a row has up to the last one that any row of this width fills."""
    full = [row for row in rows if len(row) == width]
    filled = [j for j in range(width) if any(row[j].strip() for row in full)]
    return filled[-1] + 1 if filled else width


def without_rules(records: TextRecords, filled: Array) -> Array:
    """Leave out lines drawn under the names of a table of words."""
    places = np.flatnonzero(filled)[1:4]
    rules = [i for i in map(int, places) if is_rule(records.cells(i))]
    kept = filled.copy()
    kept[rules] = False
    return kept if kept.sum() > 1 else filled
