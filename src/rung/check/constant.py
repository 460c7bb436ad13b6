"""Report columns with one value, which reading finds."""

from __future__ import annotations

from rung.check import Check, Seen
from rung.core.findings import Finding


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return what reading found."""
    return seen.reported("constant")


CHECK = Check(
    code="constant",
    title="columns with one value",
    severity="info",
    look=find,
    remedy="left out of the features",
)
