"""Read a table of attributes and relation (ARFF), as Weka and OpenML write them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

from rung.data.decode import to_utf8
from rung.data.readers.delimited import read_delimited
from rung.data.readers.reader import Reader, Source, accepted_titles
from rung.data.table import RawTable, ReadOptions
from rung.errors import UnreadableFile

_RELATION = re.compile(rb"(?im)^[ \t]*@relation\b")
_DATA = re.compile(rb"(?im)^[ \t]*@data\b.*$")
_COMMENT = re.compile(rb"(?m)^[ \t]*%.*$")
_ATTRIBUTE = re.compile(r"(?im)^[ \t]*@attribute\s+(?:'((?:[^'\\]|\\.)*)'|\"([^\"]*)\"|(\S+))")
_CELL = re.compile(r"\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|([^,\t]*?))\s*(?:[,\t]|$)")


def read_arff(source: Source, options: ReadOptions) -> RawTable:
    """Read the rows below `@data` under the names of the attributes.

    Raises
    ------
    UnreadableFile
        If it has no rows, or sparse ones.
    """
    text, findings = to_utf8(
        source.content(), source.name, options.encoding, accepted=accepted_titles()
    )
    start = _DATA.search(text)
    names = [next(filter(None, found), "") for found in _ATTRIBUTE.findall(text.decode())]
    if start is None or not names:
        raise UnreadableFile(
            f"{source.name!r} has {len(names)} lines @attribute and "
            f"{'no' if start is None else 'a'} line @data; accepted are both",
            "check the file",
        )
    body = _COMMENT.sub(b"", text[start.end() :]).strip(b"\n")
    if body.lstrip().startswith(b"{"):
        raise UnreadableFile(
            f"{source.name!r} has sparse rows (`{{1 5, 7 2}}`); accepted are rows with all cells",
            "write the table as CSV",
        )
    lines = [line for line in body.decode().split("\n") if line.strip()]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([name.replace("\\'", "'") for name in names])
    writer.writerows(map(cells_of_line, lines))
    declared = replace(options, delimiter=",", header=True, encoding="utf-8")
    table = read_delimited(written.getvalue().encode(), source.name, declared)
    return replace(table, findings=(*findings, *table.findings))


def cells_of_line(line: str) -> list[str]:
    r"""Part a row of such a file.

    Examples
    --------
    >>> cells_of_line(r"5.1, 'it\'s', ?")
    ['5.1', "it's", '?']
    """
    if "'" not in line and '"' not in line:
        return [cell.strip() for cell in line.split("," if "," in line else "\t")]
    found = _CELL.finditer(line)
    cells = [(one.group(1) or one.group(2) or one.group(3) or "", one.end()) for one in found]
    # A match of nothing at the end follows the last cell.
    is_open = line.rstrip().endswith(",")
    kept = cells if is_open or len(cells) < 2 or cells[-1][0] else cells[:-1]
    return [re.sub(r"\\(.)", r"\1", cell) for cell, _ in kept]


READER = Reader(
    name="arff",
    title="ARFF",
    suffixes=(".arff",),
    recognises=lambda head, suffix: bool(_RELATION.search(head)) and b"@" in head[:4096],
    read=read_arff,
)
