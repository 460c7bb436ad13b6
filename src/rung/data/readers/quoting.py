"""Read records whose quotes stand askew, one by one.

A quote that opens a field and that nothing closes before a delimiter is an ordinary character, as
is one inside a quoted field that no delimiter follows. Which quotes those are is told by the number
of fields that the other records have.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

MOST_JOINED, MOST_CLOSINGS, MOST_STEPS = 200, 4, 5_000


def straighten(data: bytes, delimiter: str, quote: str) -> bytes:
    r"""Write records with clean quotes.

    Parameters
    ----------
    data : bytes
        UTF-8 text.
    delimiter, quote : str
        One character each.

    Returns
    -------
    bytes
        The same records; `"` is the quote.

    Examples
    --------
    >>> straighten(b"a,b\n1,'x, 3' y'\n", ",", "'")
    b'a,b\n1,"x, 3\' y"\n'
    """
    lines = data.decode().split("\n")
    strict = [_strict(line, delimiter, quote) for line in lines]
    counts = Counter(
        len(cells) for line, cells in zip(lines, strict, strict=True) if line and cells
    )
    width = counts.most_common(1)[0][0] if counts else 1
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    i = 0
    while i < len(lines):
        cells, used = strict[i], 1
        if cells is None or len(cells) != width:
            cells, used = _read(lines, i, (delimiter, quote), width)
        i += used
        if i < len(lines) or lines[-1] or used > 1:
            out.write("\n") if cells == [""] else writer.writerow(cells)
    return out.getvalue().encode()


def _read(
    lines: list[str], start: int, signs: tuple[str, str], width: int
) -> tuple[list[str], int]:
    """Return the cells of a record, and how many lines it takes."""
    line = lines[start]
    strict = _strict(line, *signs)
    if strict is None and signs[1] in line:
        for end in range(start + 2, min(start + MOST_JOINED, len(lines)) + 1):
            joined = _strict("\n".join(lines[start:end]), *signs)
            if joined is not None and len(joined) == width:
                return joined, end - start
    found = best_reading(line, *signs, width)
    if found is not None:
        return found, 1
    return strict if strict is not None else line.split(signs[0]), 1


def best_reading(line: str, delimiter: str, quote: str, width: int) -> list[str] | None:
    """Return the reading of a line with so many fields that takes fewest quotes for characters.

    Examples
    --------
    >>> best_reading('1,"2,3', ",", '"', 3)
    ['1', '"2', '3']
    >>> best_reading('1,"2,3', ",", '"', 5) is None
    True
    """
    fewest, best = len(line), set[tuple[str, ...]]()
    for steps, (cells, literal) in enumerate(_readings(line, 0, (delimiter, quote), width)):
        if literal < fewest:
            fewest, best = literal, set()
        if literal == fewest:
            best.add(tuple(cells))
        if steps > MOST_STEPS:
            return None
    return list(best.pop()) if len(best) == 1 else None


def _readings(
    line: str, start: int, signs: tuple[str, str], width: int
) -> Iterator[tuple[list[str], int]]:
    """Yield the readings of a line from a place on, with their number of literal quotes."""
    for text, stop, literal in _fields(line, start, *signs):
        if stop >= len(line):
            if width == 1:
                yield [text], literal
        elif width > 1:
            for cells, more in _readings(line, stop + 1, signs, width - 1):
                yield [text, *cells], literal + more


def _fields(line: str, start: int, delimiter: str, quote: str) -> Iterator[tuple[str, int, int]]:
    """Yield the fields that may begin at a place: text, end and number of literal quotes."""
    if line.startswith(quote, start):
        for close in _closings(line, start + 1, delimiter, quote):
            inside = line[start + 1 : close].replace(quote * 2, "\0")
            yield inside.replace("\0", quote), close + 1, inside.count(quote)
    end = line.find(delimiter, start)
    end = len(line) if end < 0 else end
    yield line[start:end], end, line.count(quote, start, end)


def _closings(line: str, start: int, delimiter: str, quote: str) -> list[int]:
    """Return the first places where a quote stands before a delimiter or at the end."""
    places: list[int] = []
    place = start - 1
    while len(places) < MOST_CLOSINGS and (place := line.find(quote, place + 1)) >= 0:
        if line[place + 1 : place + 2] in ("", delimiter):
            places.append(place)
    return places


def _closing(line: str, start: int, delimiter: str, quote: str) -> int:
    """Return where a quote closes a field: at a delimiter or the end; doubled ones do not."""
    place = start
    while (place := line.find(quote, place)) >= 0:
        after = line[place + 1 : place + 2]
        if after == quote:
            place += 2
            continue
        if after in ("", delimiter):
            return place
        place += 1
    return -1


def _strict(line: str, delimiter: str, quote: str) -> list[str] | None:
    """Return the cells of a record whose quotes are all in place, else None."""
    if quote not in line:
        return line.split(delimiter)
    cells, start = [], 0
    while True:
        if line.startswith(quote, start):
            close = _closing(line, start + 1, delimiter, quote)
            inside = line[start + 1 : max(close, start + 1)]
            if close < 0 or quote in inside.replace(quote * 2, ""):
                return None
            cells.append(inside.replace(quote * 2, quote))
            start = close + 1
        else:
            end = line.find(delimiter, start)
            end = len(line) if end < 0 else end
            if quote in line[start:end]:
                return None
            cells.append(line[start:end])
            start = end
        if start >= len(line):
            return cells
        start += len(delimiter)
