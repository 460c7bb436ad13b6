"""Choose rows at random while a table passes by: those with the smallest hashes.

A hash is made of the seed and of the row's number, or of what names its group. So the choice depends
on neither the size of the pieces that pass by nor on threads, and rows of one group stay together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import polars as pl

from rung.typing import Array

# Vigna's SplitMix64: a sequence of numbers without visible order, from numbers in a row.
_STEP, _FIRST, _SECOND = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xBF58476D1CE4E5B9),
    np.uint64(0x94D049BB133111EB),
)
_PARTED = "\x1f"


def row_hashes(start: int, n_rows: int, seed: int) -> Array:
    """Return a hash of each row's number, uint64.

    Source
    ------
    Steele, Lea & Flood (2014), OOPSLA, with Stafford's constants. NOTE[DIFF]: none.

    Examples
    --------
    >>> row_hashes(0, 2, 0)
    array([16294208416658607535,  7960286522194355700], dtype=uint64)
    """
    with np.errstate(over="ignore"):
        key = np.uint64(int.from_bytes(_digest(str(seed), 0))) if seed else np.uint64(0)
        x = (np.arange(start + 1, start + n_rows + 1, dtype=np.uint64) + key) * _STEP
        x = (x ^ (x >> np.uint64(30))) * _FIRST
        x = (x ^ (x >> np.uint64(27))) * _SECOND
        mixed: Array = x ^ (x >> np.uint64(31))
    return mixed


def group_hashes(frame: pl.DataFrame, names: Sequence[str], seed: int) -> Array:
    """Return for each row a hash of what names its group, uint64.

    Examples
    --------
    >>> found = group_hashes(pl.DataFrame({"night": [7, 8, 7]}), ["night"], 0)
    >>> bool(found[0] == found[2] != found[1])
    True
    """
    parts = [pl.col(name).cast(pl.String).fill_null(_PARTED) for name in names]
    keys = frame.select(pl.concat_str(parts, separator=_PARTED)).to_series()
    known = keys.unique()
    hashes = [int.from_bytes(_digest(key, seed)) for key in known]
    found = keys.replace_strict(known, pl.Series(hashes, dtype=pl.UInt64))
    return found.to_numpy()


def _digest(text: str, seed: int) -> bytes:
    return hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), digest_size=8, salt=seed.to_bytes(16)
    ).digest()


class SmallestHashes:
    """Keep the rows with the smallest hashes of all that pass by.

    Parameters
    ----------
    most : int
        How many to keep. Rows with one hash are kept together or not at all, so that fewer are kept
        where the next group would be too many.

    Examples
    --------
    >>> kept = SmallestHashes(2)
    >>> kept.add(pl.DataFrame({"x": [5, 6, 7]}), np.array([9, 2, 4], dtype=np.uint64))
    >>> frame, rows = kept.chosen()
    >>> frame["x"].to_list(), rows.tolist()
    ([6, 7], [1, 2])
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._frames: list[pl.DataFrame] = []
        self._hashes: list[Array] = []
        self._rows: list[Array] = []
        self._held = 0
        self._limit: np.uint64 | None = None
        self.n_rows = 0

    def add(self, frame: pl.DataFrame, hashes: Array) -> None:
        """Look at the next rows of the table."""
        rows = np.arange(self.n_rows, self.n_rows + frame.height)
        self.n_rows += frame.height
        if self._limit is not None:
            near = np.flatnonzero(hashes < self._limit)
            frame, hashes, rows = frame[near], hashes[near], rows[near]
        if not frame.height:
            return
        self._frames.append(frame)
        self._hashes.append(hashes)
        self._rows.append(rows)
        self._held += frame.height
        if self._held > self._most + self._most // 4:
            self._drop()

    def chosen(self) -> tuple[pl.DataFrame, Array]:
        """Return the rows that are kept, and their numbers, in the order of the table."""
        self._drop()
        return self._frames[0], self._rows[0]

    def _drop(self) -> None:
        hashes, rows = np.concatenate(self._hashes), np.concatenate(self._rows)
        frame = pl.concat(self._frames, how="vertical_relaxed", rechunk=True)
        if len(hashes) > self._most:
            # the first row too many takes its whole group with it
            self._limit = np.partition(hashes, self._most)[self._most]
            near = np.flatnonzero(hashes < self._limit)
            frame, hashes, rows = frame[near], hashes[near], rows[near]
        self._frames, self._hashes, self._rows = [frame], [hashes], [rows]
        self._held = frame.height
