"""Find how a text table is written: its delimiter and its quotes."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import numpy as np

from rung.data.scan import Scan, scan_records
from rung.errors import UnreadableFile, UsageError

# Of two delimiters that explain a file equally well, the rarer sign in prose wins.
DELIMITERS = ("\t", ";", "|", ",")
SAMPLE_BYTES = 262_144
_BLANK_RUN = re.compile(rb"[ \t]+")


def find_delimiter(data: bytes) -> str:
    r"""Find the delimiter whose field counts agree best over the first records.

    Parameters
    ----------
    data : bytes
        UTF-8 text; the first 256 KiB are looked at.

    Returns
    -------
    str
        One of tab, `;`, `|`, `,`, or a blank for runs of blanks. A single column gives `,`.

    Examples
    --------
    >>> find_delimiter(b"a;b\n1,5;2\n")
    ';'
    """
    sample = first_records(data)
    shares = {delimiter: _agreement(sample, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: shares[delimiter])
    if shares[best] >= 0.8:
        return best
    blank = _agreement(spread_blanks(sample), "\t") if b" " in sample else 0.0
    if blank > max(shares[best], 0.8):
        return " "
    return best if shares[best] > 0.0 else ","


def first_records(data: bytes) -> bytes:
    """Return the first whole lines, 256 KiB at most unless one line is longer."""
    if len(data) <= SAMPLE_BYTES:
        return data
    end = data.rfind(b"\n", 0, SAMPLE_BYTES)
    return data[: end + 1] if end > 0 else data[:SAMPLE_BYTES]


def spread_blanks(data: bytes) -> bytes:
    r"""Turn every run of blanks and tabs into one tab, and drop those at the ends of lines.

    Examples
    --------
    >>> spread_blanks(b"  1  2.5 \n")
    b'1\t2.5\n'
    """
    tabbed = _BLANK_RUN.sub(b"\t", data)
    return tabbed.replace(b"\n\t", b"\n").replace(b"\t\n", b"\n").strip(b"\t")


def _agreement(sample: bytes, delimiter: str) -> float:
    return max(share_at_mode(scan_records(sample, delimiter, quote)) for quote in ('"', None))


def share_at_mode(scan: Scan) -> float:
    """Return the share of records with the commonest field count; 0 if that count is one."""
    fields = scan.fields[scan.ends > scan.starts]
    counts = np.bincount(fields) if len(fields) else np.zeros(1)
    return 0.0 if counts.argmax() <= 1 else float(counts.max() / counts.sum())


def normalise(data: bytes, delimiter: str, name: str) -> tuple[bytes, str, str | None]:
    r"""Bring a text table to a form with clean quoting.

    Parameters
    ----------
    data : bytes
        UTF-8 text.
    delimiter : str
        As found or declared; a blank means runs of blanks.
    name : str
        What to call the file in messages.

    Returns
    -------
    data : bytes
        The same records; rewritten only where quotes stand askew.
    delimiter : str
        The delimiter of `data`.
    quote : str or None
        The quote character of `data`, None where quotes are ordinary characters.

    Examples
    --------
    >>> normalise(b'a, "b,c"\n', ",", "t.csv")
    (b'a,"b,c"\n', ',', '"')
    """
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in "\n\r\"'":
        raise UsageError(
            f"the delimiter {delimiter!r} is not accepted; accepted is one character such as ',' "
            "';' '|', a tab, or a blank for runs of blanks"
        )
    if delimiter == " ":
        data, delimiter = _without_blanks(data, name), "\t"
    if b'"' not in data:
        return data, delimiter, _single_quote(data, delimiter)
    if scan_records(data, delimiter, '"').stray_quotes == 0:
        return data, delimiter, '"'
    return _straighten(data, delimiter, name)


def _without_blanks(data: bytes, name: str) -> bytes:
    if b'"' not in data:
        return spread_blanks(data)
    lines = b"\n".join(line.strip(b" \t") for line in data.replace(b"\t", b" ").split(b"\n"))
    return rewrite(lines, " ", name, out="\t", skipinitialspace=True)


def _single_quote(data: bytes, delimiter: str) -> str | None:
    if b"'" not in data:
        return None
    scan = scan_records(data, delimiter, "'")
    plain = scan_records(data, delimiter, None)
    clean = scan.stray_quotes == 0 and share_at_mode(scan) >= share_at_mode(plain)
    return "'" if clean else None


def _straighten(data: bytes, delimiter: str, name: str) -> tuple[bytes, str, str | None]:
    """Try the readings of odd quotes, and take the first whose field counts agree best."""
    mark = re.escape(delimiter.encode())
    readings: list[tuple[bytes, str | None]] = []
    if re.search(mark + rb' +"', data):
        readings.append((rewrite(data, delimiter, name, skipinitialspace=True), '"'))
    if rb"\"" in data:
        unescaped = rewrite(data, delimiter, name, escapechar="\\", doublequote=False)
        readings.append((unescaped, '"'))
    readings.append((data, None))
    readings.append((rewrite(data, delimiter, name), '"'))
    best = max(readings, key=lambda one: share_at_mode(scan_records(one[0], delimiter, one[1])))
    return best[0], delimiter, best[1]


def rewrite(data: bytes, delimiter: str, name: str, *, out: str = "", **options: Any) -> bytes:
    r"""Read records with Python's lenient reader and write them with clean quotes.

    Examples
    --------
    >>> rewrite(b'a,5" pipe\n', ",", "t.csv")
    b'a,"5"" pipe"\n'
    """
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter, **options)
    written = io.StringIO()
    writer = csv.writer(written, delimiter=out or delimiter, lineterminator="\n")
    try:
        for row in reader:
            writer.writerow(row)
    except csv.Error as error:
        message = f"line {reader.line_num} of {name!r} cannot be read: {error}"
        raise UnreadableFile(message, "check the quotes on that line") from error
    return written.getvalue().encode()
