"""Report columns that only name their rows, which reading finds."""

from __future__ import annotations

from rung.check import Check, Seen
from rung.core.findings import Finding


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return what reading found."""
    return seen.reported("identifier")


CHECK = Check(
    code="identifier",
    title="columns that only name their rows",
    severity="info",
    look=find,
    remedy="left out of the features; declare it with --features to use it",
)
