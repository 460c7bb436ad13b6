"""Find how a text table is written: its delimiter and its quotes."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from rung.data.readers.delimiters import spread_by_columns
from rung.data.readers.quoting import straighten
from rung.data.readers.scan import Scan, scan_records
from rung.errors import UnreadableFile, UsageError

# Of two delimiters that explain a file equally well, the rarer sign in prose wins.
DELIMITERS = ("\t", ";", "|", ",")
LONG_RUN = 10
RARE_DELIMITERS = ("~", "^", ":")
SAMPLE_BYTES = 262_144
_ESCAPED = re.compile(rb'(?<!\\)((?:\\\\)*)\\"')
_GAP = re.compile(rb"[ \t]*(?:  |\t)[ \t]*")
_FORMULA = r'(?m)(^|{mark})="([^"\n]*)"(?=$|{mark})'
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
    sample = _ESCAPED.sub(rb'\1""', first_records(data))
    quoted = [one for one in (*DELIMITERS, " ") if _is_cleanly_quoted(sample, one)]
    if len(quoted) == 1:
        return quoted[0]
    shares = {delimiter: _agreement(sample, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: shares[delimiter])
    if shares[best] >= 0.8:
        return " " if best == "\t" and _is_padded(sample) else best
    if _agreement(spread_gaps(sample), "\t") == 1.0:
        return " "
    blank = max(_blank_agreement(sample)) if b" " in sample else 0.0
    if blank > max(shares[best], 0.8) and _longest_run(sample, "\t") < 0.5:
        return " "
    runs = {delimiter: _longest_run(sample, delimiter) for delimiter in DELIMITERS}
    longest = max(DELIMITERS, key=lambda delimiter: runs[delimiter])
    blank = max(_longest_run(sample, " "), _longest_run(spread_blanks(sample), "\t"))
    if blank >= 0.5 and blank > runs[longest]:
        return " "
    if runs[longest] >= 0.5:
        return longest
    rare = next((sign for sign in RARE_DELIMITERS if _explains_all(sample, sign)), None)
    if rare or shares[best] > 0.0:
        return rare or best
    return " " if b"  " in sample and spread_by_columns(sample) else ","


def _is_cleanly_quoted(sample: bytes, delimiter: str) -> bool:
    """Tell whether fields in quotes and this delimiter explain nearly all records, none of it astray."""
    if sample.count(b'"') < sample.count(b"\n"):
        return False
    scan = scan_records(sample, delimiter, '"')
    return scan.first_stray < 0 and share_at_mode(scan) >= 0.98


def _is_padded(sample: bytes) -> bool:
    """Tell whether blanks part fields beside tabs: each line has several in a row, and all agree."""
    lines = [line for line in sample.split(b"\n") if line.strip()]
    if not all(b"  " in line.strip() for line in lines):
        return False
    tabs, runs = (scan_records(one, "\t", None) for one in (sample, spread_blanks(sample)))
    return share_at_mode(runs) == 1.0 and int(runs.fields[0]) > int(tabs.fields[0])


def _blank_agreement(sample: bytes) -> tuple[float, float]:
    """Return how well every blank, and every run of blanks, explains the sample."""
    return _agreement(sample, " "), _agreement(spread_blanks(sample), "\t")


def _explains_all(sample: bytes, delimiter: str) -> bool:
    """Tell whether a sign parts all records alike, names among them: it may be part of values."""
    if _agreement(sample, delimiter) < 1.0:
        return False
    first = sample.split(b"\n", 1)[0].decode().split(delimiter)
    return not any(cell.strip()[:1].isdigit() for cell in first)


def _longest_run(sample: bytes, delimiter: str) -> float:
    """Return the share of the records that lie in the longest run of one width above one."""
    return max(_run_share(scan_records(sample, delimiter, quote)) for quote in ('"', None))


def _run_share(scan: Scan) -> float:
    """Return the share; a run of ten records counts as half of all, as a long preamble has no run."""
    fields = scan.fields[scan.ends > scan.starts]
    if not len(fields):
        return 0.0
    runs = np.split(fields, np.flatnonzero(np.diff(fields)) + 1)
    longest = max((len(run) for run in runs if run[0] > 1), default=0)
    share = longest / len(fields) if longest > 1 else 0.0
    return max(share, 0.5) if longest >= LONG_RUN and share >= 0.25 else share


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


def spread_gaps(data: bytes) -> bytes:
    r"""Turn every run of two blanks or more, and tabs, into one tab; single blanks stay.

    Examples
    --------
    >>> spread_gaps(b"New York   2.5 \n")
    b'New York\t2.5\n'
    """
    lines = (line.strip(b" \t") for line in _GAP.sub(b"\t", data).split(b"\n"))
    return b"\n".join(lines)


def _agreement(sample: bytes, delimiter: str) -> float:
    return max(share_at_mode(scan_records(sample, delimiter, quote)) for quote in ('"', "'", None))


def share_at_mode(scan: Scan) -> float:
    """Return the share of records with the commonest field count; 0 if that count is one."""
    fields = scan.fields[scan.ends > scan.starts]
    counts = np.bincount(fields) if len(fields) else np.zeros(1)
    return 0.0 if counts.argmax() <= 1 else float(counts.max() / counts.sum())


@dataclass(frozen=True)
class Written:
    """Hold a text table with clean quoting.

    Attributes
    ----------
    data : bytes
        The records; rewritten only where quotes stood askew.
    delimiter : str
        The delimiter of `data`.
    quote : str or None
        The quote character of `data`, None where quotes are ordinary characters.
    stray_at : int
        Where in the file the first quote stands that no reading explains; -1 for none.
    """

    data: bytes
    delimiter: str
    quote: str | None
    stray_at: int = -1


def normalise(data: bytes, delimiter: str, name: str) -> Written:
    r"""Bring a text table to a form with clean quoting.

    Parameters
    ----------
    data : bytes
        UTF-8 text.
    delimiter : str
        As found or declared; a blank means every blank, or runs of blanks, whichever fits.
    name : str
        What to call the file in messages.

    Returns
    -------
    Written
        The same records.

    Examples
    --------
    >>> normalise(b'a, "b,c"\n', ",", "t.csv").data
    b'a,"b,c"\n'
    """
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in "\n\r\"'":
        raise UsageError(
            f"the delimiter {delimiter!r} is not accepted; accepted is one character such as ',' "
            "';' '|', a tab, or a blank for runs of blanks"
        )
    if delimiter == " ":
        single, runs = _blank_agreement(first_records(data))
        each, spread = _longest_run(data, " "), _longest_run(spread_blanks(data), "\t")
        if max(single, runs) < 0.8 and max(each, spread) >= 0.5:
            single, runs = each, spread
        gaps = spread_gaps(data) if max(single, runs) < 1.0 and b'"' not in data else b""
        if gaps and _agreement(first_records(gaps), "\t") == 1.0:
            return Written(gaps, "\t", None)
        is_ragged = max(single, runs) < 1.0 and max(each, spread) < 0.5 and b'"' not in data
        lined_up = spread_by_columns(data) if is_ragged else None
        if lined_up is not None:
            data, delimiter = lined_up, "\t"
        elif single <= runs:
            data, delimiter = _without_blanks(data, name), "\t"
    data = _without_escapes(data, delimiter, name)
    if b'"' not in data:
        return _with_single_quotes(data, delimiter)
    data = _unwrapped(data, delimiter)
    scan = scan_records(data, delimiter, '"')
    if scan.first_stray < 0:
        return Written(data, delimiter, '"')
    return _straighten(data, delimiter, name, scan.first_stray)


def _without_escapes(data: bytes, delimiter: str, name: str) -> bytes:
    """Take cells out of formulas (`="007"`), and escapes from delimiters inside unquoted cells."""
    if b'="' in data:
        mark = re.escape(delimiter)
        data = re.sub(_FORMULA.format(mark=mark).encode(), rb'\1"\2"', data)
    if b"\\" + delimiter.encode() not in data or b'"' in data:
        return data
    plain = share_at_mode(scan_records(data, delimiter, None))
    parted = rewrite(data, delimiter, name, escapechar="\\", quoting=csv.QUOTE_NONE)
    is_better = share_at_mode(scan_records(parted, delimiter, '"')) > plain
    return parted if is_better else data


def _unwrapped(data: bytes, delimiter: str) -> bytes:
    """Take off the quotes around whole lines, which a second export puts there."""
    if data[:1] != b'"' or data.split(b"\n", 1)[0][-1:] != b'"':
        return data
    lines = data.strip(b"\n").split(b"\n")
    is_wrapped = all(len(line) > 2 and line[:1] == line[-1:] == b'"' for line in lines)
    if not is_wrapped or delimiter.encode() not in lines[0]:
        return data
    if set(scan_records(data, delimiter, '"').fields.tolist()) != {1}:
        return data
    inside = b"\n".join(line[1:-1].replace(b'""', b'"') for line in lines) + b"\n"
    return inside if _agreement(inside, delimiter) >= 0.8 else data


def _without_blanks(data: bytes, name: str) -> bytes:
    if b'"' not in data:
        return spread_blanks(data)
    data = _ESCAPED.sub(rb'\1""', data)
    lines = b"\n".join(line.strip(b" \t") for line in data.replace(b"\t", b" ").split(b"\n"))
    return rewrite(lines, " ", name, out="\t", skipinitialspace=True)


def _with_single_quotes(data: bytes, delimiter: str) -> Written:
    """Read apostrophes as quotes where more records have one width then."""
    plain = Written(data, delimiter, None)
    if b"'" not in data:
        return plain
    scan, share = scan_records(data, delimiter, "'"), share_at_mode(_scan(plain))
    if scan.first_stray < 0:
        return Written(data, delimiter, "'") if share_at_mode(scan) >= share else plain
    if share > 0.98 or delimiter.encode() + b"'" not in data:
        return plain
    mended = Written(straighten(data, delimiter, "'"), delimiter, '"')
    return mended if share_at_mode(_scan(mended)) > share else plain


def _straighten(data: bytes, delimiter: str, name: str, stray_at: int) -> Written:
    """Try the readings of odd quotes, and take the first whose field counts agree best."""
    mark = re.escape(delimiter.encode())
    readings: list[Written] = []
    if re.search(mark + rb' +"', data):
        closed_up = rewrite(data, delimiter, name, skipinitialspace=True)
        readings.append(Written(closed_up, delimiter, '"'))
    if b"'" in data and scan_records(data, delimiter, "'").first_stray < 0:
        readings.append(Written(data, delimiter, "'"))
    if rb"\"" in data:
        doubled = _ESCAPED.sub(rb'\1""', data)
        if scan_records(doubled, delimiter, '"').first_stray < 0:
            readings.append(Written(doubled, delimiter, '"'))
        unescaped = rewrite(data, delimiter, name, escapechar="\\", doublequote=False)
        readings.append(Written(unescaped, delimiter, '"'))
    readings.append(Written(data, delimiter, None, stray_at))
    readings.extend(
        Written(straighten(data, delimiter, quote), delimiter, '"', stray_at)
        for quote in ('"', "'")
        if (delimiter + quote).encode() in data
    )
    readings.append(Written(rewrite(data, delimiter, name), delimiter, '"', stray_at))
    return max(readings, key=lambda one: share_at_mode(_scan(one)))


def _scan(written: Written) -> Scan:
    return scan_records(written.data, written.delimiter, written.quote)


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
