"""Find categories that hardly ever repeat."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.findings import Finding

OF_ROWS = 0.5
FEWEST_ROWS = 30
REMEDY = "make columns of its parts, or group its levels; new rows will hold levels never seen"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding for each category with a level for every other row or more."""
    dataset, found = seen.dataset, []
    for column in dataset.category_columns:
        codes = dataset.values[column.name]
        known = codes[codes >= 0]
        distinct = np.unique(known)
        if len(known) >= FEWEST_ROWS and len(distinct) >= OF_ROWS * len(known):
            message = (
                f"column {column.name!r} has {len(distinct)} categories in {len(known)} rows, such "
                f"as {column.levels[distinct[0]]!r}"
            )
            found.append(Finding("nearly_unique", "info", (column.name,), message, REMEDY))
    return tuple(found)


CHECK = Check(
    code="nearly_unique",
    title="categories that hardly ever repeat",
    severity="info",
    look=find,
    source="Micci-Barreca (2001), SIGKDD Explorations 3",
    remedy=REMEDY,
)
