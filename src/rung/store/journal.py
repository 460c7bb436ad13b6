"""Keep every finished job of a run on disk, so that a killed run goes on where it was.

A journal is one file that only grows. A record is a length, a digest and a value. What was being
written when the run was killed fails its digest and is cut off.
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

from rung.errors import BadModelFile, DataError
from rung.store.codec import NotEncodable, decode, encode
from rung.store.durable import explain
from rung.store.shelf import Shelf, clear_shelves, shelf_for
from rung.typing import JSON

LENGTH_BYTES = 8
DIGEST_BYTES = 32
HEAD = LENGTH_BYTES + DIGEST_BYTES

Key = tuple[str, int, int]


@dataclass
class Journal:
    """Remember values of jobs by key: family, number of the call, number of the job.

    Attributes
    ----------
    path : Path
        The file.
    identity : dict
        What the run is; a journal of another run is never read.
    """

    path: Path
    identity: JSON
    _file: BinaryIO = field(repr=False)
    _places: dict[Key, tuple[int, int]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def find(self, key: Key) -> tuple[Any] | None:
        """Return the value of a finished job, as a tuple of one; None if it is to be done."""
        place = self._places.get(key)
        if place is None:
            return None
        with self._lock:
            self._file.seek(place[0])
            data = self._file.read(place[1])
        try:
            return (decode(data)[1],)
        except (BadModelFile, NotEncodable, KeyError, TypeError):
            return None  # written by other code: the job is done again

    def add(self, key: Key, value: Any) -> None:
        """Append the value of a finished job; one that has no plain form is left out.

        It survives a kill at once, and a loss of power from the next `sync` on.
        """
        try:
            data = encode([list(key), value])
        except NotEncodable:
            return
        with self._lock:
            self._places[key] = _append(self._file, data, self.path)

    def shelf(self, key: tuple[str | int, ...]) -> Shelf:
        """Return where the state of one long training is kept while it goes on."""
        return shelf_for(self.path.parent, self.identity, key)

    def sync(self) -> None:
        """Wait until all records are on the disk."""
        with self._lock:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; what it holds stays."""
        self._file.close()

    def remove(self) -> None:
        """Close and remove the file, once the run is whole."""
        self._file.close()
        clear_shelves(self.path.parent)
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def start_journal(path: Path, identity: JSON) -> Journal:
    """Begin a journal anew.

    Raises
    ------
    ResourceError
        If the disk is full.
    """
    try:
        clear_shelves(path.parent)  # of a run that is started over
        file = path.open("wb+")
    except OSError as error:
        raise explain(error, path) from error
    journal = Journal(path, identity, file)
    _append(file, encode(identity), path)
    journal.sync()
    return journal


def open_journal(path: Path) -> Journal | None:
    """Open the journal of a killed run, less what was half written.

    Returns
    -------
    Journal or None
        None if there is none, or not even its identity was written.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    try:
        file = path.open("rb+")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DataError(
            f"journal {str(path)!r} cannot be read: {error.strerror or error}",
            "start over with --force",
        ) from error
    places = _whole_records(file)
    if not places:
        file.close()
        return None
    identity = _read(file, places[0])
    journal = Journal(path, identity, file)
    for place in places[1:]:
        family, call, job = _read(file, place)[0]
        journal._places[family, call, job] = place  # noqa: SLF001 made here
    file.seek(0, os.SEEK_END)
    return journal


def _whole_records(file: BinaryIO) -> list[tuple[int, int]]:
    """Return offset and length of every record that is whole, and cut off the rest."""
    size = file.seek(0, os.SEEK_END)
    places, position = [], 0
    while position + HEAD <= size:
        file.seek(position)
        head = file.read(HEAD)
        length = int.from_bytes(head[:LENGTH_BYTES], "little")
        if position + HEAD + length > size:
            break
        data = file.read(length)
        if hashlib.sha256(data).digest() != head[LENGTH_BYTES:]:
            break
        places.append((position + HEAD, length))
        position += HEAD + length
    file.truncate(position)
    return places


def _read(file: BinaryIO, place: tuple[int, int]) -> Any:
    file.seek(place[0])
    return decode(file.read(place[1]))


def _append(file: BinaryIO, data: bytes, path: Path) -> tuple[int, int]:
    try:
        position = file.seek(0, os.SEEK_END)
        head = len(data).to_bytes(LENGTH_BYTES, "little") + hashlib.sha256(data).digest()
        file.write(head + data)
        file.flush()
    except OSError as error:
        raise explain(error, path) from error
    return position + HEAD, len(data)
