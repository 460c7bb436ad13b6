"""Report cells that are no numbers in columns of numbers, which reading finds."""

from __future__ import annotations

from rung.check import Check, Seen
from rung.core.findings import Finding


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return what reading found."""
    return seen.reported("dirty_number")


CHECK = Check(
    code="dirty_number",
    title="cells that are no numbers in columns of numbers",
    severity="warning",
    look=find,
    remedy="correct the cells, or name what stands for missing with --missing",
)
