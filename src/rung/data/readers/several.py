"""Tell several tables in one text apart, and take the one that the user names."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rung.core.findings import Finding
from rung.data.readers import header
from rung.data.readers.layout import is_heading, value_columns
from rung.data.readers.records import TextRecords
from rung.errors import UnreadableFile
from rung.typing import Array

LEAST_ROWS, MOST_TABLES, MOST_STARTS = 3, 100, 2_000


@dataclass(frozen=True)
class _Part:
    """One table: its records, and what its first one holds."""

    start: int
    stop: int
    names: list[str]


def choose_table(records: TextRecords, wanted: str) -> tuple[TextRecords, list[Finding]]:
    """Return the records of one table.

    Raises
    ------
    UnreadableFile
        If there are several and none is named, or the one named is not among them.
    """
    parts = _parts(records)
    if len(parts) < 2 and not wanted:
        return records, []
    if not wanted:
        first = parts[0].names
        if all(part.names == first for part in parts):
            return _without_repeats(records, parts)
        raise _several(records, parts)
    numbers = [str(i) for i in range(1, max(len(parts), 1) + 1)]
    if wanted not in numbers:
        raise UnreadableFile(
            f"{records.name!r} has no table {wanted!r}; accepted is a number from 1 to {numbers[-1]}",
            "leave --table out to have them listed",
        )
    if len(parts) < 2:
        return records, []
    part = parts[int(wanted) - 1]
    return records.between(part.start, part.stop), []


def _several(records: TextRecords, parts: list[_Part]) -> UnreadableFile:
    listed = "; ".join(
        f"{i}: line {records.line(part.start)}, {', '.join(part.names[:3])}, …"
        for i, part in enumerate(parts[:5], start=1)
    )
    return UnreadableFile(
        f"{records.name!r} holds {len(parts)} tables ({listed}); accepted is one",
        "name it by its number: --table 1",
    )


def _without_repeats(records: TextRecords, parts: list[_Part]) -> tuple[TextRecords, list[Finding]]:
    """Read tables with the same names one below the other."""
    repeats = {part.start for part in parts[1:]}
    kept = np.array([i for i in range(len(records)) if i not in repeats])
    lines = ", ".join(str(records.line(part.start)) for part in parts[1:4])
    found = f"the names stand again on line {lines}: {len(parts)} tables, one below the other"
    remedy = "read as one table; --table 1 reads the first alone"
    return records.only(kept, {}), [Finding("repeated_names", "warning", (), found, remedy)]


def _parts(records: TextRecords) -> list[_Part]:
    """Find where tables begin: with names above values, after a table or a change of width."""
    fields = records.scan.fields
    filled = records.scan.ends > records.scan.starts
    starts = _possible_starts(records, fields, filled)
    found: list[_Part] = []
    named_at: int | None = None
    for start in starts:
        names = records.cells(start)
        if not header.looks_like_names(names):
            continue
        if named_at is not None and not filled[named_at + 1 : start].any():
            named_at = start
            continue  # names on several rows
        below = _rows_below(records, start, filled)
        if below and _is_table(names, below):
            named_at = start
            found.append(_Part(start, len(records), [name.strip() for name in names]))
    if not found:
        return []
    stops = [part.start for part in found[1:]] + [len(records)]
    return [replace(part, stop=stop) for part, stop in zip(found, stops, strict=True)]


def _possible_starts(records: TextRecords, fields: Array, filled: Array) -> list[int]:
    """Return the records where a table may begin: after a blank line, a change of width, a repeat."""
    places = np.flatnonzero(filled & (fields > 1))
    if len(places) < 2 * LEAST_ROWS:
        return []
    first = int(places[0])
    after_gap = np.diff(places, prepend=-2) > 1
    changed = np.diff(fields[places], prepend=0) != 0
    starts = set(places[after_gap | changed].tolist()) | {first}
    name = records.cells(first)[0].strip().encode()
    end = records.delimiter.encode()
    for mark in (b"\n" + name + end, b'\n"' + name + b'"' + end) if name else ():
        at = records.data.find(mark, int(records.scan.ends[first]))
        while at >= 0 and len(starts) < MOST_STARTS:
            starts.add(int(np.searchsorted(records.scan.starts, at + 1)))
            at = records.data.find(mark, at + 1)
    return sorted(starts)[:MOST_STARTS]


def _rows_below(records: TextRecords, start: int, filled: Array) -> list[list[str]]:
    """Return a few rows below a record that have as many fields."""
    rows, width = [], int(records.scan.fields[start])
    for index in range(start + 1, min(start + 12, len(records))):
        if not filled[index]:
            continue
        if records.scan.fields[index] != width:
            break
        rows.append(records.cells(index))
        if len(rows) == LEAST_ROWS:
            break
    return rows if len(rows) >= LEAST_ROWS - 1 else []


def _is_table(names: list[str], below: list[list[str]]) -> bool:
    values = value_columns([below[0], *below])
    return bool(values) and is_heading(names, values)
