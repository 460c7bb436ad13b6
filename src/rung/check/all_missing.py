"""Report columns without any value, which reading finds."""

from __future__ import annotations

from rung.check import Check, Seen
from rung.core.findings import Finding


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return what reading found."""
    return seen.reported("all_missing")


CHECK = Check(
    code="all_missing",
    title="columns without any value",
    severity="info",
    look=find,
    remedy="left out of the features; look whether the file was written whole",
)
