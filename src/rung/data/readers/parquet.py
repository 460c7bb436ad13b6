"""Read Parquet files."""

from __future__ import annotations

from rung.data.binary import PARQUET, read_binary
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions


def read_parquet(source: Source, options: ReadOptions) -> RawTable:
    """Read a Parquet file."""
    return RawTable(read_binary(source.content(), source.name, source.packed))


READER = Reader(
    name="parquet",
    title="Parquet",
    suffixes=(".parquet", ".pq"),
    magic=(PARQUET,),
    read=read_parquet,
    is_isolated=True,
)
