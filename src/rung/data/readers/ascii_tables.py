"""Read the text formats of astronomers through astropy."""

from __future__ import annotations

from rung.data.astropy_tables import from_astropy
from rung.data.readers.reader import Source
from rung.data.table import RawTable


def read_ascii(source: Source, form: str, **options: str) -> RawTable:
    """Read a text table in a format that `astropy.io.ascii` knows by name."""
    from astropy.table import Table

    with source.on_disk() as path:
        return from_astropy(Table.read(path, format=f"ascii.{form}", **options), source.name)
