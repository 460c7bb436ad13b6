"""Read a random part of a table of more rows than memory allows, and count all of it in passing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from rung.core.findings import Finding
from rung.core.memory import option_text, say_bytes
from rung.data.column_facts import ColumnFacts, FactsOfAllRows
from rung.data.folders import FILE_COLUMN, distinct_names, said_of_files
from rung.data.pieces import Pieces, look_into
from rung.data.smallest_hashes import SmallestHashes, group_hashes, row_hashes
from rung.data.table import RawTable, ReadOptions, Sampled, SampleRequest
from rung.errors import DataError, ResourceError, suggest

# A column of texts holds numbers if so many of its first cells are some.
SHARE_OF_NUMBERS = 0.9
# What reading a text whole takes at its most, as a multiple of its bytes.
TIMES_A_TEXT = 8


def read_part(
    paths: Sequence[Path], form: str, label: str, options: ReadOptions
) -> RawTable | None:
    """Read files piece by piece, and keep the rows that there is room for.

    Parameters
    ----------
    paths : sequence of Path
        Files of one table.
    form : str
        `parquet` or `delimited`.
    label : str
        What to call them in messages.
    options : ReadOptions
        With a `sample`.

    Returns
    -------
    RawTable or None
        None where one Parquet file has room as a whole, which is read faster so.

    Raises
    ------
    ResourceError
        If more rows are asked for than there is room for.
    """
    asked = options.sample
    assert asked is not None
    files = look_into(paths, form, options)
    first, n_columns = files[0].first, files[0].first.frame.width + (len(paths) > 1)
    text_bytes = max(one.text_bytes for one in files)
    wanted = rows_to_keep(asked, sum(one.n_rows for one in files), n_columns, text_bytes, label)
    if form == "parquet" and len(files) == 1 and wanted is None:
        return None
    n_most = wanted or max(asked.most_rows(n_columns, text_bytes), 1)
    together = _Together(files, distinct_names(list(paths)) if len(paths) > 1 else [])
    passing = _Passing(asked, n_most, together.first, label)
    for piece in together.pieces():
        passing.add(piece)
    said = [said_of_files(paths, label, together.column)] if together.names else []
    table = replace(first, frame=together.first, findings=(*said, *first.findings))
    return passing.chosen(table)


def is_large(size: int, options: ReadOptions) -> bool:
    """Tell whether a text of so many bytes is larger than memory once it is read.

    Examples
    --------
    >>> asked = SampleRequest(room=10**8, a_row=1, a_cell=1, memory=6 * 10**8)
    >>> is_large(10**7, ReadOptions(sample=asked)), is_large(10**8, ReadOptions(sample=asked))
    (False, True)
    """
    return options.sample is not None and TIMES_A_TEXT * size > options.sample.memory


def thinned(table: RawTable, options: ReadOptions, name: str) -> RawTable:
    """Leave rows out of a table in memory as `read_part` does of one in a file.

    Examples
    --------
    >>> asked = SampleRequest(room=1000, a_row=0, a_cell=8, memory=2000, rows=3)
    >>> table = RawTable(pl.DataFrame({"x": [float(i) for i in range(9)]}))
    >>> thinned(table, ReadOptions(sample=asked), "t").sampled.rows
    array([1, 3, 6])
    """
    asked, frame = options.sample, table.frame
    if asked is None or table.sampled is not None:
        return table
    text_bytes = sum(
        one.estimated_size() for one in frame.get_columns() if one.dtype == pl.String
    ) / max(frame.height, 1)
    wanted = rows_to_keep(asked, frame.height, frame.width, text_bytes, name)
    if wanted is None:
        return table
    passing = _Passing(asked, wanted, frame, name)
    passing.add(frame)
    return passing.chosen(table)


def rows_to_keep(
    asked: SampleRequest, n_rows: float, n_columns: int, text_bytes: float, name: str
) -> int | None:
    """Return how many rows to keep, None for all.

    Raises
    ------
    ResourceError
        If more rows are asked for than there is room for.
    """
    most = asked.most_rows(n_columns, text_bytes)
    wanted = n_rows if asked.rows == "all" else asked.rows
    if wanted is None:
        return most if n_rows > most else None
    if min(wanted, n_rows) > most:
        total = asked.memory_for(min(wanted, n_rows), n_columns, text_bytes)
        raise ResourceError(
            f"{round(min(wanted, n_rows)):,} rows of {name!r} need about {say_bytes(total)} with "
            f"what is trained on them; {say_bytes(asked.memory)} are allowed",
            f"raise it with --memory {option_text(total)}, or use --rows {most} at most",
        )
    return int(wanted) if wanted < n_rows else None


@dataclass(frozen=True)
class _Together:
    """Files read one below the other; a column names the file of each row if there are several."""

    files: Sequence[Pieces]
    names: Sequence[str]

    @property
    def column(self) -> str:
        is_free = FILE_COLUMN not in self.files[0].first.frame.columns
        return FILE_COLUMN if is_free else f"{FILE_COLUMN}_name"

    @property
    def first(self) -> pl.DataFrame:
        return self._named(self.files[0].first.frame, 0)

    def pieces(self) -> Iterator[pl.DataFrame]:
        columns = self.files[0].first.frame.columns
        for i, file in enumerate(self.files):
            for piece in file.read():
                yield self._named(piece.select(columns), i)

    def _named(self, frame: pl.DataFrame, file: int) -> pl.DataFrame:
        if not self.names:
            return frame
        return frame.with_columns(pl.lit(self.names[file]).alias(self.column))


class _Passing:
    """Choose rows and count columns while a table passes by."""

    def __init__(self, asked: SampleRequest, n_most: int, first: pl.DataFrame, name: str) -> None:
        for group in asked.groups:
            if group not in first.columns:
                near = suggest(group, first.columns)
                raise DataError(
                    f"group column {group!r} not found in {name!r}",
                    f"did you mean {near!r}?" if near else "name one of its columns",
                )
        self._asked, self._n_most, self._name = asked, n_most, name
        self._kept = SmallestHashes(n_most)
        self._all = FactsOfAllRows(first.columns, _of_numbers(first))

    def add(self, piece: pl.DataFrame) -> None:
        seed, groups = self._asked.seed, self._asked.groups
        self._all.add(piece)
        self._kept.add(
            piece,
            group_hashes(piece, groups, seed)
            if groups
            else row_hashes(self._kept.n_rows, piece.height, seed),
        )

    def chosen(self, table: RawTable) -> RawTable:
        frame, rows = self._kept.chosen()
        n_all = self._kept.n_rows
        if not len(rows) and n_all:
            raise ResourceError(
                f"no group of {', '.join(map(repr, self._asked.groups))} in {self._name!r} has as "
                f"few as {self._n_most:,} rows, which is all that is allowed",
                "raise --memory, or --rows if it was given",
            )
        if len(rows) == n_all:
            return replace(table, frame=frame)
        facts = self._all.facts()
        said = [_said_of_rows(self._asked, len(rows), n_all), *_said_of_columns(frame, facts)]
        return replace(
            table,
            frame=frame,
            findings=(*said, *table.findings),
            sampled=Sampled(rows, n_all, facts),
        )


def _of_numbers(first: pl.DataFrame) -> set[str]:
    found = set()
    for one in first.get_columns():
        if one.dtype != pl.String:
            is_number = one.dtype.is_numeric()
        else:
            filled = one.filter(one != "")
            n_numbers = filled.cast(pl.Float64, strict=False).count()
            is_number = n_numbers > SHARE_OF_NUMBERS * max(filled.count(), 1)
        if is_number:
            found.add(one.name)
    return found


def _said_of_rows(asked: SampleRequest, n_rows: int, n_all: int) -> Finding:
    groups = ", ".join(map(repr, asked.groups))
    whole = f", groups of {groups} whole" if groups else ""
    why = "as asked" if asked.rows else f"as {say_bytes(asked.memory)} of memory are allowed"
    return Finding(
        "sample",
        "warning",
        (),
        f"{n_rows:,} of {n_all:,} rows are used, {why}: chosen at random with seed "
        f"{asked.seed}{whole}; ranges, missing and distinct cells were counted in all",
        "--rows N chooses how many, --memory allows more",
    )


def _said_of_columns(frame: pl.DataFrame, facts: Sequence[ColumnFacts]) -> list[Finding]:
    """Say what a column holds in all rows and not in those that were chosen."""
    findings = []
    for one in facts:
        cells = frame[one.name]
        if one.low is not None and one.high is not None:
            numbers = cells.cast(pl.Float64, strict=False).drop_nulls().drop_nans().to_numpy()
            findings += _beyond(one, numbers[np.isfinite(numbers)])
        if one.distinct > 1 and cells.n_unique() == 1:
            about = "" if one.is_counted else "about "
            findings.append(
                Finding(
                    "sample_constant",
                    "warning",
                    (one.name,),
                    f"column {one.name!r} has one value in the rows that are used, and "
                    f"{about}{one.distinct:,} in all",
                    "models cannot learn from it; use more --rows",
                )
            )
    return findings


def _beyond(one: ColumnFacts, numbers: np.ndarray) -> list[Finding]:
    """Say that all rows reach beyond the chosen ones by more than the range of these."""
    assert one.low is not None
    assert one.high is not None
    if not len(numbers):
        return []
    low, high = float(numbers.min()), float(numbers.max())
    if max(low - one.low, one.high - high) <= high - low:
        return []
    return [
        Finding(
            "sample_range",
            "warning",
            (one.name,),
            f"column {one.name!r} goes from {one.low:.6g} to {one.high:.6g} in all rows, and from "
            f"{low:.6g} to {high:.6g} in those that are used",
            "look at the far cells: they may be faults, or stand for missing",
        )
    ]
