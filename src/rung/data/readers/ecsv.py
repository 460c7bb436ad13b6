"""Read an ECSV table through astropy."""

from __future__ import annotations

from rung.data.readers.ascii_tables import read_ascii
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions


def read_ecsv(source: Source, options: ReadOptions) -> RawTable:
    """Read an ECSV table."""
    return read_ascii(source, "ecsv")


def is_ecsv(head: bytes, suffix: str) -> bool:
    """Tell a file of this format by its first bytes."""
    return head.startswith(b"# %ECSV")


READER = Reader(
    name="ecsv",
    title="ECSV",
    suffixes=(".ecsv",),
    recognises=is_ecsv,
    read=read_ecsv,
    needs=("astropy",),
    extra="science",
    is_isolated=True,
)
