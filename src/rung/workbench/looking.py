"""Look at a table, from a file or a frame."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Any

from rung.check.looking import look
from rung.compute import one_thread_each
from rung.data import ReadOptions, read_table
from rung.errors import UsageError, suggest
from rung.report.looking import look_page, look_text
from rung.store.durable import write_bytes
from rung.typing import JSON


@one_thread_each()
def look_at(
    data: Any,
    target: str | None = None,
    *,
    options: ReadOptions | None = None,
    out: Path | None = None,
    force: bool = False,
) -> tuple[JSON, str]:
    """Return a first look at a table, and the same as text; write it as a page if asked.

    Parameters
    ----------
    data : path or frame
        What `rung.data.read_table` takes.
    target : str, optional
        A column that the others are held against.
    options : ReadOptions, optional
        How to read a text file.
    out : Path, optional
        HTML file to write.
    force : bool, default False
        Replace what is there.

    Raises
    ------
    UsageError
        If the target is not a column, or the file exists.

    Examples
    --------
    >>> import numpy as np
    >>> found, text = look_at({"x": np.arange(9.0), "y": -np.arange(9.0)})
    >>> found["pairs"][0]["columns"]
    ['x', 'y']
    """
    if out is not None and out.exists() and not force:
        raise UsageError(f"output {str(out)!r} exists", "use --force to replace it")
    table = read_table(data, options=options or ReadOptions())
    names = [column.name for column in table.dataset.columns]
    if target is not None and target not in names:
        near = suggest(target, names)
        raise UsageError(
            f"target column {target!r} not found; the table has {', '.join(names[:12])}",
            f"did you mean --target {quote(near)}?" if near else "choose one of these",
        )
    found = look(table.dataset, target)
    if out is not None:
        write_bytes(out, look_page(found, table.source).encode("utf-8"))
    return found, look_text(found, table.source)
