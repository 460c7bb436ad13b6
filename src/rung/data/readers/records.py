"""Hold a text on its way to a table: its bytes, how it is written, and where its records end."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace

import numpy as np

from rung.data.readers.scan import Scan, line_number, scan_records
from rung.errors import UnreadableFile
from rung.typing import Array

_SIGNS = {"\t": "tab", ",": "comma", ";": "semicolon", " ": "blank", "|": "bar"}


@dataclass(frozen=True)
class TextRecords:
    """Hold the records of a text table.

    Attributes
    ----------
    name : str
        What to call the file in messages.
    data : bytes
        UTF-8 with clean quotes.
    delimiter : str
        One character.
    quote : str or None
        The character around fields that hold delimiters.
    lines_before : int
        Lines of the file above `data`.
    scan : Scan
        Where records end, and how many fields each has.
    has_strays : bool
        Whether quotes stood askew, so that cells may be parted wrongly.
    """

    name: str
    data: bytes
    delimiter: str
    quote: str | None
    lines_before: int
    scan: Scan
    has_strays: bool = False

    def __len__(self) -> int:
        return len(self.scan.ends)

    def text(self, index: int) -> bytes:
        """Return the bytes of a record."""
        return self.data[self.scan.starts[index] : self.scan.ends[index]]

    def cells(self, index: int) -> list[str]:
        """Split one record into its cells."""
        return self.split(self.text(index))[0]

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

    def line(self, index: int) -> int:
        """Return the line of the file, counted from 1, on which a record begins."""
        return self.lines_before + line_number(self.data, int(self.scan.starts[index]))

    def filled(self) -> Array:
        """Tell which records hold anything; in a single column only the last lines may be blank."""
        scan = self.scan
        filled = scan.ends > scan.starts
        for index in np.flatnonzero(filled & (scan.fields == 1)):
            if scan.ends[index] - scan.starts[index] < 64:
                filled[index] = bool(self.text(int(index)).strip())
        if commonest(scan.fields[filled]) == 1:
            last = int(np.flatnonzero(filled)[-1])
            return np.arange(len(filled)) <= last
        return filled

    def only(self, kept: Array, rewritten: dict[int, list[str]]) -> TextRecords:
        """Return the records whose positions are given, some of them with other cells."""
        if not rewritten and len(kept) == int(kept[-1]) - int(kept[0]) + 1:
            return self.between(int(kept[0]), int(kept[-1]) + 1)
        if self.quote is None and any(
            self.delimiter in cell for cells in rewritten.values() for cell in cells
        ):
            return self._with_quotes().only(kept, rewritten)
        pieces = [
            self.encoded(rewritten[int(i)]) if int(i) in rewritten else self.text(int(i))
            for i in kept
        ]
        data = b"\n".join(pieces) + b"\n"
        before = self.line(int(kept[0])) - 1
        scan = scan_records(data, self.delimiter, self.quote)
        return replace(self, data=data, lines_before=before, scan=scan)

    def between(self, start: int, stop: int) -> TextRecords:
        """Return a run of records."""
        if start == 0 and stop == len(self):
            return self
        low, high = int(self.scan.starts[start]), int(self.scan.ends[stop - 1])
        scan = Scan(
            self.scan.starts[start:stop] - low,
            self.scan.ends[start:stop] - low,
            self.scan.fields[start:stop],
            -1,
        )
        before = self.line(start) - 1
        return replace(self, data=self.data[low:high], lines_before=before, scan=scan)

    def _with_quotes(self) -> TextRecords:
        """Return the same records with quotes around cells that need them."""
        quoted = replace(self, quote='"')
        data = b"\n".join(
            quoted.encoded(self.cells(i)) if b'"' in self.text(i) else self.text(i)
            for i in range(len(self))
        )
        return replace(quoted, data=data, scan=scan_records(data, self.delimiter, '"'))

    def encoded(self, cells: list[str]) -> bytes:
        """Return cells as the bytes of a record."""
        if self.quote is None:
            return self.delimiter.join(cells).encode()
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, quotechar=self.quote, lineterminator="").writerow(
            cells
        )
        return out.getvalue().encode()


def commonest(fields: Array) -> int:
    """Return the number of fields that most records have."""
    return int(np.bincount(fields).argmax()) if len(fields) else 1


def sign_name(delimiter: str) -> str:
    """Return what people call a delimiter.

    Examples
    --------
    >>> sign_name(","), sign_name("~")
    ('comma', "'~'")
    """
    return _SIGNS.get(delimiter, repr(delimiter))
