"""Read tables of CDS (VizieR) and of the AAS journals through astropy.

What the columns are stands above the rows, or in a file `ReadMe` beside them.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

from rung.data.readers.ascii_tables import read_ascii
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions

README = "ReadMe"
LONGEST = 4_000_000
_DESCRIBED = re.compile(rb"Byte-by-byte Description of file(?:\(s\))?:\s*(.+)")


def read_cds(source: Source, options: ReadOptions) -> RawTable:
    """Read a table of CDS or of the AAS journals."""
    if source.path is not None and is_described(source.path):
        return read_ascii(source, "cds", readme=str(source.path.with_name(README)))
    return read_ascii(source, "cds")


def is_described(path: Path) -> bool:
    """Tell whether a `ReadMe` beside a file says what its columns are."""
    beside = path.with_name(README)
    if path.name == README or not beside.is_file() or beside.stat().st_size > LONGEST:
        return False
    named = (line.decode(errors="replace") for line in _DESCRIBED.findall(beside.read_bytes()))
    return any(fnmatch(path.name, word.strip(" ,")) for line in named for word in line.split())


def is_cds(head: bytes, suffix: str) -> bool:
    """Tell a file with rows below the description of their bytes; a `ReadMe` has several."""
    is_list = suffix in ("", ".me")
    return b"Byte-by-byte Description of file" in head and not is_list


READER = Reader(
    name="cds",
    title="CDS or MRT (machine-readable table)",
    suffixes=(".mrt", ".cds"),
    recognises=is_cds,
    describes=is_described,
    read=read_cds,
    needs=("astropy",),
    extra="science",
    is_isolated=True,
)
