"""Read files of Stata, SPSS and SAS through pyreadstat."""

from __future__ import annotations

from rung.data.frames import to_polars
from rung.data.limits import refuse_cells, refuse_width
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions
from rung.errors import UnreadableFile
from rung.typing import Untyped

SUFFIXES = (".dta", ".sav", ".zsav", ".por", ".sas7bdat", ".xpt")
_STATA = (
    b"<stata_dta>",
    b"\x71\x01",
    b"\x71\x02",
    b"\x72\x01",
    b"\x72\x02",
    b"\x73\x01",
    b"\x73\x02",
)
_MAGIC = {
    b"$FL2": "sav",
    b"$FL3": "sav",
    b"HEADER RECORD*******LIBRARY HEADER": "xport",
    b"HEADER RECORD*******LIBV8": "xport",
    b"\x00" * 12 + b"\xc2\xea\x81\x60": "sas7bdat",
    **dict.fromkeys(_STATA, "dta"),
}


def read_statistics(source: Source, options: ReadOptions) -> RawTable:
    """Read a file of a statistics program: labels of values become words, labels of columns titles."""
    import pyreadstat

    form = form_of(source.head(), source.suffix)
    reader: Untyped = getattr(pyreadstat, f"read_{form}")
    # Of SAS, labels stand in a file of their own.
    labelled = {"apply_value_formats": True} if form in ("dta", "sav", "por") else {}
    with source.on_disk() as path:
        _, described = reader(str(path), metadataonly=True)
        refuse_width(described.number_columns, source.name)
        n_rows = int(described.number_rows or 0)  # not every form says it
        refuse_cells(n_rows, described.number_columns, source.packed, source.name)
        frame, described = reader(str(path), **labelled)
    if not len(frame.columns):
        raise UnreadableFile(f"{source.name!r} has no columns")
    found, _, findings = to_polars(frame)
    labels = described.column_names_to_labels
    titles = {str(name): str(said) for name, said in labels.items() if said and said != name}
    return RawTable(found, tuple(findings), titles=titles)


def form_of(head: bytes, suffix: str) -> str:
    """Return the name by which pyreadstat knows a format, or an empty string.

    Examples
    --------
    >>> form_of(b"$FL2@(#)", ".sav"), form_of(b"a,b", ".csv")
    ('sav', '')
    """
    found = next((form for magic, form in _MAGIC.items() if head.startswith(magic)), "")
    if found == "dta" and not head.startswith(b"<") and suffix != ".dta":
        return ""
    return found or ("por" if suffix == ".por" else "")


def is_statistics(head: bytes, suffix: str) -> bool:
    """Tell a file of a statistics program."""
    return bool(form_of(head, suffix))


READER = Reader(
    name="statistics",
    title="Stata, SPSS or SAS",
    suffixes=SUFFIXES,
    recognises=is_statistics,
    read=read_statistics,
    needs=("pyreadstat", "pandas"),
    extra="science",
    is_isolated=True,
)
