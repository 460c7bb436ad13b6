"""Report columns of running text, which reading finds."""

from __future__ import annotations

from rung.check import Check, Seen
from rung.core.findings import Finding


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return what reading found."""
    return seen.reported("text")


CHECK = Check(
    code="text",
    title="columns of running text",
    severity="info",
    look=find,
    remedy="words are counted inside each fold; --drop leaves the column out",
)
