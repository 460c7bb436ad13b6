"""Read a table of CDS or of the AAS journals through astropy."""

from __future__ import annotations

from rung.data.readers.ascii_tables import read_ascii
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions


def read_cds(source: Source, options: ReadOptions) -> RawTable:
    """Read a table of CDS or of the AAS journals."""
    return read_ascii(source, "cds")


def is_cds(head: bytes, suffix: str) -> bool:
    """Tell a file of this format by its first bytes."""
    is_list = suffix in ("", ".me") or (
        b"\nDescription:" in head[:4096] and b"File Summary:" in head
    )
    return b"Byte-by-byte Description of file" in head and not is_list


READER = Reader(
    name="cds",
    title="CDS or MRT (machine-readable table)",
    suffixes=(".mrt", ".cds"),
    recognises=is_cds,
    read=read_cds,
    needs=("astropy",),
    extra="science",
    is_isolated=True,
)
