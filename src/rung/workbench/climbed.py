"""Hold what one family did in a climb."""

from __future__ import annotations

from dataclasses import dataclass

from rung.core.family import CrossFit, Family


@dataclass(frozen=True)
class Climbed:
    """What one family did: its cross-fit, or the reason why it was skipped."""

    family: Family
    fitted: CrossFit | None = None
    reason: str = ""
