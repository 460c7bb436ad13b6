"""Let one run at a time write to a folder; the lock dies with its process, however that ends."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from rung.errors import UsageError

LOCK = ".rung-lock"
_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder; the file that says so is removed at the end.

    A file that a killed process left is locked by nobody, and taken over. Where a file system knows
    no locks, as some of clusters, nothing is held.

    Parameters
    ----------
    folder : Path
        Made if there is none.

    Raises
    ------
    UsageError
        If another run holds it, or it cannot be made or written to; nothing was touched.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with locked(Path(folder)):
    ...         (Path(folder) / LOCK).exists()
    ...     (Path(folder) / LOCK).exists()
    True
    False
    """
    file = _take(folder)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            if os.name == "nt":  # an open file cannot be removed there
                file.close()
            (folder / LOCK).unlink()
        file.close()


def _take(folder: Path) -> BinaryIO:
    """Open and lock the file of a folder, anew where its last holder removed it meanwhile."""
    path = folder / LOCK
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = path.open("ab")
        except OSError as error:
            raise UsageError(
                f"run folder {str(folder)!r} cannot be made or written to: "
                f"{error.strerror or error}",
                "name a new folder in a place that you may write to, with --out",
            ) from error
        if not _try_lock(file):
            file.close()
            raise UsageError(
                f"another run is at work in {str(folder)!r}",
                "wait until it is done, or name another folder with --out",
            )
        if _is_same(file, path):
            return file
        file.close()


def _try_lock(file: BinaryIO) -> bool:
    """Lock an open file; False if another process, or another run of this one, has."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _HELD
    return True


def _is_same(file: BinaryIO, path: Path) -> bool:
    """Tell whether the file that was opened still has its name."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
