"""Find columns that hold one value in nearly all rows."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.findings import Finding

NEARLY_ALL = 0.99
FEWEST_ROWS = 30
REMEDY = "little can be learned of it; leave it out with --drop if the rest is noise"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding for each feature with one value in 99 % of the rows, missing being a value."""
    dataset = seen.dataset
    if dataset.n_rows < FEWEST_ROWS:
        return ()
    found = []
    for column in dataset.features:
        distinct, counts = np.unique(dataset.values[column.name], return_counts=True)
        most = int(counts.argmax())
        if len(distinct) < 2 or counts[most] < NEARLY_ALL * dataset.n_rows:
            continue
        value = distinct[most]
        if column.is_coded:
            text = repr(column.levels[value]) if value >= 0 else "a missing cell"
        else:
            text = "a missing cell" if np.isnan(value) else f"{value:.6g}"
        message = f"column {column.name!r} holds {text} in {counts[most]} of {dataset.n_rows} rows"
        found.append(Finding("near_constant", "info", (column.name,), message, REMEDY))
    return tuple(found)


CHECK = Check(
    code="near_constant",
    title="columns with one value in 99 % of the rows",
    severity="info",
    look=find,
    remedy=REMEDY,
)
