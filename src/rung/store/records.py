"""Append records to a file; read back, it holds all but what was half written when a run died.

A file begins with a mark. A record is two lengths, a digest, a key and a value. A writer needs no
memory of what it wrote, and keys are read without a look at the values.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from dataclasses import dataclass, field
from pathlib import Path

from rung.errors import DataError
from rung.store.durable import disk_error

MARK = b"rung records 1\n"
LENGTH_BYTES = 8
DIGEST_BYTES = 32
HEAD = 2 * LENGTH_BYTES + DIGEST_BYTES


@dataclass
class Records:
    """Hold values as bytes by key, in one file; make it with `start_records` or `open_records`.

    Attributes
    ----------
    path : Path
        The file.
    size : int
        Its bytes.
    """

    path: Path
    _file: io.FileIO = field(repr=False)
    size: int = 0
    _places: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False)

    def find(self, key: str) -> bytes | None:
        """Return the value that was added last under a key; None if there is none.

        Raises
        ------
        DiskError
            If the file cannot be read.
        """
        place = self._places.get(key)
        if place is None:
            return None
        try:
            self._file.seek(place[0])
            return _read(self._file, place[1])
        except OSError as error:
            raise disk_error(error, self.path) from error

    def add(self, key: str, value: bytes) -> None:
        """Append a value. It survives a kill at once, and a loss of power from `sync` on.

        Raises
        ------
        DiskError
            If it cannot be written; the file stays as it was.
        """
        name = key.encode("utf-8")
        record = _head(name, value) + name
        try:
            self._file.seek(self.size)
            _write(self._file, record)
            _write(self._file, value)
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(self.size)
            raise disk_error(error, self.path) from error
        self._places[key] = (self.size + len(record), len(value))
        self.size += len(record) + len(value)

    def sync(self) -> None:
        """Wait until all records are on the disk.

        Raises
        ------
        DiskError
            If they cannot be brought there.
        """
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise disk_error(error, self.path) from error

    def close(self) -> None:
        """Close the file; what it holds stays."""
        self._file.close()

    def remove(self) -> None:
        """Close and remove the file."""
        self.close()
        self.path.unlink(missing_ok=True)


def start_records(path: Path) -> Records:
    """Begin a file anew.

    Raises
    ------
    DiskError
        If it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     records = start_records(Path(folder) / "kept")
    ...     records.add("a", b"1")
    ...     records.close()
    ...     again = open_records(Path(folder) / "kept")
    ...     again.find("a")
    ...     again.close()
    b'1'
    """
    try:
        file = path.open("wb+", buffering=0)
        _write(file, MARK)
    except OSError as error:
        raise disk_error(error, path) from error
    return Records(path, file, len(MARK))


def open_records(path: Path) -> Records | None:
    """Open a file of a run that died, and cut off what was half written.

    Returns
    -------
    Records or None
        None if there is none, or not even its mark was written.

    Raises
    ------
    DataError
        If the file cannot be read, or is no such file.
    """
    try:
        file = path.open("rb+", buffering=0)
        records = _scan(path, file)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataError(
            f"{str(path)!r} cannot be read: {error.strerror or error}", "start over with --force"
        ) from error
    if records is None:
        file.close()
    return records


def _scan(path: Path, file: io.FileIO) -> Records | None:
    """Find every record that is whole."""
    mark = _read(file, len(MARK))
    if not MARK.startswith(mark):
        file.close()
        raise DataError(
            f"{str(path)!r} was not written by this version of rung", "start over with --force"
        )
    if mark != MARK:
        return None
    end = os.fstat(file.fileno()).st_size
    records = Records(path, file, len(MARK))
    while records.size + HEAD <= end:
        head = _read(file, HEAD)
        lengths = head[: 2 * LENGTH_BYTES]
        n_key = int.from_bytes(lengths[:LENGTH_BYTES], "little")
        n_value = int.from_bytes(lengths[LENGTH_BYTES:], "little")
        if records.size + HEAD + n_key + n_value > end:
            break
        name, value = _read(file, n_key), _read(file, n_value)
        if _head(name, value) != head:
            break
        begin = records.size + HEAD + n_key
        records._places[name.decode("utf-8")] = (begin, n_value)  # noqa: SLF001 made here
        records.size = begin + n_value
    file.truncate(records.size)
    return records


def _head(name: bytes, value: bytes) -> bytes:
    digest = hashlib.sha256(name)
    digest.update(value)
    lengths = [len(part).to_bytes(LENGTH_BYTES, "little") for part in (name, value)]
    return b"".join(lengths) + digest.digest()


def _read(file: io.FileIO, n: int) -> bytes:
    """Read so many bytes, fewer only at the end of the file."""
    parts = []
    while n > 0 and (part := file.read(n)):
        parts.append(part)
        n -= len(part)
    return b"".join(parts)


def _write(file: io.FileIO, data: bytes) -> None:
    """Write all bytes: one call may write a part, as before a disk is full."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]
