"""Check a text: what a run would stumble over, found before anything is trained."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from typing import Any

from rung.core.findings import Finding, Severity
from rung.data.text_source import TextSource, open_text
from rung.errors import UsageError
from rung.kinds.text.lines_or_stream import choose_reading
from rung.text.alike import as_seen
from rung.text.corpus import Survey, survey

MOST_SHOWN = 5
KINDS = {
    "Cc": "control characters",
    "Cf": "characters that cannot be seen",
    "Co": "characters of private use",
}
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def check_text(
    data: Any, *, reading: str | None = None, encoding: str | None = None
) -> tuple[Finding, ...]:
    """Say what is wrong with a text, without training anything.

    Parameters
    ----------
    data : path or sequence of str
        What `fit_text` takes.
    reading : str, optional
        `lines` or `text`; None to find out.
    encoding : str, optional
        How the file is written; None finds out.

    Returns
    -------
    tuple of Finding
        The gravest first.

    Raises
    ------
    DataError
        If the text cannot be read.
    UsageError
        If an option is not accepted.

    Examples
    --------
    >>> [finding.code for finding in check_text(["emma", "ava ", "emma", "ava"])]
    ['alike_lines', 'blank_ends', 'duplicate_lines']
    """
    source = open_text(data, encoding)
    found = survey(source.blocks)
    doubt: tuple[Finding, ...] = ()
    try:
        kind = choose_reading(source, found, reading)
    except UsageError as error:
        if reading is not None:
            raise
        kind, doubt = "lines", (Finding("reading", "warning", (), error.message, error.remedy),)
    listed = [*source.findings, *doubt, *_odd_characters(found)]
    if kind == "lines":
        listed += _of_lines(source, found)
    order: tuple[Severity, ...] = ("alarm", "warning", "info")
    return tuple(sorted(listed, key=lambda one: (order.index(one.severity), one.code)))


def _of_lines(source: TextSource, found: Survey) -> list[Finding]:
    exact, seen = set[bytes](), set[bytes]()
    n_ends, example = 0, ""
    for line in filter(None, _lines(source)):
        exact.add(_short(line))
        seen.add(_short(as_seen(line)))
        if line != line.rstrip():
            n_ends, example = n_ends + 1, example or line
    of_all = f"of {found.n_lines:,} lines"
    listed: list[Finding] = []

    def tell(code: str, severity: Severity, n: int, said: str, remedy: str) -> None:
        if n:
            listed.append(Finding(code, severity, (), f"{n:,} {said}", remedy))

    tell("blank_lines", "info", found.n_blank, "lines are blank", "they are left out")
    tell(
        "duplicate_lines",
        "info",
        found.n_lines - len(exact),
        f"{of_all} repeat another",
        "equal lines stand in one part and count as one unit of the intervals",
    )
    tell(
        "blank_ends",
        "warning",
        n_ends,
        f"{of_all} end in a blank, such as {example!r:.40}",
        "models learn these blanks as letters; take them out if they mean nothing",
    )
    tell(
        "alike_lines",
        "warning",
        len(exact) - len(seen),
        f"{of_all} differ from another in blanks at the end or in how accents are composed alone",
        "they stand in one part, and count as one unit; write them alike if they mean the same",
    )
    return listed


def _short(line: str) -> bytes:
    """Return a digest, so that memory holds no long lines."""
    return hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _lines(source: TextSource) -> Iterator[str]:
    rest = ""
    for piece in source.pieces():
        *whole, rest = (rest + piece).split("\n")
        yield from whole
    yield rest


def _odd_characters(found: Survey) -> list[Finding]:
    """Return a finding for each kind of character that hardly anybody means to write."""
    groups: dict[str, list[str]] = {}
    for point in found.code_points.tolist():
        letter = chr(point)
        kind = KINDS.get(unicodedata.category(letter))
        if letter == REPLACEMENT:
            kind = "letters that were lost when the text was saved in another encoding"
        if kind and letter not in "\t\n":
            groups.setdefault(kind, []).append(f"U+{point:04X}")
    return [
        Finding(
            "odd_characters",
            "warning",
            (),
            f"the text holds {kind}: {', '.join(codes[:MOST_SHOWN])}"
            + (f" and {len(codes) - MOST_SHOWN} more" if len(codes) > MOST_SHOWN else ""),
            "models learn them as letters; take them out if they mean nothing",
        )
        for kind, codes in groups.items()
    ]
