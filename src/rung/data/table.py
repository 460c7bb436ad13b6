"""Name what reading takes and what it gives."""

from __future__ import annotations

from dataclasses import dataclass

from rung.core.dataset import Dataset
from rung.core.findings import Finding


@dataclass(frozen=True)
class ReadOptions:
    """Say how a text table is written, where it should not be found out.

    Attributes
    ----------
    delimiter : str, optional
        The character between two fields; None finds it, a blank stands for any run of blanks.
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
    """

    delimiter: str | None = None
    header: bool | None = None
    encoding: str | None = None
    decimal: str | None = None
    missing: tuple[str, ...] = ()
    keep_tokens: bool = False
    may_be_empty: bool = False


DEFAULTS = ReadOptions()


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
    """

    dataset: Dataset
    source: str
    findings: tuple[Finding, ...]
