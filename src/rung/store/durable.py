"""Write files that are whole or absent, and JSON that reads back as it was."""

from __future__ import annotations

import contextlib
import errno
import json
import math
import os
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

from rung.errors import DataError, DiskError, RungError, UsageError
from rung.paths import named_instead

MAX_DEPTH = 20
# Begins the names of unfinished files, so that a later run knows them as its own.
PART_PREFIX, PART_SUFFIX = ".rung-", ".part"

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FAILING = {*_NO_SPACE, errno.EIO}
# Some network file systems cannot synchronise a folder; the file itself is on disk by then.
_NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a file so that a crash at any moment leaves the old one or the new one, never half.

    Parameters
    ----------
    path : path
        File to create or replace; its folder must exist.
    data : bytes
        All of it.

    Raises
    ------
    DiskError
        If the disk is full, a quota is reached, or the disk fails; nothing is left behind.
    UsageError
        If the place cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_bytes(Path(folder) / "a.txt", b"kept")
    ...     (Path(folder) / "a.txt").read_bytes()
    b'kept'
    """
    target = Path(path)
    part = target.parent / f"{PART_PREFIX}{secrets.token_hex(8)}{PART_SUFFIX}"
    try:
        _write_part(part, data)
        part.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise explain(error, target) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _write_part(part: Path, data: bytes) -> None:
    with part.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the new name as durable as the content; Windows has no such call."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise
    finally:
        os.close(handle)


def explain(error: OSError, target: Path) -> RungError:
    """Return the error that a user should see when a file that they named cannot be written."""
    if error.errno in _FAILING:
        return disk_error(error, target)
    return UsageError(
        f"{str(target)!r} cannot be written: {error.strerror or error}",
        "name a file in an existing folder that you may write to",
    )


def disk_error(error: OSError, target: Path) -> DiskError:
    """Return the error that ends a run whose own files cannot be written, whatever the reason."""
    reason = error.strerror or str(error)
    if error.errno in _NO_SPACE:
        return DiskError(
            f"disk full: {str(target)!r} could not be written ({reason})",
            "free some space or your quota, or write to another disk",
        )
    return DiskError(
        f"{str(target)!r} could not be written or read ({reason})",
        "see to it that the disk is there and the folder may be written to",
    )


def canonical_json(value: Any, *, indent: int | None = None) -> bytes:
    """Return the one UTF-8 JSON text of a value: sorted keys, shortest floats that round-trip.

    Parameters
    ----------
    value : JSON-ready value
        Dictionaries with string keys, lists, tuples, strings, finite numbers, booleans, None.
    indent : int, optional
        Spaces a level, for files that people read; one line by default.

    Returns
    -------
    bytes
        The text.

    Raises
    ------
    ValueError
        If a number is not finite, a key is no string, a text is no Unicode, or values are nested
        deeper than 20: `parse_json` would refuse the text.

    Examples
    --------
    >>> canonical_json({"b": 0.1, "a": [1, None]})
    b'{"a":[1,null],"b":0.1}'
    """
    _check_nested(value, 0)
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(
        value,
        sort_keys=True,
        separators=separators,
        indent=indent,
        ensure_ascii=False,
        allow_nan=False,
    )
    return text.encode("utf-8")


def parse_json(data: bytes) -> Any:
    """Read JSON strictly: UTF-8, no NaN or infinity, no key twice, at most 20 levels deep.

    Raises
    ------
    ValueError
        With the reason.

    Examples
    --------
    >>> parse_json(b'{"a": [1.5, true]}')
    {'a': [1.5, True]}
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique_pairs,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except RecursionError as error:
        raise ValueError(f"nested deeper than {MAX_DEPTH}") from error
    _check_nested(value, 0)
    return value


def read_json(path: str | Path) -> Any:
    """Read a JSON file as strictly as `parse_json`.

    Raises
    ------
    FileNotFoundError
        If there is none; the caller knows what the file was for.
    DataError
        If it is not strict JSON, or cannot be read.
    """
    found = named_instead(path)
    if found:
        message = f"{str(path)!r} cannot be read: it is {found}"
        raise DataError(message, "give a readable JSON file")
    try:
        return parse_json(Path(path).read_bytes())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise DataError(
            f"{str(path)!r} cannot be read: {error.strerror or error}", "give a readable JSON file"
        ) from error
    except ValueError as error:
        raise DataError(
            f"{str(path)!r} is not strict JSON: {error}", "give the file as rung wrote it"
        ) from error


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name in counts if counts[name] > 1)
        raise ValueError(f"key {twice!r} stands twice")
    return found


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:30]} is too large for a float64")
    return number


def _check_nested(value: Any, depth: int) -> None:
    """Refuse values nested too deep, keys that are no strings, and half characters."""
    if isinstance(value, str):
        value.encode("utf-8")
    if not isinstance(value, dict | list | tuple):
        return
    if depth == MAX_DEPTH:
        raise ValueError(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, dict):
        strange = [key for key in value if not isinstance(key, str)]
        if strange:
            raise ValueError(f"key {strange[0]!r} is not a string")
        "".join(value).encode("utf-8")
        value = value.values()
    for item in value:
        _check_nested(item, depth + 1)
