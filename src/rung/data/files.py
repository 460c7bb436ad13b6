"""Open a table file: find what it holds, unpack it, and read the binary kinds."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import polars as pl

from rung.errors import UnreadableFile

_TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".parquet", ".pq", ".arrow", ".feather", ".ipc")
_NOTES = ("readme", "license", "licence")
_LOOSE_SUFFIXES = (".dat", ".data", ".txt")
_ACCEPTED = "CSV, TSV or blank-separated text (also .gz or .zip), Parquet, Arrow or Feather"
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
    raw = _read_bytes(file)
    if raw[:2] == b"\x1f\x8b":
        raw = _unpack(lambda: gzip.decompress(raw), name)
    elif raw[:4] == b"PK\x03\x04":
        raw = _unpack(lambda: _zip_member(raw, file, member), name)
        if raw[:2] == b"\x1f\x8b":
            packed = raw
            raw = _unpack(lambda: gzip.decompress(packed), name)
    elif member:
        raise UnreadableFile(f"{file.name!r} is no zip file, so it has no member {member!r}")
    if not raw.strip():
        raise UnreadableFile(f"{name!r} is empty; accepted is {_ACCEPTED}", "check the file")
    return _binary_table(raw, name) if raw[:4] == b"PAR1" or raw[:6] == b"ARROW1" else raw, name


def refuse_binary(raw: bytes, name: str, accepted: str = _ACCEPTED) -> None:
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
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableFile(f"there is no file {file.name!r}", near_file(file)) from error
    except IsADirectoryError as error:
        remedy = "name one file inside it"
        raise UnreadableFile(f"{file.name!r} is a folder, not a table", remedy) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UnreadableFile(f"{file.name!r} cannot be read: {why}", "check the file") from error


def near_file(file: Path) -> str:
    """Say what to do where a file is absent: name one that is called alike."""
    from rung.errors import suggest

    folder = file.parent
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    near = suggest(file.name, sorted(names))
    return f"did you mean {near!r}?" if near else "check the path"


def _unpack(work: Callable[[], bytes], name: str) -> bytes:
    try:
        return work()
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
        message = f"{name!r} is a damaged compressed file: {error}"
        raise UnreadableFile(message, "get the file again") from error
    except RuntimeError as error:
        message = f"{name!r} is locked with a password"
        raise UnreadableFile(message, "unpack it first") from error


def _zip_member(raw: bytes, file: Path, member: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        return archive.read(_choose_member(names, file.name, member))


def _choose_member(names: list[str], file: str, member: str) -> str:
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise UnreadableFile(
            f"{file!r} is a spreadsheet or document; accepted is {_ACCEPTED}",
            "save the sheet as CSV first",
        )
    tables = _with_suffix(names, _TEXT_SUFFIXES) or _with_suffix(names, _LOOSE_SUFFIXES)
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
        f"{file!r} holds no table, but {listed}; accepted is {_ACCEPTED}", "unpack it first"
    )


def _with_suffix(names: list[str], suffixes: tuple[str, ...]) -> list[str]:
    return [
        name
        for name in names
        if PurePosixPath(name.lower().removesuffix(".gz")).suffix in suffixes
        and not name.startswith("__MACOSX/")
        and not PurePosixPath(name).name.lower().startswith(_NOTES)
    ]


def _binary_table(raw: bytes, name: str) -> pl.DataFrame:
    reader = pl.read_parquet if raw[:4] == b"PAR1" else pl.read_ipc
    try:
        return reader(io.BytesIO(raw))
    except BaseException as error:
        # Polars raises PanicException, which is no Exception, on some damaged files.
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        what = "Parquet" if raw[:4] == b"PAR1" else "Arrow"
        why = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        message = f"{name!r} is a damaged {what} file: {why}"
        raise UnreadableFile(message, "get the file again") from error
