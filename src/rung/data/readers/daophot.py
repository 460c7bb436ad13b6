"""Read a table of DAOphot through astropy."""

from __future__ import annotations

from rung.data.readers.ascii_tables import read_ascii
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions


def read_daophot(source: Source, options: ReadOptions) -> RawTable:
    """Read a table of DAOphot."""
    return read_ascii(source, "daophot")


def is_daophot(head: bytes, suffix: str) -> bool:
    """Tell a file of this format by its first bytes."""
    return head.startswith(b"#K") and b"\n#N" in head


READER = Reader(
    name="daophot",
    title="DAOphot",
    suffixes=(),
    recognises=is_daophot,
    read=read_daophot,
    needs=("astropy",),
    extra="science",
    is_isolated=True,
)
