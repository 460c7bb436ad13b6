"""Read a catalogue of SExtractor through astropy."""

from __future__ import annotations

from rung.data.ascii_tables import read_ascii
from rung.data.readers.reader import Reader, Source
from rung.data.table import RawTable, ReadOptions


def read_sextractor(source: Source, options: ReadOptions) -> RawTable:
    """Read a catalogue of SExtractor."""
    return read_ascii(source, "sextractor")


def is_sextractor(head: bytes, suffix: str) -> bool:
    """Tell a file of this format by its first bytes."""
    return head.startswith((b"#   1 ", b"# 1 ", b"#  1 ")) and b"\\n#   2 " in head.replace(
        b"\\n# 2 ", b"\\n#   2 "
    ).replace(b"\\n#  2 ", b"\\n#   2 ")


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
