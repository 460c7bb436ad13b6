"""Read rows that have another number of fields than the table, where one reading alone fits."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rung.data.readers.shapes import Shape, column_shapes

MOST_MOVED = 3
MOST_READINGS = 20_000
LEAST_ROWS = 10
OTHER_DELIMITERS = (" ", ";", "\t", "|", ",")


@dataclass(frozen=True)
class Repair:
    """Hold the readings of one odd row.

    Attributes
    ----------
    how : str
        What was done, in words.
    readings : tuple of tuple of str
        The cells, one a column; several where the row may mean several things, none where nothing
        fits.
    """

    how: str
    readings: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Repairer:
    """Read odd rows by what stands in the columns of the others.

    Attributes
    ----------
    shapes : list of Shape
        One a column.
    delimiter : str
        What parts the fields.
    may_be_cut : bool
        Whether rows that are short may have lost their empty last cells: the last cell of no other
        row is empty, and more rows than one are short.
    """

    shapes: list[Shape]
    delimiter: str
    may_be_cut: bool = False

    def read(self, cells: Sequence[str], text: str) -> Repair:
        """Return the readings of a row, from its cells and its text.

        Examples
        --------
        >>> rows = [[f"{i:02}:30", str(i), "x"] for i in range(24)]
        >>> Repairer(column_shapes(rows), ",").read(["03:303", "x"], "").readings
        (('03:30', '3', 'x'),)
        """
        width, extra = len(self.shapes), len(cells) - len(self.shapes)
        if extra < 0 and self.may_be_cut and self._fit(cells):
            padded = (*cells, *[""] * -extra)
            return Repair("cells missing at its end are empty", (padded,))
        for how, found in self._ways(list(cells), extra, text):
            readings = {one for one in found if len(one) == width and self._fit(one)}
            if readings:
                return Repair(how, tuple(sorted(readings)))
        return Repair("", ())

    def _fit(self, cells: Sequence[str]) -> bool:
        return all(shape.fits(cell) for shape, cell in zip(self.shapes, cells, strict=False))

    def _ways(
        self, cells: list[str], extra: int, text: str
    ) -> Iterator[tuple[str, Iterator[tuple[str, ...]]]]:
        if -MOST_MOVED <= extra < 0:
            yield "a cell that it lacks is empty", self._with_empty(cells, -extra)
        if extra == -1:
            parted = "two cells without a delimiter between them are parted"
            yield parted, _parted(cells, skipped='"')
            yield parted, _parted(cells)
        if extra == 0:
            yield "a quoted cell without a delimiter before it is parted off", self._unglued(cells)
        if 0 < extra <= MOST_MOVED:
            yield "an empty field too many is left out", _without_empty(cells, extra)
            yield "a delimiter is part of a text", self._joined(cells, extra)
        if text:
            yield "another delimiter stands between its fields", self._split_anew(text)

    def _with_empty(self, cells: list[str], lacking: int) -> Iterator[tuple[str, ...]]:
        """Put empty cells where columns have some, else anywhere."""
        width = len(self.shapes)
        places = [j for j in range(width) if self.shapes[j].has_empty]
        for chosen in itertools.islice(itertools.combinations(places, lacking), MOST_READINGS):
            rest = iter(cells)
            yield tuple("" if j in chosen else next(rest) for j in range(width))

    def _unglued(self, cells: list[str]) -> Iterator[tuple[str, ...]]:
        for i, cell in enumerate(cells):
            for stop in range(i + 2, len(cells) + 1):
                joined = self.delimiter.join(cells[i:stop])
                left, quote, right = joined.partition('"')
                if quote and left and '"' in cell and right.endswith('"'):
                    yield (*cells[:i], left, right[:-1], *cells[stop:])

    def _joined(self, cells: list[str], extra: int) -> Iterator[tuple[str, ...]]:
        for j, shape in enumerate(self.shapes):
            if shape.kind == "free":
                joined = self.delimiter.join(cells[j : j + extra + 1])
                yield (*cells[:j], joined, *cells[j + extra + 1 :])

    def _split_anew(self, text: str) -> Iterator[tuple[str, ...]]:
        for delimiter in OTHER_DELIMITERS:
            if delimiter == self.delimiter or delimiter not in text:
                continue
            plain = _fields(text, delimiter)
            parts = [(cell, cell != raw) for cell, raw in plain]
            yield from itertools.islice(self._assigned(parts, 0, delimiter), MOST_READINGS)

    def _assigned(
        self, parts: list[tuple[str, bool]], column: int, delimiter: str
    ) -> Iterator[tuple[str, ...]]:
        """Deal parts to columns in order; only a column of free text takes several."""
        left = len(self.shapes) - column
        if left == 0:
            if not parts:
                yield ()
            return
        shape = self.shapes[column]
        most = len(parts) - left + 1 if shape.kind == "free" else 1
        for n in range(1, most + 1):
            taken = parts[:n]
            if n > 1 and any(quoted for _, quoted in taken):
                break
            cell = delimiter.join(cell for cell, _ in taken)
            if taken and shape.fits(cell):
                for rest in self._assigned(parts[n:], column + 1, delimiter):
                    yield (cell, *rest)


def _parted(cells: list[str], skipped: str = "") -> Iterator[tuple[str, ...]]:
    """Part one cell in two, at any place, or at the quote that two quoted cells side by side leave."""
    for i, cell in enumerate(cells):
        for place in range(1, len(cell)):
            if cell.startswith(skipped, place):
                left, right = cell[:place], cell[place + len(skipped) :]
                yield (*cells[:i], left, right, *cells[i + 1 :])


def _without_empty(cells: list[str], extra: int) -> Iterator[tuple[str, ...]]:
    places = [i for i, cell in enumerate(cells) if not cell.strip()]
    for chosen in itertools.islice(itertools.combinations(places, extra), MOST_READINGS):
        yield tuple(cell for i, cell in enumerate(cells) if i not in chosen)


def _fields(text: str, delimiter: str) -> list[tuple[str, str]]:
    """Split a line, and tell what stood in quotes: its cell differs from its text."""
    try:
        quoted = next(csv.reader([text], delimiter=delimiter, strict=True))
        plain = next(csv.reader([text], delimiter=delimiter, quoting=csv.QUOTE_NONE))
    except (csv.Error, StopIteration):
        return []
    fields, i = [], 0
    for cell in quoted:
        raw = plain[i] if i < len(plain) else cell
        i += 1
        while raw.startswith('"') and not (raw.endswith('"') and len(raw) > 1) and i < len(plain):
            raw = raw + delimiter + plain[i]
            i += 1
        fields.append((cell, raw))
    return fields


def make_repairer(rows: Sequence[Sequence[str]], delimiter: str, n_short: int) -> Repairer:
    """Return a repairer from regular rows; with few rows, nothing is repaired but what must be.

    Examples
    --------
    >>> make_repairer([["1", "2"]], ",", 2).may_be_cut
    True
    """
    shapes = column_shapes(rows)
    return Repairer(shapes, delimiter, n_short > 1 and not shapes[-1].has_empty)
