"""Bound what a file may become when it is read: a small one can stand for terabytes."""

from __future__ import annotations

from typing import Protocol

from rung.core.memory import GB, MB, say_bytes
from rung.errors import UnreadableFile

# Tables seldom shrink to less than a fiftieth; what zeros shrink to a thousandth is a bomb.
TIMES, LEAST, MOST = 100, 250 * MB, 8 * GB
MOST_COLUMNS = 100_000
BLOCK = 1 << 20


class Stream(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """Return at most so many bytes; none at the end."""


def room_for(packed: int) -> int:
    """Return how many bytes a file of so many packed bytes may unpack to.

    Examples
    --------
    >>> room_for(1_000) == 250 * MB, room_for(10 * MB) == GB, room_for(GB) == 8 * GB
    (True, True, True)
    """
    return min(max(TIMES * packed, LEAST), MOST)


def read_all(stream: Stream, packed: int, name: str) -> bytes:
    """Read a stream to its end, unless it grows beyond its room.

    Examples
    --------
    >>> import io
    >>> read_all(io.BytesIO(b"a,b"), 3, "t.csv.gz")
    b'a,b'
    """
    room, pieces, size = room_for(packed), [], 0
    while piece := stream.read(BLOCK):
        size += len(piece)
        if size > room:
            raise too_large(name, packed, f"more than {say_bytes(room)}")
        pieces.append(piece)
    return b"".join(pieces)


def refuse_cells(n_rows: int, n_columns: int, packed: int, name: str) -> None:
    """Raise if the cells of a binary table would not fit into its room."""
    needed = 8 * n_rows * n_columns
    if needed > room_for(packed):
        raise too_large(name, packed, f"about {say_bytes(needed)}")


def refuse_width(n_columns: int, name: str) -> None:
    """Raise if a table has more columns than can be read.

    Examples
    --------
    >>> refuse_width(20_000, "genes.csv")
    """
    if n_columns > MOST_COLUMNS:
        raise UnreadableFile(
            f"{name!r} has {n_columns:,} columns; accepted are {MOST_COLUMNS:,} at most",
            "if rows and columns are exchanged, turn the table; else leave columns out",
        )


def too_large(name: str, packed: int, size: str) -> UnreadableFile:
    """Return the error for a file of which much more comes out than is in it."""
    return UnreadableFile(
        f"{name!r} unpacks to {size}; accepted are {say_bytes(room_for(packed))}, as it has "
        f"{say_bytes(packed)} packed ({TIMES} times that, at least {say_bytes(LEAST)} and at "
        f"most {say_bytes(MOST)})",
        "if it is what you expect, unpack it first and give fewer rows or columns",
    )
