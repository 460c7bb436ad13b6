"""Part what is no table from a text: lines that the user skips, and lines of comment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rung.core.findings import Finding
from rung.data.table import ReadOptions
from rung.errors import UsageError

_SEPARATOR = re.compile(rb'"?sep=([^\n"])"?[^\S\n]*\n')
# Lines that programs draw around and inside a table.
_FRAME = re.compile(rb"(?m)^[ \t]*(?:[+|][-+=:| ]*--[-+=:| ]*|-+\+[-+]+)[ \t]*$")
SIGNS = (b"#", b"%", b"!", b"//")


@dataclass(frozen=True)
class Stripped:
    """Hold the text of a table without comments.

    Attributes
    ----------
    data : bytes
        What is left; lines of comment between rows are blank lines.
    comments : tuple of bytes
        The comments above the table, without their sign.
    lines_before : int
        Lines of the file above `data`.
    findings : tuple of Finding
        What was left out below the first row.
    delimiter : str
        The delimiter, where a line such as `sep=;` above the table states it for a spreadsheet.
    """

    data: bytes
    comments: tuple[bytes, ...] = ()
    lines_before: int = 0
    findings: tuple[Finding, ...] = ()
    delimiter: str = ""


def strip_comments(text: bytes, options: ReadOptions) -> Stripped:
    r"""Part comments and skipped lines from a text.

    A sign other than `#` begins a comment only if two lines begin with it, or a blank follows it.

    Parameters
    ----------
    text : bytes
        UTF-8, lines ended by a line feed.
    options : ReadOptions
        `skip_lines` and `comment`, where declared.

    Examples
    --------
    >>> strip_comments(b"# t x\n1 2\n", ReadOptions()).comments
    (b't x',)
    """
    start = _after_lines(text, options.skip_lines or 0)
    stated = _SEPARATOR.match(text, start)
    start = stated.end() if stated else start
    declared = options.comment.encode()
    sign = declared or _sign_of(text, start)
    comments: list[bytes] = []
    while sign and start < len(text):
        end = text.find(b"\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip()
        if line and not line.startswith(sign):
            break
        comments.append(line.removeprefix(sign).lstrip(sign[:1]).strip())
        start = end + 1
    data, inside = text[start:], 0
    data = _FRAME.sub(b"", data) if b"--" in data else data
    if declared or comments:
        data, inside = _blank_comments(data, sign)
    found = f"{inside} lines among the rows begin with {sign.decode()!r}"
    findings = (Finding("comments", "info", (), found, "read as comments"),) if inside else ()
    kept = tuple(line for line in comments if line)
    delimiter = stated[1].decode() if stated else ""
    return Stripped(data, kept, text.count(b"\n", 0, start), findings, delimiter)


def _after_lines(text: bytes, n_lines: int) -> int:
    start = 0
    for _ in range(n_lines):
        end = text.find(b"\n", start)
        if end < 0:
            raise UsageError(
                f"skip_lines={n_lines} skips the whole file; it has {text.count(bytes([10])) + 1} "
                "lines",
                "give fewer",
            )
        start = end + 1
    return start


def _sign_of(text: bytes, start: int) -> bytes:
    """Return the sign that the first filled line begins with, if it is one of comments."""
    lines = [line.strip() for line in text[start : start + 65_536].split(b"\n") if line.strip()][:2]
    if not lines:
        return b""
    first, second = lines[0], lines[1] if len(lines) > 1 else b""
    for sign in SIGNS:
        if not first.startswith(sign):
            continue
        rest = first[len(sign) :]
        if sign == b"#" or second.startswith(sign) or rest[:1] in (b"", b" ", b"\t", sign[:1]):
            return sign
    return b""


def _blank_comments(data: bytes, sign: bytes) -> tuple[bytes, int]:
    if sign not in data:
        return data, 0
    return re.subn(rb"(?m)^[ \t]*" + re.escape(sign) + rb".*$", b"", data)
