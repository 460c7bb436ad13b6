"""Take columns of a table as its file has them, to stand beside what is predicted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from rung.data.reading import load_frame
from rung.data.table import ReadOptions
from rung.errors import DataError, UsageError, suggest
from rung.typing import Untyped


def kept_columns(
    source: Untyped, options: ReadOptions, *, taken: Collection[str] = ()
) -> dict[str, pl.Series]:
    """Return columns by name, cells as the file spells them, rows in file order.

    Parameters
    ----------
    source : str, Path, frame or ndarray
        As for `read_table`.
    options : ReadOptions
        Which columns, and how a text file is written.
    taken : collection of str
        Names that the columns beside them have.

    Raises
    ------
    DataError or UsageError
        If a column is not there, or has the name of another; or if the table came through
        standard input, which can be read once.

    Examples
    --------
    >>> table = {"id": ["a", "b"], "x": [1.0, 2.0]}
    >>> kept_columns(table, ReadOptions(keep=("id",)))["id"].to_list()
    ['a', 'b']
    """
    names = options.keep
    if not names:
        return {}
    if isinstance(source, str) and source == "-":
        raise UsageError(
            "columns of a table from standard input cannot be kept, as it is read once",
            "write the table to a file first",
        )
    frame = load_frame(source, options)[0].frame
    for name in names:
        if name not in frame.columns:
            near = suggest(name, frame.columns)
            raise DataError(
                f"column {name!r}, which is to be kept, is not in the table",
                f"did you mean {near!r}?" if near else f"the columns are {listed(frame.columns)}",
            )
        if name in taken:
            raise UsageError(
                f"column {name!r} is to be kept, and the predictions have one of that name",
                "rename it in the table",
            )
    return {name: frame[name] for name in names}


def listed(names: Sequence[str], most: int = 8) -> str:
    """Return the first names, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    rest = len(names) - most
    return ", ".join(map(repr, names[:most])) + (f" and {rest} more" if rest > 0 else "")
