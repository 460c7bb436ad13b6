"""Keep the ledger: which sealed rows this user opened, in whatever folder, and when.

One file of lines that only grows. A line holds an entry, the digest of the line before it, and its
own. A line that was damaged, or taken out, is noticed and said; it never ends a run.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from rung.store import durable
from rung.typing import JSON

LEDGER = "openings.jsonl"
VARIABLE = "RUNG_STATE"
TRIES, PAUSE_SECONDS = 50, 0.1


@dataclass(frozen=True)
class Noted:
    """What the ledger held, and whether the new entry stands in it now.

    Attributes
    ----------
    earlier : tuple of dict
        Entries before it, the oldest first.
    n_damaged : int
        Places where a line cannot be read, or one is missing.
    problem : str
        Why the entry could not be written; empty if it was.
    """

    earlier: tuple[JSON, ...] = ()
    n_damaged: int = 0
    problem: str = ""


def state_folder(environment: Mapping[str, str], system: str = sys.platform) -> Path:
    """Return the folder where rung keeps what it knows of this user.

    Raises
    ------
    RuntimeError
        If nothing says where the user's home is.

    Examples
    --------
    >>> state_folder({"RUNG_STATE": "kept"}).as_posix()
    'kept'
    """
    if environment.get(VARIABLE):
        return Path(environment[VARIABLE]).expanduser()
    if system == "win32":
        local = environment.get("LOCALAPPDATA")
        return Path(local or Path.home() / "AppData" / "Local") / "rung"
    if system == "darwin":
        return Path.home() / "Library" / "Application Support" / "rung"
    asked = Path(environment.get("XDG_STATE_HOME", ""))
    # the specification has relative paths ignored
    return (asked if asked.is_absolute() else Path.home() / ".local" / "state") / "rung"


def note(entry: JSON) -> Noted:
    """Write an entry into the user's ledger, durably; see `add_entry`."""
    try:
        folder = state_folder(os.environ)
    except RuntimeError:
        return Noted(problem="no home folder is known")
    return add_entry(folder / LEDGER, entry)


def add_entry(path: Path, entry: JSON) -> Noted:
    """Append an entry, unless one of its `id` is there, and return those before it.

    Two runs at a time wait for each other, so each knows of the other or is known to it.

    Parameters
    ----------
    path : Path
        The ledger; it and its folder are made if there are none.
    entry : dict
        JSON-ready, with an `id` of its own.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        is_new = not path.exists()
        with _opened(path) as file, _locked(file):
            held = file.read()
            before = _parse(held)
            ids = [known.get("id") for known in before.earlier]
            if entry["id"] in ids:
                return replace(before, earlier=before.earlier[: ids.index(entry["id"])])
            _append(file, _next_line(held, entry))
        if is_new:
            durable.sync_folder(path.parent)
    except OSError as error:
        return replace(read_ledger(path), problem=error.strerror or str(error))
    return before


def read_ledger(path: Path) -> Noted:
    """Read a ledger; one that is absent or cannot be read holds nothing."""
    try:
        return _parse(path.read_bytes()) if path.is_file() else Noted()
    except OSError:
        return Noted()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """Open the ledger for reading and appending; a pipe or a device is refused."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{path.name!r} is no plain file")
        yield file


@contextlib.contextmanager
def _locked(file: BinaryIO) -> Iterator[None]:
    """Hold the ledger alone; where the file system knows no locks, or one hangs, go without."""
    for _ in range(TRIES):
        try:
            _lock(file)
            break
        except BlockingIOError:
            time.sleep(PAUSE_SECONDS)
        except OSError:
            break
    yield  # closing the file unlocks it


if sys.platform == "win32":

    def _lock(file: BinaryIO) -> None:
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # tries for ten seconds by itself

else:

    def _lock(file: BinaryIO) -> None:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def _next_line(held: bytes, entry: JSON) -> bytes:
    """Return the line of an entry; it begins anew where the one before it has no end."""
    lines = [line for line in map(_line, held.split(b"\n")) if line is not None]
    body = {"after": lines[-1]["digest"] if lines else "", "entry": entry}
    text = durable.canonical_json(body | {"digest": _digest(body)}) + b"\n"
    return text if held.endswith(b"\n") or not held else b"\n" + text


def _append(file: BinaryIO, data: bytes) -> None:
    """Write in one call, on the disk when this returns; what fails is taken back."""
    size = file.seek(0, os.SEEK_END)
    try:
        _write(file, data)
    except OSError:
        with contextlib.suppress(OSError):
            os.ftruncate(file.fileno(), size)
        raise


def _write(file: BinaryIO, data: bytes) -> None:
    if file.write(data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(file.fileno())


def _parse(data: bytes) -> Noted:
    """Read the lines of a ledger, and count the places where the chain is broken."""
    entries, known, n_damaged, is_whole = [], {""}, 0, True
    for text in filter(None, data.split(b"\n")):
        line = _line(text)
        # what was written without a lock may follow any line before it
        is_linked = line is not None and (line["after"] in known or not is_whole)
        n_damaged += not is_linked
        is_whole = line is not None
        if line is not None:
            known.add(line["digest"])
            entries.append(line["entry"])
    return Noted(tuple(entries), n_damaged)


def _line(text: bytes) -> JSON | None:
    """Return what a line holds; None if it is not whole, or was changed."""
    try:
        line = durable.parse_json(text)
        body = {"after": line["after"], "entry": dict(line["entry"])}
        return line if line["digest"] == _digest(body) else None
    except (ValueError, KeyError, TypeError):
        return None


def _digest(body: JSON) -> str:
    return hashlib.blake2b(durable.canonical_json(body), digest_size=16).hexdigest()
