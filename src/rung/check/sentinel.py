"""Report numbers that stand for missing, such as -99."""

from __future__ import annotations

import math

from rung.check import Check, Seen
from rung.core.findings import Finding, Severity
from rung.core.sentinels import Sentinel

READ_AS_MISSING = "read as missing; --keep-sentinels keeps it as a number"
KEPT = "kept as a number, as --keep-sentinels asks"
IN_DOUBT = "left as it is; if it means missing, leave these cells empty in the file"
NO_FEATURE = "not used as a feature; leave these cells empty in the file before declaring it"
IN_TARGET = "left as it is, and models learn it: leave these cells empty in the file"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding for every sentinel of a column, and of the target's training rows."""
    return (
        *(_of_target(one) for one in seen.target_sentinels),
        *(_of_column(one, seen) for one in seen.sentinels),
    )


def _of_target(one: Sentinel) -> Finding:
    severity: Severity = "alarm" if one.is_certain else "warning"
    return Finding("sentinel", severity, (one.column,), f"target: {evidence(one)}", IN_TARGET)


def _of_column(one: Sentinel, seen: Seen) -> Finding:
    column = seen.dataset.column(one.column)
    if not one.is_certain:
        remedy = IN_DOUBT
    elif column.role != "feature":
        remedy = NO_FEATURE
    else:
        remedy = KEPT if seen.are_kept else READ_AS_MISSING
    return Finding("sentinel", "warning", (one.column,), evidence(one), remedy)


def evidence(one: Sentinel) -> str:
    """Say why a value looks like a sentinel.

    Examples
    --------
    >>> evidence(Sentinel("colour", -99.0, 22, 0.78, 6.21, True)).split(": ")[1]
    '16.1 times the range of all others away; it stands for missing'
    """
    how = "stands for missing" if one.is_certain else "may stand for missing"
    seen = f"{one.value:.10g} in {one.count} rows of {one.column!r}, next value {one.nearest:.6g}"
    if one.shared_with:
        return f"{seen}: as in {one.shared_with!r}, where it {how}"
    if not math.isfinite(one.gap):
        return f"{seen}, the only other"
    if one.gap < 1:
        return f"{seen}: the only negative value; it {how}"
    return f"{seen}: {one.gap:.3g} times the range of all others away; it {how}"


CHECK = Check(
    code="sentinel",
    title="numbers that stand for missing",
    severity="alarm",
    look=find,
    remedy="read as missing where certain; leave the cells empty, or --keep-sentinels",
)
