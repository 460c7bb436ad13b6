"""Read arrays that numpy saved; those that hold objects, which are code, are refused."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping

import numpy as np
import polars as pl

from rung.core.findings import Finding
from rung.data.choosing import choose
from rung.data.frames import to_series
from rung.data.limits import read_all, refuse_width
from rung.data.names import numbered, unique_names
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions
from rung.data.unpack import ZIP
from rung.errors import UnreadableFile
from rung.typing import Array

ONE, MEMBER = b"\x93NUMPY", b".npy"
# What the array of a file without members is called.
ALONE = "array"
# A member's name stands behind a header of this size, which holds its length here.
_HEADER, _LENGTH = 30, slice(26, 28)


def read_numpy(source: Source, options: ReadOptions) -> RawTable:
    """Read an array of two dimensions or of records, or arrays with equally many rows."""
    raw = source.content()
    alone = {ALONE: _array(raw, "", source.name)} if raw.startswith(ONE) else {}
    arrays = alone or _members(raw, source)
    found = {name: one for name, one in arrays.items() if one.ndim in (1, 2)}
    tables: dict[int, dict[str, Array]] = {}
    for name, one in found.items():
        tables.setdefault(len(one), {})[name] = one
    by_first = {next(iter(one)): one for one in tables.values()}
    known = {name: _in_words(one) for name, one in by_first.items()}
    chosen = choose(known, options.table or source.table, source.name, how="{file}::{table}")
    columns = _columns(by_first[chosen], source.name)
    names, renamed = unique_names(list(columns))
    series = [to_series(name, one) for name, one in zip(names, columns.values(), strict=True)]
    return RawTable(pl.DataFrame(series), (*renamed, *_left_out(arrays, found)))


def _in_words(arrays: Mapping[str, Array]) -> str:
    n_rows = len(next(iter(arrays.values())))
    return f"{n_rows} rows of {', '.join(arrays)}"


def _members(raw: bytes, source: Source) -> dict[str, Array]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {
            name.removesuffix(MEMBER.decode()): _array(
                _content(archive, name, source), name, source.name
            )
            for name in archive.namelist()
            if name.endswith(MEMBER.decode())
        }


def _content(archive: zipfile.ZipFile, name: str, source: Source) -> bytes:
    with archive.open(name) as member:
        return read_all(member, source.packed, f"{source.name}:{name}")


def _array(raw: bytes, member: str, file: str) -> Array:
    """Return the array in bytes that hold all of it; its header may claim what it likes."""
    stream = io.BytesIO(raw)
    version = np.lib.format.read_magic(stream)
    read = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in read:
        raise UnreadableFile(
            f"{file!r} is of version {version} of numpy's format; accepted is 1 or 2"
        )
    shape, is_by_column, dtype = read[version](stream)
    inside = f" (its member {member!r})" if member else ""
    if dtype.hasobject:
        raise UnreadableFile(
            f"{file!r}{inside} holds objects of Python, which are code; accepted are numbers and "
            "texts",
            "save an array with a type of numbers, or of texts: array.astype('U')",
        )
    start, claimed = stream.tell(), math.prod(shape) * dtype.itemsize
    if len(raw) - start != claimed or not dtype.itemsize:
        raise UnreadableFile(
            f"{file!r}{inside} is damaged: its header says {shape} of {dtype}, which are "
            f"{claimed:,} bytes, and {len(raw) - start:,} are there",
            "get the file again",
        )
    values = np.frombuffer(raw, dtype, offset=start)
    return values.reshape(shape, order="F" if is_by_column else "C")


def _columns(arrays: Mapping[str, Array], file: str) -> dict[str, Array]:
    """Return columns: fields of records, columns of matrices, and vectors as they are."""
    columns: dict[str, Array] = {}
    for name, one in arrays.items():
        fields = one.dtype.names or ()
        if fields and one.ndim == 1:
            parts = {
                f"{name}_{field}" if field in columns else field: one[field] for field in fields
            }
        elif one.ndim == 1:
            parts = {numbered(1)[0] if name == ALONE else name: one}
        else:
            refuse_width(one.shape[1], file)
            called = numbered(one.shape[1])
            if name != ALONE:
                called = [f"{name}_{i + 1}" for i in range(one.shape[1])]
            parts = dict(zip(called, one.T, strict=True))
        columns |= {key: part for key, part in parts.items() if part.ndim == 1}
    return columns


def _left_out(arrays: Mapping[str, Array], found: Mapping[str, Array]) -> list[Finding]:
    names = tuple(name for name in arrays if name not in found)
    if not names:
        return []
    message = (
        f"{', '.join(map(repr, names[:5]))} are no columns: they have neither 1 nor 2 dimensions"
    )
    return [Finding("unsupported", "warning", names, message, "left out")]


def is_numpy(head: bytes, suffix: str) -> bool:
    r"""Tell an array, or a zip file of which the first member is one.

    Examples
    --------
    >>> is_numpy(b"\x93NUMPY\x01\x00", ".dat"), is_numpy(b"a,b", ".npy")
    (True, False)
    """
    length = int.from_bytes(head[_LENGTH], "little")
    is_zip = head.startswith(ZIP) and head[_HEADER : _HEADER + length].endswith(MEMBER)
    return head.startswith(ONE) or is_zip


READER = Reader(
    name="numpy",
    title="numpy",
    suffixes=(".npy", ".npz"),
    recognises=is_numpy,
    read=read_numpy,
    is_isolated=True,
)
