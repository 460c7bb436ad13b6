"""Read a catalogue of SExtractor through astropy."""

from __future__ import annotations

import re

from rung.data.readers.ascii_tables import read_ascii
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions

_NUMBERED = re.compile(rb"#\s+1\s+[A-Za-z]\w*[^\n]*\n#\s+[2-9]\s+[A-Za-z]")


def read_sextractor(source: Source, options: ReadOptions) -> RawTable:
    """Read a catalogue of SExtractor."""
    return read_ascii(source, "sextractor")


def is_sextractor(head: bytes, suffix: str) -> bool:
    """Tell a file of this format by its first bytes."""
    return bool(_NUMBERED.match(head))


READER = Reader(
    name="sextractor",
    title="SExtractor",
    suffixes=(".cat",),
    recognises=is_sextractor,
    read=read_sextractor,
    needs=("astropy",),
    extra="science",
    is_isolated=True,
)
