"""Name what reading takes and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

import polars as pl

from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.data.column_facts import ColumnFacts
from rung.data.recomputing import Expressions
from rung.typing import JSON, Array


@dataclass(frozen=True)
class SampleRequest:
    """Say how much memory rows may take; of more rows a random part is read.

    Attributes
    ----------
    room : int
        Bytes that rows may take while models are trained.
    a_row, a_cell : int
        Bytes that a row takes, and each of its cells.
    memory : int
        What the whole run may hold.
    share : float
        Of what is left beside the process, that for rows; models need the rest.
    rows : int or "all" or None
        Rows wanted; None takes as many as there is room for.
    seed : int
        Of the choice.
    groups : tuple of str
        Columns that make up a group, which is chosen whole.
    """

    room: int
    a_row: int
    a_cell: int
    memory: int
    share: float = 1.0
    rows: int | Literal["all"] | None = None
    seed: int = 0
    groups: tuple[str, ...] = ()

    def row_bytes(self, n_columns: int, text_bytes: float = 0.0) -> float:
        """Return what a row takes, its texts included."""
        return self.a_row + self.a_cell * n_columns + text_bytes

    def most_rows(self, n_columns: int, text_bytes: float = 0.0) -> int:
        """Return how many rows there is room for.

        Examples
        --------
        >>> SampleRequest(room=1000, a_row=40, a_cell=10, memory=2000).most_rows(6)
        10
        """
        return int(self.room / self.row_bytes(n_columns, text_bytes))

    def memory_for(self, n_rows: float, n_columns: int, text_bytes: float = 0.0) -> int:
        """Return what a run with so many rows would hold.

        Examples
        --------
        >>> SampleRequest(room=1000, a_row=40, a_cell=10, memory=3000, share=0.5).memory_for(20, 6)
        5000
        """
        needed = n_rows * self.row_bytes(n_columns, text_bytes)
        return int(self.memory + (needed - self.room) / self.share)


@dataclass(frozen=True)
class Sampled:
    """Say which rows of a larger table these are.

    Attributes
    ----------
    rows : ndarray of int, shape (n_rows,)
        Place of each in the file, from 0.
    n_all : int
        Rows of the file.
    columns : tuple of ColumnFacts
        What was counted in all of them.
    """

    rows: Array
    n_all: int
    columns: tuple[ColumnFacts, ...] = ()

    @property
    def said(self) -> str:
        """Say of how many rows these are a random part."""
        return f" (at random, of {self.n_all:,} in the file)"

    def to_section(self) -> dict[str, JSON]:
        """Return what was counted in all rows, as a part of a page."""
        columns = [asdict(one) for one in self.columns]
        return {"all_rows": {"n_used": len(self.rows), "n_all": self.n_all, "columns": columns}}


@dataclass(frozen=True)
class ReadOptions:
    """Say how a text table is written, where it should not be found out.

    Attributes
    ----------
    delimiter : str, optional
        What stands between two fields; None finds it, a blank stands for any run of blanks.
    header : bool, optional
        Whether the first row holds the names; None finds out.
    encoding : str, optional
        The text encoding, such as `latin-1`; None finds it.
    decimal : str, optional
        The decimal sign of numbers in strings, a point or a comma; None finds it, column by column.
    missing : tuple of str
        Further cells that mean missing, in every column.
    keep_tokens : bool
        Whether words such as `NA` and `?` are values in columns of words, and no column with
        other words than these is one of numbers.
    may_be_empty : bool
        Whether a table of names without rows is accepted, as for predictions.
    table : str
        Which of several tables in the file: its name or its number, counted from 1 (in FITS the
        number of the extension).
    skip_lines : int, optional
        Lines at the beginning that are no part of the table; None finds out.
    comment : str
        What a line begins with that is no part of the table; empty finds `#` and its like.
    variables : tuple of str
        Variables of a grid, such as a NetCDF file, to read; none for all.
    where : str
        Condition that rows must meet, an expression of columns; empty keeps all.
    derive : tuple of str
        Columns to make of others, `NAME = EXPRESSION` each.
    keep_sentinels : bool
        Whether a number such as -99 is a number in columns that are made.
    keep : tuple of str
        Columns that are carried to predictions, as the file has them.
    sample : SampleRequest, optional
        What rows may take; None reads all.
    """

    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    decimal: str | None = None
    missing: tuple[str, ...] = ()
    keep_tokens: bool = False
    may_be_empty: bool = False
    table: str = ""
    skip_lines: int | None = None
    comment: str = ""
    variables: tuple[str, ...] = ()
    where: str = ""
    derive: tuple[str, ...] = ()
    keep_sentinels: bool = False
    keep: tuple[str, ...] = ()
    sample: SampleRequest | None = None


DEFAULTS = ReadOptions()


@dataclass(frozen=True)
class RawTable:
    """Hold a table as its file has it.

    Attributes
    ----------
    frame : polars.DataFrame, shape (n_rows, n_columns)
        From text, strings as the file spells them; else typed columns.
    findings : tuple of Finding
        What was skipped or changed.
    decimal : str
        The decimal sign that is usual beside this delimiter: a comma beside semicolons.
    units, titles : mapping of str to str
        Physical units and long names of columns, where the file states them.
    sampled : Sampled, optional
        Which rows of the file these are; None if all.
    """

    frame: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    decimal: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    sampled: Sampled | None = None


@dataclass(frozen=True)
class Table:
    """Hold a table that was read.

    Attributes
    ----------
    dataset : Dataset
        Rows in file order, roles found from the columns alone.
    source : str
        The file's name without its folder, or the kind of frame.
    findings : tuple of Finding
        What the reader must tell the user.
    rows : ndarray of int, shape (n_rows,)
        Place of every row in the file, from 0; a condition leaves some out.
    expressions : Expressions
        Columns that were made, and the condition that rows met.
    sampled : Sampled, optional
        Which rows of the file were read; None if all.
    """

    dataset: Dataset
    source: str
    findings: tuple[Finding, ...]
    rows: Array
    expressions: Expressions
    sampled: Sampled | None = None
