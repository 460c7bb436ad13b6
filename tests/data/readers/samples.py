"""Read a file in this process: what isolation adds is tested where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rung.data.readers.reader import Source, find_reader
from rung.data.table import RawTable, ReadOptions


def read(path: Path, **options: Any) -> RawTable:
    """Read a file by the reader that is found for it."""
    source = Source(path.name, path, packed=10**7)
    return find_reader(source).read(source, ReadOptions(**options))
