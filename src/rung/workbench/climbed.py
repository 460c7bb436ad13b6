"""Hold what one family did in a climb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from rung.clock import stopwatch
from rung.compute import RunContext
from rung.core.events import Event
from rung.core.family import CrossFit, Family
from rung.core.memory import is_want_of_memory
from rung.errors import NotApplicable, RungError
from rung.families import BASELINES, missing_needs, whole_ladder

EXTRA_OF = {"torch": "deep"}


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
    return own if family in whole_ladder(family.inputs) else replace(own, journal=None)


def attempt(
    family: Family,
    work: Callable[[RunContext], CrossFit],
    context: RunContext,
    seconds: dict[str, float],
    *,
    reason: str = "",
    threads: int | None = None,
) -> Climbed:
    """Cross-fit one family; what cannot be done is a reason, not the end of the run.

    Parameters
    ----------
    family : Family
        The rung.
    work : callable
        Cross-fits it in a context of its own.
    context : RunContext
        Of the run.
    seconds : dict
        Filled with the wall time.
    reason : str
        Why it is skipped from the start, if it is.
    threads : int, optional
        Jobs that may run at a time, where memory allows fewer than the run does.
    """
    listener = context.listener
    if not reason:
        listener(Event("family", family.name, family.title))
        own = context_of(family, context, family.name, threads=threads)
        try:
            with stopwatch(seconds, family.name):
                fitted = work(own)
                if own.journal is not None:
                    own.journal.sync()
        except NotApplicable as error:
            reason = str(error)
        except Exception as error:
            is_short = is_want_of_memory(error)
            expected = (MemoryError, np.linalg.LinAlgError, RungError)
            is_known = is_short or isinstance(error, expected)
            if family.name == BASELINES[family.inputs] or not is_known:
                raise
            said = f"{type(error).__name__}: {error}"
            why = said if isinstance(error, expected) else "not enough memory"
            reason = f"failed: {why}"
        else:
            listener(Event("scored", family.name, family.title))
            return Climbed(family, fitted)
    listener(Event("skipped", family.name, reason))
    return Climbed(family, None, reason)


def lacking(family: Family) -> str:
    """Say which library a family needs that is not installed; empty if there is none."""
    missing = missing_needs(family)
    if not missing:
        return ""
    extra = EXTRA_OF.get(missing[0])
    what = f"'rung[{extra}]'" if extra else missing[0]
    return f"needs {', '.join(missing)}, which is not installed: pip install {what}"
