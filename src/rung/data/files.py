"""Open a table file: find what it holds, unpack it, and read the binary kinds."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from rung.core.addresses import ensure_room
from rung.data.binary import is_binary_table, read_binary
from rung.data.unpack import ACCEPTED, unpack
from rung.errors import UnreadableFile
from rung.paths import named_instead

# Short cells take this many times their bytes while polars, which cannot fail, parts them.
TIMES_A_FILE = 16
_BINARY = {
    b"SIMPLE  =": "a FITS file",
    b"\x89HDF": "an HDF5 or NetCDF file",
    b"CDF": "a NetCDF file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"SQLite": "a database",
    b"\x80\x04\x95": "a pickle",
    b"\x93NUMPY": "a numpy file",
    b"FEA1": "a Feather file of version 1",
}


def load_file(path: str | Path) -> tuple[bytes | pl.DataFrame, str]:
    """Read a file, unpacked.

    Parameters
    ----------
    path : str or Path
        A file, or `FILE.zip:MEMBER`.

    Returns
    -------
    content : bytes or polars.DataFrame
        Bytes of a text table, or the frame of a binary one.
    name : str
        The file's name without folder.

    Raises
    ------
    UnreadableFile
        If there is no such file, or it is no table.
    """
    file, member = _split_member(str(path))
    name = file.name + (f":{member}" if member else "")
    packed = _read_bytes(file)
    raw = unpack(packed, file.name, member)
    ensure_room(TIMES_A_FILE * len(raw))
    if not raw.strip():
        raise UnreadableFile(f"{name!r} is empty; accepted is {ACCEPTED}", "check the file")
    if is_binary_table(raw):
        return read_binary(raw, name, len(packed)), name
    return raw, name


def refuse_binary(raw: bytes, name: str, accepted: str = ACCEPTED) -> None:
    """Raise if bytes that should be a text cannot be one; `accepted` is what could be read."""
    for magic, what in _BINARY.items():
        if raw.startswith(magic):
            raise UnreadableFile(f"{name!r} is {what}; accepted is {accepted}", "convert it first")
    head = raw[:65_536]
    control = sum(head.count(byte) for byte in (*range(1, 9), *range(14, 27), *range(28, 32)))
    if b"\x00" in raw or control > 0.01 * len(head):
        raise UnreadableFile(
            f"{name!r} holds binary data, not text; accepted is {accepted}", "convert it first"
        )


def _split_member(path: str) -> tuple[Path, str]:
    start = path.lower().rfind(".zip:")
    if start < 0 or Path(path).exists():
        return Path(path), ""
    return Path(path[: start + 4]), path[start + 5 :]


def _read_bytes(file: Path) -> bytes:
    refuse_what_is_no_file(file, "a table")
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"there is no file {str(file)!r}", near_file(file)) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UnreadableFile(f"{file.name!r} cannot be read: {why}", "check the file") from error


def refuse_what_is_no_file(file: Path, wanted: str) -> None:
    """Raise if a path names a folder, a pipe, a socket or a device."""
    found = named_instead(file)
    if found:
        remedy = "name one file inside it" if found == "a folder" else "save it as a file first"
        raise UnreadableFile(f"{file.name!r} is {found}, not {wanted}", remedy)


def near_file(file: Path) -> str:
    """Say what to do where a file is absent: name one that is called alike."""
    from rung.errors import suggest

    folder = file.parent
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    near = suggest(file.name, sorted(names))
    return f"did you mean {near!r}?" if near else "check the path"
