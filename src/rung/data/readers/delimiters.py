"""Turn delimiters of several characters, and doubled ones, into one character."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np

from rung.core.findings import Finding
from rung.errors import UnreadableFile

FREE = ("\x1f", "\t", "|", ";", "~", "^")
SAMPLE_LINES, MIN_LINES, MOST_EMPTY = 50, 3, 0.4
_RULE = re.compile(rb"^\s*(?:[-=]{2,}|[-=])(?:\s+[-=]+)+$")
_RUN = re.compile(r"(?<![^\w\s\"'])[^\w\s\"'.+()\[\]{}<>=?/*-]{2,4}|[|~:;,]{2,4}|[,;|]\t")


def single_delimiter(data: bytes, declared: str | None) -> tuple[bytes, str | None, list[Finding]]:
    r"""Replace a delimiter of several characters by one that stands nowhere in the text.

    Parameters
    ----------
    data : bytes
        UTF-8 text.
    declared : str or None
        The delimiter, where the user says it.

    Returns
    -------
    data : bytes
        The text.
    delimiter : str or None
        One character, or None where it is still to be found.
    findings : list of Finding
        What was replaced.

    Examples
    --------
    >>> single_delimiter(b"a::b\n1::2\n", None)[0]
    b'a\x1fb\n1\x1f2\n'
    """
    if declared is not None and len(declared) == 1:
        return data, declared, []
    if declared is None:
        spread, by, said = spread_by_rule(data)
        if by:
            return spread, by, said
    found = declared or _long_delimiter(data)
    if not found or "\n" in found or '"' in found:
        return data, declared, []
    free = next((sign for sign in FREE if sign.encode() not in data), None)
    if free is None:
        raise UnreadableFile(
            f"the delimiter {found!r} cannot be told apart: the text holds every other one too",
            "write the table with one character between fields",
        )
    message = f"fields are parted by {found!r}"
    finding = Finding("dialect", "info", (), message, "say --delimiter if that is wrong")
    return data.replace(found.encode(), free.encode()), free, [finding]


def _long_delimiter(data: bytes) -> str:
    """Return a run of signs that stands equally often on nearly every line, and more than once a row."""
    sample = data[:65_536].decode(errors="ignore").split("\n")[:SAMPLE_LINES]
    lines = [line for line in sample[:-1] or sample if line.strip()]
    if len(lines) < 2:
        return ""
    candidates = Counter(run for line in lines for run in set(_RUN.findall(line)))
    for run, n_lines in sorted(candidates.items(), key=lambda one: (-one[1], -len(one[0]), one[0])):
        counts = Counter(line.count(run) for line in lines)
        often, agreed = counts.most_common(1)[0]
        single = max(run, key=run.count)
        is_alone = all(line.count(single) == often * run.count(single) for line in lines)
        if n_lines >= 0.9 * len(lines) and agreed >= 0.9 * len(lines) and often and is_alone:
            return str(run)
    return ""


def spread_by_rule(data: bytes) -> tuple[bytes, str | None, list[Finding]]:
    r"""Part a text into columns where a line of dashes under the names says how wide each is.

    Parameters
    ----------
    data : bytes
        UTF-8 text.

    Returns
    -------
    data : bytes
        Cells parted by the character that is returned.
    delimiter : str or None
        None where no line says so, or where a cell crosses a border.
    findings : list of Finding
        What was done.

    Examples
    --------
    >>> spread_by_rule(b"name    n\n------ --\nab cd   5\n")[0]
    b'name\x1fn\nab cd\x1f5\n'
    """
    lines = data[:65_536].split(b"\n", 4)
    is_rule = [bool(_RULE.match(line.rstrip())) for line in lines[:4]]
    at = next((i for i in range(1, len(is_rule)) if is_rule[i] and not is_rule[i - 1]), None)
    if at is None or b"\x1f" in data:
        return data, None, []
    spans = [found.span() for found in re.finditer(rb"[-=]+", lines[at])]
    borders = [start for start, _ in spans[1:]]
    every = data.decode().split("\n")
    below = [line for line in every[at + 1 :] if not _RULE.match(line.rstrip().encode())]
    kept = every[at - 1 : at] + below
    if any(line[border - 1 : border].strip() for line in kept for border in borders):
        return data, None, []
    cuts = list(zip([0, *borders], [*borders, None], strict=True))
    rows = [
        "\x1f".join(line[a:b].strip() for a, b in cuts) if line.strip() else "" for line in kept
    ]
    message = f"a line of dashes states the widths of {len(cuts)} columns"
    finding = Finding("dialect", "info", (), message, "read so")
    return "\n".join(rows).encode(), "\x1f", [finding]


def spread_by_columns(data: bytes) -> bytes | None:
    r"""Part a text whose columns are told apart by blanks that stand in every line at one place.

    Parameters
    ----------
    data : bytes
        UTF-8 text without tabs.

    Returns
    -------
    bytes or None
        Cells parted by tabs; None where lines do not line up.

    Examples
    --------
    >>> spread_by_columns(b"name   x  y\nab cd  1  2\nef        3\n")
    b'name\tx\ty\nab cd\t1\t2\nef\t\t3\n'
    """
    lines = [line for line in data.decode().split("\n") if line.strip()]
    if len(lines) < MIN_LINES or b"\t" in data:
        return None
    width = max(map(len, lines))
    filled = np.zeros(width + 1, dtype=bool)
    for line in lines:
        cells = np.frombuffer(line.encode("utf-32-le"), dtype=np.uint32)
        filled[: len(cells)] |= cells != ord(" ")
    edges = np.flatnonzero(np.diff(filled.astype(np.int8), prepend=0))
    spans = list(zip(edges[0::2].tolist(), edges[1::2].tolist(), strict=True))
    if len(spans) < 2 or len(lines[0].split()) != len(spans):
        return None
    rows = ["\t".join(line[a:b].strip() for a, b in spans) for line in lines]
    n_empty = sum(not cell for row in rows for cell in row.split("\t"))
    if n_empty > MOST_EMPTY * len(rows) * len(spans):
        return None
    return ("\n".join(rows) + "\n").encode()
