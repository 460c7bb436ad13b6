"""Hold what one family did in a climb."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rung.compute import RunContext
from rung.core.family import CrossFit, Family
from rung.families import whole_ladder


@dataclass(frozen=True)
class Climbed:
    """What one family did: its cross-fit, or the reason why it was skipped."""

    family: Family
    fitted: CrossFit | None = None
    reason: str = ""


def context_of(
    family: Family, context: RunContext, name: str, *, threads: int | None = None
) -> RunContext:
    """Return the context that a family works in, with fewer jobs at a time where asked.

    Finished jobs are remembered for families of rung's own only. A family that was given from
    Python is recorded by its name, so one with other settings could take them for its own.
    """
    own = replace(context.for_family(name), threads=threads or context.threads)
    return own if family in whole_ladder() else replace(own, journal=None)
