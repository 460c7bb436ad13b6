"""Choose one of several tables that a file holds."""

from __future__ import annotations

from collections.abc import Mapping

from rung.errors import UnreadableFile, suggest


def choose(
    tables: Mapping[str, str], wanted: str, file: str, *, how: str = "{file}[{table}]"
) -> str:
    """Return the key of the table that is wanted, or of the only one.

    Parameters
    ----------
    tables : mapping of str to str
        What each table is called, and what it is, in words.
    wanted : str
        A name or a number counted from 1; empty if the user says nothing.
    file : str
        Name of the file.
    how : str
        How a table is named in a path.

    Raises
    ------
    UnreadableFile
        If there is none, or several and none is named.

    Examples
    --------
    >>> choose({"a": "5 rows", "b": "9 rows"}, "b", "t.db")
    'b'
    """
    listed = "; ".join(f"{name} ({what})" for name, what in list(tables.items())[:12])
    if not tables:
        raise UnreadableFile(f"{file!r} holds no table; accepted is a file with at least one")
    if not wanted:
        if len(tables) == 1:
            return next(iter(tables))
        example = how.format(file=file, table=next(iter(tables)))
        raise UnreadableFile(
            f"{file!r} holds {len(tables)} tables: {listed}",
            f"name one as '{example}' or by --table",
        )
    by_lower = {name.lower(): name for name in tables}
    if wanted in tables:
        return wanted
    if wanted.lower() in by_lower:
        return by_lower[wanted.lower()]
    if wanted.isdigit() and 1 <= int(wanted) <= len(tables):
        return list(tables)[int(wanted) - 1]
    near = suggest(wanted, tables)
    remedy = f"did you mean {near!r}?" if near else "name one of these"
    raise UnreadableFile(f"{file!r} has no table {wanted!r}; it holds {listed}", remedy)
