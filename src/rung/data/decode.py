"""Turn the bytes of a text table into UTF-8 with one kind of line end."""

from __future__ import annotations

import codecs

from rung.core.findings import Finding
from rung.data.refusing import refuse_binary
from rung.errors import UnreadableFile

ENCODING_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def to_utf8(
    raw: bytes, name: str, encoding: str | None, *, accepted: str = "text"
) -> tuple[bytes, list[Finding]]:
    r"""Decode a text table.

    Parameters
    ----------
    raw : bytes
        The file.
    name : str
        What to call it in messages.
    encoding : str or None
        As declared; None looks for a byte order mark, tries UTF-8, then Windows-1252, Latin-1.
    accepted : str
        What could be read instead, for messages.

    Returns
    -------
    data : bytes
        UTF-8, lines ended by a line feed.
    findings : list of Finding
        One if the encoding had to be guessed.

    Examples
    --------
    >>> to_utf8(b"a\r\nb", "t.csv", None)
    (b'a\nb', [])
    """
    found = encoding or next((code for mark, code in ENCODING_MARKS if raw.startswith(mark)), None)
    found = found or _unmarked_utf16(raw)
    if found is None:
        raw = raw.rstrip(b"\x1a")  # where DOS ends a text
        refuse_binary(raw, name, accepted)
        found = next(code for code in ("utf-8", "cp1252", "latin-1") if _decodes(raw, code))
    if found in ("utf-8", "utf-8-sig") and _decodes(raw, found):
        data = raw.removeprefix(codecs.BOM_UTF8)
    else:
        data = _recode(raw, name, found)
    guessed = encoding is None and found in ("cp1252", "latin-1")
    if b"\x00" in data:
        refuse_binary(data, name, accepted)
    return _unify_lines(data), [guessed_encoding(found)] if guessed else []


def _unmarked_utf16(raw: bytes) -> str | None:
    """Tell a text of two bytes a character, which lacks its mark, by its zeros at every other place."""
    head = raw[:4096]
    half = len(head) // 2
    zeros = [head[place::2].count(0) for place in (0, 1)]
    if half < 4 or max(zeros) < 0.8 * half or min(zeros) > 0.02 * half:
        return None
    found = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    return found if _decodes(raw, found) else None


def _decodes(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _recode(raw: bytes, name: str, encoding: str) -> bytes:
    try:
        return raw.decode(encoding).encode("utf-8")
    except LookupError as error:
        raise unknown_encoding(encoding) from error
    except UnicodeError as error:
        message = f"{name!r} is not written in {encoding}: {error}"
        raise UnreadableFile(message, "leave the encoding out to have it found") from error


def _unify_lines(data: bytes) -> bytes:
    if b"\r" not in data:
        return data
    if b"\r\r\n" in data and data.count(b"\r\r\n") == data.count(b"\n"):
        data = data.replace(b"\r\r\n", b"\n")  # a text copied as such twice
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def unknown_encoding(encoding: str) -> UnreadableFile:
    """Say that there is no encoding of that name."""
    return UnreadableFile(
        f"there is no text encoding {encoding!r}; accepted are utf-8, latin-1, utf-16, …",
        "leave the encoding out to have it found",
    )


def guessed_encoding(encoding: str) -> Finding:
    """Say that an encoding was guessed."""
    return Finding(
        "encoding",
        "info",
        (),
        f"the file is not UTF-8; it was read as {encoding}",
        "say --encoding if letters with accents look wrong",
    )
