"""Read a table piece by piece, so that no more than a piece is in memory.

Parquet files are read in slices; texts in blocks that end with a record. How a text is written is
found by the usual reader in its beginning, and checked: it must give the same cells as the reading
in blocks does.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from rung.core.memory import MB
from rung.data.folders import refuse_other_columns
from rung.data.limits import refuse_width
from rung.data.panics import explained
from rung.data.readers.delimited import read_delimited
from rung.data.readers.scan import scan_records
from rung.data.table import RawTable, ReadOptions
from rung.errors import UnreadableFile

PIECE_BYTES, BLOCK_BYTES, HEAD_BYTES = 16 * MB, 8 * MB, MB
FIRST_ROWS = 65_536
DELIMITERS = (",", "\t", ";", "|", " ")
QUOTE = b'"'
MOST_STEPS_BACK = 10_000
REMEDY = "convert it to Parquet, or read it whole with a larger --memory"


@dataclass(frozen=True)
class Pieces:
    """A file that is read piece by piece.

    Attributes
    ----------
    first : RawTable
        Its first rows, with what reading found: findings, units.
    read : callable
        Yields all its rows in pieces, in order.
    text_bytes : float
        What the texts of a row take.
    n_rows : float
        Rows; of a text an estimate.
    """

    first: RawTable
    read: Callable[[], Iterator[pl.DataFrame]]
    text_bytes: float
    n_rows: float


def parquet_pieces(path: Path, options: ReadOptions) -> Pieces:
    """Look into a Parquet file, of which only the description and the first rows are read."""
    with _explained(path):
        n_rows = int(pl.scan_parquet(path).select(pl.len()).collect().item())
        n_columns = len(pl.read_parquet_schema(path))
        refuse_width(n_columns, path.name)
        first = pl.scan_parquet(path).head(FIRST_ROWS).collect()
    a_row = first.estimated_size() / max(first.height, 1)
    height = max(int(PIECE_BYTES / max(a_row, 1)), 1)

    def read() -> Iterator[pl.DataFrame]:
        for start in range(0, n_rows, height):
            with _explained(path):
                piece = pl.scan_parquet(path).slice(start, height).collect()
            yield piece

    text_bytes = sum(_text_size(one) for one in first.get_columns()) / max(first.height, 1)
    return Pieces(RawTable(first), read, text_bytes, n_rows)


def _text_size(series: pl.Series) -> int:
    return int(series.estimated_size()) if series.dtype == pl.String else 0


def _explained(path: Path) -> AbstractContextManager[None]:
    return explained(f"{path.name!r} is a damaged Parquet file", "get the file again")


def text_pieces(path: Path, options: ReadOptions) -> Pieces:
    """Look into a text file, of which only the beginning is read."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    size = path.stat().st_size
    if len(head) < size:
        head = head[: _last_end(head, path.name) + 1]
    first = read_delimited(head, path.name, options)
    written = _written(head, first, path.name, options)
    text_bytes = len(head) / max(first.frame.height, 1)

    def read() -> Iterator[pl.DataFrame]:
        with path.open("rb") as file:
            file.seek(written.start)
            yield from _blocks(file, written, path.name)

    return Pieces(first, read, text_bytes, size / text_bytes)


@dataclass(frozen=True)
class _Written:
    """How a text is written: where rows begin, what parts their fields, how columns are called."""

    start: int
    delimiter: str
    names: tuple[str, ...]

    def parse(self, block: bytes) -> pl.DataFrame:
        return pl.read_csv(
            block,
            has_header=False,
            schema=dict.fromkeys(self.names, pl.String),
            separator=self.delimiter,
            quote_char=QUOTE.decode(),
            empty_string_is_null=False,
        )


def _written(head: bytes, first: RawTable, name: str, options: ReadOptions) -> _Written:
    """Find how to read the text in blocks, such that its beginning comes out the same."""
    names = tuple(first.frame.columns)
    lines = head.splitlines(keepends=True)
    start = sum(map(len, lines[: len(lines) - first.frame.height]))
    signs = (options.delimiter,) if options.delimiter else DELIMITERS
    for sign in (sign for sign in signs if len(sign) == 1):
        found = _Written(start, sign, names)
        try:
            if found.parse(head[start:]).equals(first.frame):
                return found
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            continue
    raise _not_in_pieces(name, "its lines are not a row each, with one delimiter, in UTF-8")


def _blocks(file: io.BufferedReader, written: _Written, name: str) -> Iterator[pl.DataFrame]:
    rest = b""
    while block := file.read(BLOCK_BYTES):
        block = rest + block
        end = _last_end(block, name, must_be=False)
        rest = block[end + 1 :]
        if len(rest) > 4 * BLOCK_BYTES:
            raise _no_end(name)
        if end >= 0:
            yield _parsed(block[: end + 1], written, name)
    if rest.strip():
        yield _parsed(rest, written, name)


def _parsed(block: bytes, written: _Written, name: str) -> pl.DataFrame:
    """Parse a block, of which every record must become a row."""
    has_blank = block.startswith((b"\n", b"\r\n")) or b"\n\n" in block or b"\n\r\n" in block
    n_records, stray = block.count(b"\n") + (not block.endswith(b"\n")), -1
    if QUOTE in block:
        found = scan_records(block, written.delimiter, QUOTE.decode())
        n_records, stray = len(found.ends), found.first_stray
        has_blank = bool((found.ends == found.starts).any())
    if stray >= 0:
        after = block[stray:][:40].decode("utf-8", "replace").splitlines()[0]
        raise _not_in_pieces(name, f"a quote stands inside a field, before {after!r}")
    with explained(f"{name!r} cannot be read as a table", REMEDY):
        frame = written.parse(block)
    if has_blank or frame.height != n_records:
        raise _not_in_pieces(name, "a line holds no row")
    return frame


def _not_in_pieces(name: str, why: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name!r} is larger than the memory allowed, and cannot be read in pieces: {why}", REMEDY
    )


def _last_end(block: bytes, name: str, *, must_be: bool = True) -> int:
    """Return where the last record ends: at a line end that lies in no quotes; -1 if nowhere."""
    end = block.rfind(b"\n")
    has_quotes = QUOTE in block
    for _ in range(MOST_STEPS_BACK):
        if end < 0 or not has_quotes or block.count(QUOTE, 0, end) % 2 == 0:
            break
        end = block.rfind(b"\n", 0, end)
    else:
        end = -1
    if end < 0 and must_be:
        raise _no_end(name)
    return end


def _no_end(name: str) -> UnreadableFile:
    return _not_in_pieces(name, f"a record does not end within {4 * BLOCK_BYTES // MB} MB")


PIECES: dict[str, Callable[[Path, ReadOptions], Pieces]] = {
    "parquet": parquet_pieces,
    "delimited": text_pieces,
}


def look_into(paths: Sequence[Path], form: str, options: ReadOptions) -> list[Pieces]:
    """Look into files with the same columns.

    Raises
    ------
    UnreadableFile
        If a file has other columns than the first, or other types.
    """
    found = [PIECES[form](path, replace(options, sample=None)) for path in paths]
    for path, one in zip(paths[1:], found[1:], strict=True):
        refuse_other_columns(one.first, path, found[0].first, paths[0])
    return found
