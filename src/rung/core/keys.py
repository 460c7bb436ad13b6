"""Give every row a key: the bytes that decide where it goes, whatever its place in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rung.core.dataset import Column, Dataset
from rung.typing import Array

NO_STRING = b"\xff\xff\xff\xff"
BLOCK_ROWS = 65_536


@dataclass(frozen=True)
class KeyColumn:
    """Name a column that makes up keys, and how its values become bytes.

    `number` is float32 (one NaN, -0 = 0), so that a value survives being written with fewer
    digits; `time` is float64 seconds; `string` is its length and its UTF-8 bytes.
    """

    name: str
    form: Literal["number", "time", "string"]


@dataclass(frozen=True)
class Keys:
    """Hold the distinct keys of a table.

    Attributes
    ----------
    distinct : list of bytes
        Each key once, in the order of its first row.
    of_row : ndarray of int, shape (n_rows,)
        Index into `distinct`.
    """

    distinct: list[bytes]
    of_row: Array

    @property
    def sizes(self) -> Array:
        """Rows of each key, shape (n_keys,)."""
        return np.bincount(self.of_row, minlength=len(self.distinct))


def key_column(column: Column) -> KeyColumn:
    """Return how this column takes part in keys."""
    if column.is_coded:
        return KeyColumn(column.name, "string")
    return KeyColumn(column.name, "time" if column.kind == "datetime" else "number")


def key_bytes(
    dataset: Dataset, columns: Sequence[KeyColumn], *, is_exact: bool = False
) -> list[bytes]:
    """Write the key of every row.

    Parameters
    ----------
    dataset : Dataset
        Rows to write.
    columns : sequence of KeyColumn
        Columns that make up the key; they are taken in the order of their names.
    is_exact : bool, default False
        Write numbers as float64, so that only equal rows have equal bytes.

    Returns
    -------
    list of bytes
        One key a row.
    """
    return list(_rows_of_bytes(dataset, columns, is_exact=is_exact))


def _rows_of_bytes(
    dataset: Dataset, columns: Sequence[KeyColumn], *, is_exact: bool
) -> Iterator[bytes]:
    """Yield the key of every row, so many at a time: single cells take much memory as bytes."""
    ordered = sorted(columns, key=lambda column: column.name)
    tables = {c.name: _level_bytes(dataset, c.name) for c in ordered if c.form == "string"}
    for start in range(0, dataset.n_rows, BLOCK_ROWS):
        block = slice(start, min(start + BLOCK_ROWS, dataset.n_rows))
        pieces = [
            [tables[column.name][code] for code in dataset.values[column.name][block].tolist()]
            if column.form == "string"
            else _number_bytes(
                dataset.values[column.name][block], column.form == "time" or is_exact
            )
            for column in ordered
        ]
        yield from (
            (b"".join(row) for row in zip(*pieces, strict=True))
            if pieces
            else (b"" for _ in range(block.stop - block.start))
        )


def _number_bytes(values: Array, is_double: bool) -> list[bytes]:
    with np.errstate(over="ignore"):
        numbers = np.ascontiguousarray(values.astype("<f8" if is_double else "<f4"))
    numbers = numbers + numbers.dtype.type(0)  # -0 + 0 = 0
    numbers[np.isnan(numbers)] = np.nan
    raw: list[bytes] = numbers.view(f"V{numbers.dtype.itemsize}").tolist()
    return raw


def _level_bytes(dataset: Dataset, name: str) -> list[bytes]:
    """Return the bytes of each code; the last, which -1 finds, is for missing cells."""
    encoded = [level.encode("utf-8") for level in dataset.column(name).levels]
    return [len(text).to_bytes(4, "little") + text for text in encoded] + [NO_STRING]


def find_keys(rows: Sequence[bytes]) -> Keys:
    """Find the distinct keys and number them in the order of their first row.

    Examples
    --------
    >>> find_keys([b"a", b"b", b"a"]).of_row.tolist()
    [0, 1, 0]
    """
    index: dict[bytes, int] = {}
    of_row = np.fromiter((index.setdefault(key, len(index)) for key in rows), np.int64, len(rows))
    return Keys(list(index), of_row)


def content_digests(dataset: Dataset) -> list[bytes]:
    """Return a digest of every row's whole content, all columns included."""
    columns = [key_column(column) for column in dataset.columns]
    rows = _rows_of_bytes(dataset, columns, is_exact=True)
    return [hashlib.blake2b(row, digest_size=16).digest() for row in rows]


def content_order(digests: Sequence[bytes]) -> Array:
    """Return the order of rows by content, so that a shuffled file gives the same table.

    Rows that tie are equal in every column; they keep their order.
    """
    order = sorted(range(len(digests)), key=digests.__getitem__)
    return np.array(order, dtype=np.int64)


def fingerprint(dataset: Dataset, digests: Sequence[bytes]) -> str:
    """Digest names and rows, whatever the rows' order: 32 hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=16)
    for column in sorted(dataset.columns, key=lambda column: column.name):
        digest.update(repr((column.name, column.kind)).encode())
    for row in sorted(digests):
        digest.update(row)
    return digest.hexdigest()
