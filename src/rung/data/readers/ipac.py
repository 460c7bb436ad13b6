"""Read an IPAC table through astropy."""

from __future__ import annotations

from rung.data.readers.ascii_tables import read_ascii
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions


def read_ipac(source: Source, options: ReadOptions) -> RawTable:
    """Read an IPAC table."""
    return read_ascii(source, "ipac")


def is_ipac(head: bytes, suffix: str) -> bool:
    """Tell a file of this format by its first bytes."""
    if head.startswith(b"\\") and b"\n|" in head:
        return True
    lines = head.split(b"\n")[:2]
    return suffix in (".tbl", ".ipac") and all(line.startswith(b"|") for line in lines)


READER = Reader(
    name="ipac",
    title="IPAC table",
    suffixes=(".tbl", ".ipac"),
    recognises=is_ipac,
    read=read_ipac,
    needs=("astropy",),
    extra="science",
    is_isolated=True,
)
