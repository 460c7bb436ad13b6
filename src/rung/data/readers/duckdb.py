"""Read tables of DuckDB databases; nothing is written into them."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from rung.data.choosing import choose
from rung.data.frames import to_series
from rung.data.limits import refuse_cells
from rung.data.names import unique_names
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions


def read_duckdb(source: Source, options: ReadOptions) -> RawTable:
    """Read one table or view of a database, without its access to other files."""
    import duckdb

    settings: dict[str, Any] = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
    }
    with (
        source.on_disk() as path,
        duckdb.connect(str(path), read_only=True, config=settings) as base,
    ):
        listed = base.execute(
            "SELECT table_name FROM information_schema.tables ORDER BY table_name"
        ).fetchall()
        counts = {}
        for (name,) in listed:
            (counted,) = base.execute(f"SELECT COUNT(*) FROM {_quoted(name)}").fetchall()
            counts[str(name)] = f"{counted[0]} rows"
        wanted = options.table or source.table
        chosen = choose(counts, wanted, source.name, how="{file}::{table}")
        result = base.execute(f"SELECT * FROM {_quoted(chosen)}")
        names, renamed = unique_names([one[0] for one in result.description])
        refuse_cells(int(counts[chosen].split()[0]), len(names), source.packed, source.name)
        columns = result.fetchnumpy().values()
    series = [
        to_series(one, np.asarray(values)) for one, values in zip(names, columns, strict=True)
    ]
    return RawTable(pl.DataFrame(series), tuple(renamed))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def is_duckdb(head: bytes, suffix: str) -> bool:
    """Tell a DuckDB file by the four letters that follow its first checksum."""
    return head[8:12] == b"DUCK"


READER = Reader(
    name="duckdb",
    title="DuckDB",
    suffixes=(".duckdb",),
    recognises=is_duckdb,
    read=read_duckdb,
    needs=("duckdb",),
    extra="science",
    is_isolated=True,
)
