"""Build the options of a run on a table from keywords."""

from __future__ import annotations

from typing import Any

from rung.errors import UsageError
from rung.kinds.options import from_keywords
from rung.kinds.table.options import FitOptions


def make_options(target: Any, options: dict[str, Any]) -> FitOptions:
    """Build options from keywords; a misspelt one gets a suggestion instead of a traceback."""
    if target is None:
        raise UsageError(
            "a table needs the column to predict, and none is named",
            "add target='COLUMN'; or reading='lines', reading='text' to read a file as a text",
        )
    if not isinstance(target, str):
        raise UsageError(f"target {target!r} is not a column name", "use target='COLUMN'")
    return from_keywords(FitOptions, {"target": target, **options})
