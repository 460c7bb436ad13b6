"""Read VOTable files through astropy."""

from __future__ import annotations

from rung.data.astropy_tables import from_astropy
from rung.data.choosing import choose
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions


def read_votable(source: Source, options: ReadOptions) -> RawTable:
    """Read one table of a VOTable file."""
    from astropy.io import votable

    with source.on_disk() as path:
        parsed = votable.parse(path, verify="ignore")
    tables = list(parsed.iter_tables())
    names = [one.name or one.ID or str(i) for i, one in enumerate(tables, start=1)]
    unique = [name if names.count(name) == 1 else str(i) for i, name in enumerate(names, start=1)]
    known = {name: f"{len(one.array)} rows" for name, one in zip(unique, tables, strict=True)}
    chosen = choose(known, options.table or source.table, source.name)
    return from_astropy(tables[unique.index(chosen)].to_table(use_names_over_ids=True), source.name)


def is_votable(head: bytes, suffix: str) -> bool:
    """Tell a VOTable by its first element."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<VOTABLE")) and (
        b"<VOTABLE" in head
    )


READER = Reader(
    name="votable",
    title="VOTable",
    suffixes=(".vot", ".votable", ".xml"),
    recognises=is_votable,
    read=read_votable,
    needs=("astropy",),
    extra="science",
    is_isolated=True,
)
