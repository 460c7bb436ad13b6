"""Open a table file: find where it lies and unpack it."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from rung.core.addresses import ensure_room
from rung.data.limits import read_all
from rung.data.readers.numpy import is_numpy
from rung.data.readers.reader import HEAD_BYTES, Source, accepted_titles, all_readers, all_suffixes
from rung.data.refusing import near_file, refuse_what_is_no_file
from rung.data.unpack import GZIP, ZIP, Wanted, unpack
from rung.errors import UnreadableFile

# Short cells take this many times their bytes while polars, which cannot fail, parts them.
TIMES_A_FILE = 16
STANDARD_INPUT = "-"
# Bytes that standard input may bring are bounded as those of a packed file of this size are.
PIPED = 20_000_000
_ADDRESS = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+://")
_TABLE = re.compile(r"^(?P<file>.+?)(?:\[(?P<inside>[^\[\]]*)\]|::(?P<after>.+))$")
# Office files are zip files inside; what they hold is no member to unpack.
_OFFICE = (b"xl/", b"opendocument.spreadsheet")


def open_source(path: str | Path, table: str = "") -> Source:
    """Find a file and unpack it, without reading what it holds as a table.

    Parameters
    ----------
    path : str or Path
        A file, `FILE.zip:MEMBER`, `FILE[TABLE]` or `FILE::TABLE`, or `-` for standard input.
    table : str
        Which of several tables in it; stronger than one in the path.

    Returns
    -------
    Source
        Where its bytes are.

    Raises
    ------
    UnreadableFile
        If there is no such file, or it is empty, damaged or an address on the network.
    """
    text = str(path)
    if text == STANDARD_INPUT:
        return _from_standard_input(table)
    if _ADDRESS.match(text):
        raise UnreadableFile(
            f"{text!r} is an address on the network; accepted is a file on this machine",
            "download it first, then name the file",
        )
    whole, named = _split_table(text)
    file, member = _split_member(whole)
    name = file.name + (f":{member}" if member else "")
    table = table or named
    if file.is_dir() and any(
        one.is_folder and file.suffix in one.suffixes for one in all_readers()
    ):
        return Source(name, file, table=table)
    packed, size = _head_of(file)
    if packed.startswith((GZIP, ZIP)) and not _is_whole(packed):
        raw = unpack(_read_bytes(file), file.name, member, wanted=_wanted())
        return _refuse_empty(Source(name, data=raw, packed=size, table=table), len(raw))
    if member:
        raise UnreadableFile(f"{file.name!r} is no zip file, so it has no member {member!r}")
    return _refuse_empty(Source(name, file, packed=size, table=table), size)


def _refuse_empty(source: Source, size: int) -> Source:
    ensure_room(TIMES_A_FILE * size)
    if not source.head().strip() and (source.path is None or not source.content().strip()):
        raise UnreadableFile(
            f"{source.name!r} is empty; accepted is {accepted_titles()}", "check the file"
        )
    return source


def _from_standard_input(table: str) -> Source:
    raw = _piped(sys.stdin.buffer)
    packed = len(raw)
    if raw.startswith((GZIP, ZIP)) and not _is_whole(raw):
        raw = unpack(raw, "standard input", "", wanted=_wanted())
    return _refuse_empty(Source("standard input", data=raw, packed=packed, table=table), len(raw))


@lru_cache(maxsize=1)
def _piped(stream: BinaryIO) -> bytes:
    """Return all that a pipe brings; whoever reads it again, as for a target, gets the same."""
    return read_all(stream, PIPED, "standard input")


def _wanted() -> Wanted:
    return Wanted(all_suffixes(), accepted_titles())


def _is_whole(head: bytes) -> bool:
    """Tell whether a zip file is one table inside, a spreadsheet or numpy's: its members say so."""
    is_office = any(name in head for name in _OFFICE)
    return head.startswith(ZIP) and (is_office or is_numpy(head, ""))


def _split_table(path: str) -> tuple[str, str]:
    found = _TABLE.match(path)
    if found is None or Path(path).exists() or not _may_be_file(found["file"]):
        return path, ""
    return found["file"], found["inside"] or found["after"] or ""


def _may_be_file(path: str) -> bool:
    return Path(path).exists() or ".zip:" in path.lower()


def _split_member(path: str) -> tuple[Path, str]:
    start = path.lower().rfind(".zip:")
    if start < 0 or Path(path).exists():
        return Path(path), ""
    return Path(path[: start + 4]), path[start + 5 :]


def _head_of(file: Path) -> tuple[bytes, int]:
    """Return the first bytes of a file, and its size."""
    refuse_what_is_no_file(file, "a table")
    try:
        with file.open("rb") as opened:
            return opened.read(HEAD_BYTES), file.stat().st_size
    except FileNotFoundError as error:
        raise UnreadableFile(f"there is no file {str(file)!r}", near_file(file)) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UnreadableFile(f"{file.name!r} cannot be read: {why}", "check the file") from error


def _read_bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UnreadableFile(f"{file.name!r} cannot be read: {why}", "check the file") from error
