"""Read FITS tables, binary and ASCII, through astropy."""

from __future__ import annotations

from rung.data.astropy_tables import from_astropy
from rung.data.choosing import choose
from rung.data.limits import refuse_cells
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions
from rung.errors import UnreadableFile
from rung.typing import Untyped


def read_fits(source: Source, options: ReadOptions) -> RawTable:
    """Read one table of a FITS file: scaled, with what its header calls missing left empty."""
    from astropy.io import fits
    from astropy.table import Table

    with source.on_disk() as path, fits.open(path, memmap=False) as hdus:
        place = _place(hdus, options.table or source.table, source.name)
        hdu = hdus[place]
        widths = sum(_repeat(one.format) for one in hdu.columns)
        refuse_cells(int(hdu.header["NAXIS2"]), max(widths, 1), source.packed, source.name)
        table = Table.read(hdu, unit_parse_strict="silent")
        for i, column in enumerate(hdu.columns, start=1):
            said = hdu.header.get(f"TCOMM{i}") or hdu.header.comments[f"TTYPE{i}"]
            if column.name in table.colnames and said and not _is_idle(str(said)):
                table[column.name].info.description = str(said)
            if column.name in table.colnames and column.unit:
                table[column.name].info.unit = table[column.name].info.unit or str(column.unit)
    return from_astropy(table, source.name)


def _place(hdus: Untyped, wanted: str, name: str) -> int:
    """Return the place of the table that is wanted; a number counts extensions, as FITS does."""
    places = {
        f"{i}:{hdu.name}" if hdu.name else str(i): i
        for i, hdu in enumerate(hdus)
        if hdu.header.get("XTENSION", "").strip() in ("BINTABLE", "TABLE", "A3DTABLE")
    }
    if not places:
        raise UnreadableFile(
            f"{name!r} holds {len(hdus)} parts, and none is a table; accepted is a FITS file with "
            "a table, binary or ASCII",
            "images are no table: measure what you need in them first",
        )
    for key, place in places.items():
        if wanted and wanted.lower() in (str(place), key.partition(":")[2].lower()):
            return place
    tables = {
        str(place): ", ".join(
            filter(None, (key.partition(":")[2], f"{hdus[place].header['NAXIS2']} rows"))
        )
        for key, place in places.items()
    }
    if wanted:
        listed = "; ".join(f"{place} ({what})" for place, what in tables.items())
        raise UnreadableFile(
            f"{name!r} has no table in extension {wanted!r}; it holds {listed}", "name one of these"
        )
    return int(choose(tables, "", name))


def _repeat(form: str) -> int:
    digits = str(form).strip()
    digits = digits[: len(digits) - len(digits.lstrip("0123456789"))]
    return int(digits) if digits and str(form).strip()[len(digits) : len(digits) + 1] != "A" else 1


def _is_idle(comment: str) -> bool:
    """Tell whether a header's comment says nothing of the column."""
    return comment.lower().startswith(("label for ", "name of field", "field name"))


READER = Reader(
    name="fits",
    title="FITS",
    suffixes=(".fits", ".fit", ".fts"),
    magic=(b"SIMPLE  =",),
    read=read_fits,
    needs=("astropy",),
    extra="science",
    is_isolated=True,
)
