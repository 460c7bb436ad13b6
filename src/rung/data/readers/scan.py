"""Find records and fields in the bytes of a text table, without parsing it.

One pass over the positions of quotes, delimiters and line ends: a line end inside a pair of
quotes ends no record, a delimiter inside one parts no fields.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rung.typing import Array

NEWLINE = ord("\n")


@dataclass(frozen=True)
class Scan:
    """Hold where records end and how many fields each has.

    Attributes
    ----------
    starts, ends : ndarray of int64, shape (n_records,)
        A record's bytes are `data[start:end]`, without the line end.
    fields : ndarray of int64, shape (n_records,)
        Number of fields.
    first_stray : int
        Where the first quote stands that neither begins nor ends a field; -1 if quoting is clean.
    """

    starts: Array
    ends: Array
    fields: Array
    first_stray: int


def scan_records(data: bytes, delimiter: str, quote: str | None) -> Scan:
    r"""Find the records of `data`.

    Parameters
    ----------
    data : bytes
        UTF-8, lines ended by a line feed.
    delimiter : str
        One ASCII character.
    quote : str or None
        The character around fields that hold delimiters, or None for no quoting.

    Returns
    -------
    Scan
        Positions and counts.

    Examples
    --------
    >>> scan_records(b'a,"b,c"\nd,e\n', ",", '"').fields
    array([2, 2])
    """
    symbols = np.frombuffer(data, dtype=np.uint8)
    lines = np.flatnonzero(symbols == NEWLINE)
    parts = np.flatnonzero(symbols == ord(delimiter))
    stray = -1
    if quote is not None:
        quotes = np.flatnonzero(symbols == ord(quote))
        stray = _first_stray(symbols, quotes, ord(delimiter))
        lines = lines[np.searchsorted(quotes, lines) % 2 == 0]
        parts = parts[np.searchsorted(quotes, parts) % 2 == 0]
    ends = lines if len(lines) and lines[-1] == len(data) - 1 else np.append(lines, len(data))
    starts = np.append(0, ends[:-1] + 1)
    fields = np.diff(np.searchsorted(parts, ends), prepend=0) + 1
    return Scan(starts, ends, fields, stray)


def _first_stray(symbols: Array, quotes: Array, delimiter: int) -> int:
    """Find the first quote in a place where quoting, done well, has none."""
    opening, closing = quotes[0::2], quotes[1::2]
    unclosed = opening[len(closing) :]
    misplaced = (
        opening[~_at_edge(symbols, opening, -1, delimiter)],
        closing[~_at_edge(symbols, closing, 1, delimiter)],
        unclosed,
    )
    return min((int(places[0]) for places in misplaced if len(places)), default=-1)


def _at_edge(symbols: Array, quotes: Array, step: int, delimiter: int) -> Array:
    """Tell which quotes stand beside a delimiter, a line end, an end of data or a twin."""
    beside = quotes + step
    inside = (beside >= 0) & (beside < len(symbols))
    neighbour = symbols[np.clip(beside, 0, len(symbols) - 1)]
    edge: Array = np.isin(neighbour, [delimiter, NEWLINE]) | (neighbour == symbols[quotes])
    return ~inside | edge


def line_number(data: bytes, position: int) -> int:
    """Return the line, counted from 1, on which a byte stands."""
    return data.count(b"\n", 0, position) + 1
