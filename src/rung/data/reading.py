"""Read a table from a file or from memory, and find what each column is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rung.core.dataset import Dataset
from rung.core.findings import Finding
from rung.data.asking import ask
from rung.data.files import open_source
from rung.data.folders import read_together, tables_of
from rung.data.in_memory import from_memory
from rung.data.isolated import read_isolated
from rung.data.pieces import PIECES
from rung.data.readers.reader import Source, find_reader
from rung.data.roles import find_role
from rung.data.sampling import is_large, thinned
from rung.data.settling import parse_columns
from rung.data.table import DEFAULTS, RawTable, ReadOptions, Table
from rung.data.text_folders import holds_texts, read_texts
from rung.errors import UnreadableFile
from rung.typing import Untyped


def read_table(source: Untyped, *, options: ReadOptions = DEFAULTS) -> Table:
    """Read a table and find kind and role of each column.

    Parameters
    ----------
    source : str, Path, frame or ndarray
        A file of any format that `rung.data.readers` has a file for; of several tables in it one is
        named as `FILE.zip:MEMBER`, `FILE.fits[2]` or `FILE.db::TABLE`. A folder or a pattern with
        `*` for several files with the same columns; a folder of text files for each class; `-` for
        standard input. Or a table in memory: polars, pandas, pyarrow, numpy, astropy, or a grid of
        xarray.
    options : ReadOptions
        How a text file is written, where it should not be found out.

    Returns
    -------
    Table
        Rows in file order; findings in column order.

    Raises
    ------
    DataError
        If it cannot be read as a table.

    Examples
    --------
    >>> import numpy as np
    >>> table = read_table(np.array([[1.0, 2.0], [3.0, 5.0]]))
    >>> [column.name for column in table.dataset.columns]
    ['column_1', 'column_2']
    """
    loaded, name = load_frame(source, options)
    asked = ask(loaded, options, name)
    strings, frame = asked.table, asked.table.frame
    if frame.height == 0 or frame.width == 0:
        raise UnreadableFile(
            f"{name!r} has {frame.height} rows and {frame.width} columns; "
            "accepted is a table with at least one row and one column"
        )
    findings: list[Finding] = list(strings.findings)
    columns, values = [], {}
    for parsed in parse_columns(frame, options, usual=strings.decimal):
        column, finding = find_role(parsed)
        column = replace(
            column,
            unit=strings.units.get(column.name, ""),
            title=strings.titles.get(column.name, ""),
        )
        columns.append(column)
        values[column.name] = parsed.values
        findings.extend(parsed.findings)
        findings.extend([finding] if finding else [])
    dataset = Dataset(tuple(columns), values, frame.height)
    sampled = strings.sampled
    rows = asked.rows if sampled is None else sampled.rows[asked.rows]
    return Table(dataset, name, tuple(findings), rows, asked.expressions, sampled)


def load_frame(source: Untyped, options: ReadOptions) -> tuple[RawTable, str]:
    """Load any source as a polars frame: strings from text, typed columns from the rest.

    Examples
    --------
    >>> import numpy as np
    >>> load_frame(np.eye(2), ReadOptions())[1]
    'array'
    """
    if not isinstance(source, str | Path):
        table, name = from_memory(source, options)
        return thinned(table, options, name), name
    if holds_texts(source):
        return thinned(read_texts(source), options, Path(source).name), Path(source).name
    together = tables_of(source)
    if len(together) > 1:
        label = Path(source).name
        return _load_together(together, label, options), label
    return _load_file(together[0] if together else source, options)


def _load_file(path: str | Path, options: ReadOptions) -> tuple[RawTable, str]:
    opened = open_source(path, options.table)
    reader = find_reader(opened)
    reader.ensure_installed(opened.name)
    if reader.is_isolated or (reader.name in PIECES and is_large(opened.packed, options)):
        return read_isolated(reader, opened, options), opened.name
    return thinned(reader.read(opened, options), options, opened.name), opened.name


def _load_together(paths: list[Path], label: str, options: ReadOptions) -> RawTable:
    """Read files below one another, in pieces where they are too large together."""
    size = sum(path.stat().st_size for path in paths)
    if is_large(size, options):
        readers = {find_reader(open_source(path)) for path in paths}
        if len(readers) == 1 and (reader := readers.pop()).name in PIECES:
            source = Source(label, paths[0], packed=size, parts=tuple(paths))
            return read_isolated(reader, source, options)
    whole = replace(options, sample=None)
    table = read_together(paths, label, lambda one: _load_file(one, whole)[0])
    return thinned(table, options, label)
