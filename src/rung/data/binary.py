"""Read Parquet and Arrow tables, once their number of cells is known to be bearable."""

from __future__ import annotations

import io

import polars as pl

from rung.core.addresses import ensure_room
from rung.data.limits import refuse_cells, refuse_width
from rung.data.panics import explained

PARQUET, ARROW = b"PAR1", b"ARROW1"


def is_binary_table(raw: bytes) -> bool:
    """Tell whether bytes begin as a Parquet or Arrow file does."""
    return raw.startswith((PARQUET, ARROW))


def read_binary(raw: bytes, name: str, packed: int) -> pl.DataFrame:
    """Read the bytes of a Parquet or Arrow file.

    Parameters
    ----------
    raw : bytes
        The file, unpacked.
    name : str
        What to call it in messages.
    packed : int
        Bytes of the file on disk, which bound what its cells may take.

    Raises
    ------
    UnreadableFile
        If it is damaged, or holds far more cells than a file of its size should.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> pl.DataFrame({"a": [1, 2]}).write_ipc(buffer)
    >>> read_binary(buffer.getvalue(), "t.arrow", 100).height
    2
    """
    what, scan = ("Parquet", pl.scan_parquet) if raw[:4] == PARQUET else ("Arrow", pl.scan_ipc)
    with explained(f"{name!r} is a damaged {what} file", "get the file again"):
        lazy = scan(io.BytesIO(raw))
        columns = lazy.collect_schema().names()
        refuse_width(len(columns), name)
        # The number of rows stands in the file's description: no cell is read for it.
        n_rows = int(lazy.select(pl.len()).collect().item())
        refuse_cells(n_rows, len(columns), packed, name)
        ensure_room(4 * 8 * n_rows * len(columns))
        reader = pl.read_parquet if what == "Parquet" else pl.read_ipc
        return reader(io.BytesIO(raw))
