"""Read tables of SQLite databases; nothing is written into them."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import polars as pl

from rung.data.choosing import choose
from rung.data.limits import refuse_cells, refuse_width
from rung.data.names import unique_names
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions
from rung.errors import UnreadableFile
from rung.typing import Untyped


def read_sqlite(source: Source, options: ReadOptions) -> RawTable:
    """Read one table or view of a database."""
    with source.on_disk() as path:
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(address, uri=True)) as base:
                return _read(base, source, options.table or source.table)
        except sqlite3.Error as error:
            message = f"{source.name!r} cannot be read as a database: {error}"
            raise UnreadableFile(message, "get the file again") from error


def _read(base: sqlite3.Connection, source: Source, wanted: str) -> RawTable:
    base.text_factory = lambda raw: raw.decode("utf-8", "replace")
    listed = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
    names = [name for (name,) in base.execute(listed + " ORDER BY name")]
    counts = {name: f"{_count(base, name)} rows" for name in names}
    chosen = choose(counts, wanted, source.name, how="{file}::{table}")
    cursor = base.execute(f"SELECT * FROM {_quoted(chosen)}")
    given, renamed = unique_names([one[0] for one in cursor.description])
    refuse_width(len(given), source.name)
    refuse_cells(_count(base, chosen), len(given), source.packed, source.name)
    columns: list[list[Untyped]] = [list(cells) for cells in zip(*cursor, strict=True)]
    columns = columns or [[] for _ in given]
    frame = pl.DataFrame([_series(one, cells) for one, cells in zip(given, columns, strict=True)])
    return RawTable(frame, tuple(renamed))


def _count(base: sqlite3.Connection, name: str) -> int:
    return int(base.execute(f"SELECT COUNT(*) FROM {_quoted(name)}").fetchone()[0])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _series(name: str, cells: list[Untyped]) -> pl.Series:
    """Return a column; where kinds of cells are mixed, as SQLite allows, all become texts."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds <= {int, float}:
        return pl.Series(
            name, cells, dtype=pl.Int64 if kinds == {int} else pl.Float64, strict=False
        )
    return pl.Series(name, [None if one is None else str(one) for one in cells], dtype=pl.String)


READER = Reader(
    name="sqlite",
    title="SQLite",
    suffixes=(".sqlite", ".sqlite3", ".db", ".gpkg"),
    magic=(b"SQLite format 3\x00",),
    read=read_sqlite,
    is_isolated=True,
)
