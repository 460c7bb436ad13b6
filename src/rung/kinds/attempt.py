"""Hold what one family did in a climb."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np

from rung.clock import stopwatch
from rung.compute import RunContext, call_held
from rung.core.events import Event
from rung.core.family import CrossFit, Family
from rung.core.memory import is_want_of_memory
from rung.errors import DataError, DiskError, NotApplicable, NotSavable, RungError
from rung.extras import EXTRA_OF
from rung.families import baseline, missing_needs, whole_ladder
from rung.families.texts import on_texts
from rung.kinds.limits import LARGEST
from rung.typing import Array

# What may go wrong within a family's own work. An error of the disk is not among them.
FAILURES = (MemoryError, np.linalg.LinAlgError, RungError)


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
    ladder = whole_ladder(family.inputs)
    is_own = family in ladder or family in map(on_texts, ladder)
    return own if is_own else replace(own, journal=None)


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
    if not reason:
        context.listener(Event("family", family.name, family.title))
        own = context_of(family, context, family.name, threads=threads)
        try:
            with stopwatch(seconds, family.name):
                fitted = _cross_fit(family, work, own)
        except DiskError:  # no family's fault: nothing that comes after could be kept
            raise
        except NotApplicable as error:
            reason = error.in_shell
        except Exception as error:
            is_known = is_want_of_memory(error) or isinstance(error, FAILURES)
            if family.name == baseline(family.inputs) or not is_known:
                raise
            text = error.in_shell if isinstance(error, RungError) else str(error)
            said = f"{type(error).__name__}: {text}"
            why = said if isinstance(error, FAILURES) else "not enough memory"
            reason = f"failed: {why}"
        else:
            return Climbed(family, fitted)
        if own.journal is not None:
            own.journal.drop(own.family)
    return Climbed(family, None, reason)


def once(own: RunContext, work: Callable[[], Any]) -> Any:
    """Return what this work handed back in the run that was killed, or do it and keep it.

    Parameters
    ----------
    own : RunContext
        Of one family, whose name is the key.
    work : callable
        Returns plain data and arrays.
    """
    if own.journal is None:
        return work()
    known = own.journal.finished(own.family)
    if known is not None:
        return known[0]
    value = work()
    own.journal.finish(own.family, value)
    return value


def _cross_fit(family: Family, work: Callable[[RunContext], CrossFit], own: RunContext) -> CrossFit:
    """Cross-fit a family, or take what it handed back in the run that was killed.

    A model is kept as the state that its file would hold, which loads to the same bits.
    """
    journal = own.journal
    known = journal.finished(own.family) if journal else None
    if known is not None:
        loaded = {
            "model": family.load(known[0]["model"]),
            "models": tuple(family.load(state) for state in known[0]["models"]),
        }
        return CrossFit(**known[0] | loaded)
    for library in family.needs:
        import_module(library)  # what is loaded in training is not held
    with np.errstate(all="ignore"):  # what comes of an overflow is looked at next
        fitted = call_held(lambda: work(own))
    _check_predictions(fitted.predictions)
    if journal is not None:
        with suppress(NotSavable):
            states = {"models": tuple(model.to_state() for model in fitted.models)}
            journal.finish(own.family, vars(fitted) | {"model": fitted.model.to_state()} | states)
    return fitted


def _check_predictions(predictions: Sequence[Array]) -> None:
    """Refuse numbers that no loss could be computed with; the verdict is about all the others."""
    said = [p for p in map(np.asarray, predictions) if p.dtype.kind in "iuf"]
    n_wild = sum(int((~(np.abs(p) <= LARGEST)).sum()) for p in said)
    if n_wild:
        raise DataError(
            f"predicted {n_wild} values that are not finite numbers, or beyond {LARGEST:g}"
        )


def lacking(family: Family) -> str:
    """Say which library a family needs that is not installed; empty if there is none."""
    missing = missing_needs(family)
    if not missing:
        return ""
    extra = EXTRA_OF.get(missing[0])
    what = f"'rung[{extra}]'" if extra else missing[0]
    return f"needs {', '.join(missing)}, which is not installed: pip install {what}"
