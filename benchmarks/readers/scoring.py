"""Say whether a file was read exactly: the same names, the same cells; standard library only."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

NAMELESS = "no_header"


def clean_table(path: Path) -> list[list[str]]:
    """Return the rows of a clean file, the names first."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def outcome(
    found: Sequence[Sequence[object]] | None, clean: Sequence[Sequence[str]], name: str
) -> str:
    """Return `exact`, `wrong` or `refused`, from the rows with the names first, or None.

    A file without any row counts as read exactly where it is refused: there is nothing to read.
    """
    if found is None:
        return "refused" if clean else "exact"
    rows = [["" if cell is None else str(cell) for cell in row] for row in found]
    if NAMELESS in name:
        # Names that a reader makes up are left out of the comparison.
        return "exact" if list(clean) in (rows, rows[1:]) else "wrong"
    return "exact" if rows == list(clean) or (not clean and len(rows) <= 1) else "wrong"
