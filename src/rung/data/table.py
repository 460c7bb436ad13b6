"""Name what reading takes and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.data.recomputing import Expressions
from rung.typing import Array


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
    """

    frame: pl.DataFrame
    findings: tuple[Finding, ...] = ()
    decimal: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


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
    """

    dataset: Dataset
    source: str
    findings: tuple[Finding, ...]
    rows: Array
    expressions: Expressions
