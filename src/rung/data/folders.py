"""Read the tables of a folder, or those that a pattern names, as one."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote

import polars as pl

from rung.core.findings import Finding
from rung.data.readers.reader import all_readers, all_suffixes
from rung.data.table import RawTable
from rung.errors import UnreadableFile

LOOSE = (".txt", ".dat", ".data", ".asc")
FILE_COLUMN = "file"
Read = Callable[[str], RawTable]


def tables_of(path: str | Path) -> list[Path]:
    """Return the tables of a folder, or those that a pattern with `*` or `?` names, sorted.

    Examples
    --------
    >>> tables_of("no such file.csv")
    []
    """
    text = str(path)
    folder = Path(text)
    if folder.is_dir():
        if any(one.is_folder and folder.suffix in one.suffixes for one in all_readers()):
            return []
        found = [one for one in folder.iterdir() if one.is_file() and _may_be_table(one)]
        return sorted(found)
    if folder.exists() or not any(sign in text for sign in "*?"):
        return []
    matching = glob.glob(text, recursive=True)  # noqa: PTH207 - a pattern may be of any folder
    return sorted(Path(one) for one in matching if Path(one).is_file())


def _may_be_table(path: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    known = (*all_suffixes(), *LOOSE)
    return Path(name).suffix in known and not name.startswith((".", "readme", "license"))


def read_together(paths: list[Path], label: str, read: Read) -> RawTable:
    """Read files with the same columns one below the other; a column names the file of each row.

    Parameters
    ----------
    paths : list of Path
        At least two.
    label : str
        What to call them in messages.
    read : callable
        Reads one file.

    Raises
    ------
    UnreadableFile
        If a file has other columns than the first.
    """
    tables = [read(str(path)) for path in paths]
    first = tables[0]
    column = FILE_COLUMN if FILE_COLUMN not in first.frame.columns else f"{FILE_COLUMN}_name"
    names = distinct_names(paths)
    for path, table in zip(paths[1:], tables[1:], strict=True):
        refuse_other_columns(table, path, first, paths[0])
    frames = [
        table.frame.select(first.frame.columns).with_columns(pl.lit(name).alias(column))
        for table, name in zip(tables, names, strict=True)
    ]
    said = said_of_files(paths, label, column)
    joined = pl.concat(frames, how="vertical_relaxed")
    return replace(first, frame=joined, findings=(said, *_counted(tables)))


def said_of_files(paths: Sequence[Path], label: str, column: str) -> Finding:
    """Say that files are one table."""
    return Finding(
        "folder",
        "info",
        (column,),
        f"{len(paths)} files of {label!r} are one table; column {column!r} names the file of each row",
        f"say --groups {quote(column)} if rows of one file belong together",
    )


def distinct_names(paths: Sequence[Path]) -> list[str]:
    """Return what to call files: without their folder and ending where that tells them apart."""
    stems = [path.name.split(".")[0] for path in paths]
    return stems if len(set(stems)) == len(stems) else [str(path) for path in paths]


def refuse_other_columns(table: RawTable, path: Path, first: RawTable, example: Path) -> None:
    """Raise if a file has other columns than the first."""
    ours, theirs = set(table.frame.columns), set(first.frame.columns)
    if ours == theirs:
        return
    lacks, has = sorted(theirs - ours)[:3], sorted(ours - theirs)[:3]
    said = " and ".join(
        f"{verb} {', '.join(map(repr, names))}"
        for verb, names in (("lacks", lacks), ("has", has))
        if names
    )
    raise UnreadableFile(
        f"{path.name!r} {said}, unlike {example.name!r}; accepted are files with the same columns",
        "name files of one kind, with a pattern such as 'FOLDER/2023*.csv'",
    )


def _counted(tables: list[RawTable]) -> list[Finding]:
    """Return what reading said, once for all files that it said it of."""
    counts = Counter(one for table in tables for one in table.findings)
    return [
        one if n == 1 else replace(one, message=f"{one.message} (so in {n} files)")
        for one, n in counts.items()
    ]
