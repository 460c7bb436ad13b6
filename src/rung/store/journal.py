"""Keep what a run has finished on disk, so that a killed run goes on where it was.

`journal.rung` holds what each finished family handed back. While a family is at work, the values of
its finished jobs lie in a file of their own beside it, which goes when the family is finished. Both
are bounded: what would make a file larger than `MOST_BYTES` is left out, and done again by a run
that is resumed.
"""

from __future__ import annotations

import hashlib
import threading
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from rung.errors import BadModelFile, DataError
from rung.store.codec import NotEncodable, decode, encode
from rung.store.durable import PART_PREFIX, PART_SUFFIX, canonical_json, parse_json
from rung.store.records import Records, open_records, start_records
from rung.store.shelf import CheckpointFile, clear_shelves, shelf_for
from rung.typing import JSON

MOST_BYTES = 256 * 10**6
JOBS_PREFIX = f"{PART_PREFIX}jobs-"
IDENTITY = "identity"
_FINISHED = "finished "

Key = tuple[str, int, int]


@dataclass
class Journal:
    """Remember what families finished, and values of jobs by family, call and number.

    Attributes
    ----------
    path : Path
        The file of finished families.
    identity : dict
        What the run is; a journal of another run is never read.
    """

    path: Path
    identity: JSON
    _records: Records = field(repr=False)
    _jobs: dict[str, Records] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def size(self) -> int:
        """Bytes of finished families and of the jobs of those at work."""
        with self._lock:
            return self._records.size + sum(jobs.size for jobs in self._jobs.values())

    def find(self, key: Key) -> tuple[Any] | None:
        """Return the value of a finished job, as a tuple of one; None if it is to be done."""
        with self._lock:
            data = self._jobs_of(key[0]).find(_text(key))
        return None if data is None else _decoded(data)

    def add(self, key: Key, value: Any) -> None:
        """Append the value of a finished job; one without a plain form is left out.

        Raises
        ------
        DiskError
            If it cannot be written.
        """
        try:
            data = encode(value)
        except NotEncodable:
            return
        with self._lock:
            _add_within_bound(self._jobs_of(key[0]), _text(key), data)

    def finished(self, family: str) -> tuple[Any] | None:
        """Return what a family handed back, as a tuple of one; None if it is to be trained."""
        with self._lock:
            data = self._records.find(_FINISHED + family)
        try:
            return None if data is None else _decoded(zlib.decompress(data))
        except zlib.error:
            return None  # written by other code: the family is trained again

    def finish(self, family: str, value: Any) -> None:
        """Append what a family handed back, wait until it is on the disk, and let its jobs go.

        Raises
        ------
        DiskError
            If it cannot be written.
        """
        try:
            data = zlib.compress(encode(value), level=1)
        except NotEncodable:
            data = b""
        with self._lock:
            if data:
                _add_within_bound(self._records, _FINISHED + family, data)
                self._records.sync()
        self.drop(family)

    def drop(self, family: str) -> None:
        """Forget the jobs of a family that was finished or skipped."""
        with self._lock:
            jobs = self._jobs.pop(family, None)
        if jobs is not None:
            jobs.remove()

    def shelf(self, key: tuple[str | int, ...]) -> CheckpointFile:
        """Return where the state of one long training is kept while it goes on."""
        return shelf_for(self.path.parent, self.identity, key)

    def close(self) -> None:
        """Close all files; what they hold stays."""
        for records in (self._records, *self._jobs.values()):
            records.close()

    def remove(self) -> None:
        """Close and remove all files, once the run is whole."""
        self.close()
        _clear(self.path.parent)
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _jobs_of(self, family: str) -> Records:
        """Return the file of a family's jobs: the one of this run if it was killed, or a new one."""
        if family not in self._jobs:
            whose = canonical_json([self.identity, family])
            path = self.path.parent / f"{JOBS_PREFIX}{_digest(whose)}{PART_SUFFIX}"
            try:
                found = open_records(path)
            except DataError:  # damaged: its jobs are done again
                found = None
            self._jobs[family] = found or start_records(path)
        return self._jobs[family]


def start_journal(path: Path, identity: JSON) -> Journal:
    """Begin a journal anew.

    Raises
    ------
    DiskError
        If it cannot be written.
    """
    _clear(path.parent)  # of a run that is started over
    records = start_records(path)
    records.add(IDENTITY, canonical_json(identity))
    records.sync()
    return Journal(path, identity, records)


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
    records = open_records(path)
    if records is None:
        return None
    identity = records.find(IDENTITY)
    if identity is None:
        records.close()
        return None
    return Journal(path, parse_json(identity), records)


def _text(key: Key) -> str:
    return canonical_json(list(key)).decode("utf-8")


def _digest(whose: bytes) -> str:
    return hashlib.sha256(whose).hexdigest()[:16]


def _add_within_bound(records: Records, key: str, data: bytes) -> None:
    if records.size + len(data) <= MOST_BYTES:
        records.add(key, data)


def _decoded(data: bytes) -> tuple[Any] | None:
    try:
        return (decode(data),)
    except (BadModelFile, NotEncodable, KeyError, TypeError, ValueError):
        return None  # written by other code: the job is done again


def _clear(folder: Path) -> None:
    """Remove all that was laid down in a folder besides the journal itself."""
    clear_shelves(folder)
    for path in folder.glob(f"{JOBS_PREFIX}*{PART_SUFFIX}"):
        path.unlink(missing_ok=True)
