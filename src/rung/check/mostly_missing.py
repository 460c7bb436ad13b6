"""Find columns of which most cells are missing."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.core.findings import Finding

MOST = 0.5
REMEDY = "ask why it is missing; leave it out with --drop, or get the values"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding for each feature that is missing in more than half of the rows.

    Numbers that stand for missing count as missing.
    """
    dataset, found = seen.dataset, []
    for column in dataset.features:
        values = dataset.values[column.name]
        stand_ins = [
            one.value for one in seen.sentinels if one.column == column.name and one.is_certain
        ]
        is_missing = values < 0 if column.is_coded else ~np.isfinite(values)
        if not column.is_coded and stand_ins:
            is_missing |= np.isin(values, stand_ins)
        n_missing = int(is_missing.sum())
        if MOST * len(values) < n_missing < len(values):
            share = n_missing / len(values)
            message = f"column {column.name!r} is missing in {n_missing} rows, {share:.0%} of all"
            found.append(Finding("mostly_missing", "info", (column.name,), message, REMEDY))
    return tuple(found)


CHECK = Check(
    code="mostly_missing",
    title="columns that are missing in more than half of the rows",
    severity="info",
    look=find,
    remedy=REMEDY,
)
