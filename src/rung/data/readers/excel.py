"""Read sheets of Excel and OpenDocument through calamine."""

from __future__ import annotations

import csv
import io

from rung.core.findings import Finding
from rung.data.choosing import choose
from rung.data.readers.delimited import read_delimited
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions
from rung.errors import UnreadableFile

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_excel(source: Source, options: ReadOptions) -> RawTable:
    """Read one sheet: titles above the names, units and notes are found as in a text."""
    import fastexcel

    with source.on_disk() as path:
        book = fastexcel.read_excel(path)
        known = {}
        for name in book.sheet_names:
            sheet = book.load_sheet(name, header_row=None, dtypes="string")
            if sheet.total_height and sheet.width:
                known[name] = f"{sheet.total_height} rows"
        wanted = options.table or source.table
        chosen = choose(known, wanted, source.name, how="{file}::{table}")
        frame = book.load_sheet(chosen, header_row=None, dtypes="string").to_polars()
    if frame.height == 0:
        raise UnreadableFile(f"sheet {chosen!r} of {source.name!r} is empty")
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        ["" if cell is None else str(cell) for cell in row] for row in frame.iter_rows()
    )
    plain = ReadOptions(
        delimiter=",",
        header=options.header,
        skip_lines=options.skip_lines,
        comment=options.comment,
        may_be_empty=options.may_be_empty,
        encoding="utf-8",
    )
    table = read_delimited(out.getvalue().encode(), source.name, plain)
    found = Finding("sheet", "info", (), f"sheet {chosen!r} was read", "")
    return RawTable(table.frame, (found, *table.findings), ".", table.units, table.titles)


def is_excel(head: bytes, suffix: str) -> bool:
    """Tell a spreadsheet: a zip file with sheets inside, or the older format."""
    if head.startswith(OLD):
        return True
    return head.startswith(b"PK\x03\x04") and (
        b"xl/" in head or b"opendocument.spreadsheet" in head
    )


READER = Reader(
    name="excel",
    title="Excel or OpenDocument sheet",
    suffixes=(".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"),
    recognises=is_excel,
    read=read_excel,
    needs=("fastexcel",),
    extra="science",
    is_isolated=True,
)
