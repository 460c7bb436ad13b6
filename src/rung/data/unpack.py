"""Unpack compressed files, as far as their size allows."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from rung.core.memory import say_bytes
from rung.data.limits import read_all, room_for, too_large
from rung.errors import UnreadableFile

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
_NOTES = ("readme", "license", "licence")
_LOOSE_SUFFIXES = (".dat", ".data", ".txt")
# What the libraries raise on files that are no archives inside: ValueError for names in no
# encoding, the rest as their headers lead them astray.
_DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    OverflowError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    NotImplementedError,
)


@dataclass(frozen=True)
class Wanted:
    """Say what can be read.

    Attributes
    ----------
    suffixes : tuple of str
        What names of tables end in.
    accepted : str
        The formats in words.
    """

    suffixes: tuple[str, ...] = (".csv", ".tsv", ".tab")
    accepted: str = "text"


TEXT_ONLY = Wanted()


def unpack(raw: bytes, file: str, member: str, *, wanted: Wanted = TEXT_ONLY) -> bytes:
    """Return what a file holds: of a gzip file its content, of a zip file its table.

    Parameters
    ----------
    raw : bytes
        The file as it lies on disk.
    file, member : str
        Names of the file, and of the table wanted in a zip file; the second may be empty.
    wanted : Wanted
        What a member must be called to be a table.

    Raises
    ------
    UnreadableFile
        If it is damaged, locked, holds no table or several, or unpacks to too much.

    Examples
    --------
    >>> unpack(gzip.compress(b"a,b"), "t.csv.gz", "")
    b'a,b'
    """
    name = file + (f":{member}" if member else "")
    data = raw
    if raw.startswith(ZIP):
        with _damage_explained(name):
            data = _zip_member(raw, file, member, wanted)
    elif member:
        raise UnreadableFile(f"{file!r} is no zip file, so it has no member {member!r}")
    if data.startswith(GZIP):
        with _damage_explained(name), gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            return read_all(stream, len(raw), name)
    return data


@contextmanager
def _damage_explained(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        why = str(error) or type(error).__name__
        message = f"{name!r} is a damaged compressed file: {why}"
        raise UnreadableFile(message, "get the file again") from error
    except RuntimeError as error:
        message = f"{name!r} is locked with a password"
        raise UnreadableFile(message, "unpack it first") from error


def _zip_member(raw: bytes, file: str, member: str, wanted: Wanted) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        chosen = archive.getinfo(_choose_member(names, file, member, wanted))
        if chosen.file_size > room_for(len(raw)):
            raise too_large(file, len(raw), say_bytes(chosen.file_size))
        try:
            with archive.open(chosen) as stream:
                return read_all(stream, len(raw), file)
        except MemoryError as error:
            if chosen.compress_type != zipfile.ZIP_LZMA:
                raise
            # LZMA asks at once for the dictionary that the file names, up to 4 GB.
            raise lzma.LZMAError("its dictionary does not fit into memory") from error


def _choose_member(names: list[str], file: str, member: str, wanted: Wanted) -> str:
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise UnreadableFile(
            f"{file!r} is a spreadsheet or document; accepted is {wanted.accepted}",
            "save the sheet as CSV first",
        )
    tables = _with_suffix(names, wanted.suffixes) or _with_suffix(names, _LOOSE_SUFFIXES)
    listed = ", ".join(repr(name) for name in (tables or names)[:10]) or "nothing"
    if member:
        if member in names:
            return member
        raise UnreadableFile(f"{file!r} has no member {member!r}; it holds {listed}")
    if len(tables) == 1:
        return tables[0]
    if tables:
        raise UnreadableFile(
            f"{file!r} holds {len(tables)} tables: {listed}",
            f"name one as '{file}:{tables[0]}'",
        )
    raise UnreadableFile(
        f"{file!r} holds no table, but {listed}; accepted is {wanted.accepted}", "unpack it first"
    )


def _with_suffix(names: list[str], suffixes: tuple[str, ...]) -> list[str]:
    return [
        name
        for name in names
        if PurePosixPath(name.lower().removesuffix(".gz")).suffix in suffixes
        and not name.startswith("__MACOSX/")
        and not PurePosixPath(name).name.lower().startswith(_NOTES)
    ]
