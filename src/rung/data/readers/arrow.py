"""Read Arrow files, also called Feather version 2."""

from __future__ import annotations

from rung.data.binary import ARROW, read_binary
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions


def read_arrow(source: Source, options: ReadOptions) -> RawTable:
    """Read an Arrow file."""
    return RawTable(read_binary(source.content(), source.name, source.packed))


READER = Reader(
    name="arrow",
    title="Arrow or Feather",
    suffixes=(".arrow", ".feather", ".ipc"),
    magic=(ARROW,),
    read=read_arrow,
    is_isolated=True,
)
