"""Say which model a run can write, where the chosen one holds code."""

from __future__ import annotations

from rung.core.family import Family
from rung.core.findings import Finding
from rung.errors import NotSavable
from rung.kinds.attempt import Climbed
from rung.workbench.climb import Climb


def savable_family(found: Climb) -> Family | None:
    """Return the family whose model is written: the choice, or what stands in for it.

    Returns
    -------
    Family or None
        The choice if it can be saved; else the simplest family that can and is not *worse*;
        None if there is no such family.
    """
    chosen, judged = _chosen(found), found.decision.families
    others = sorted(found.families, key=lambda one: one.family.step)
    not_worse = [one for one in others if one.fitted and judged[one.family.name].verdict != "worse"]
    return next((one.family for one in (chosen, *not_worse) if _is_savable(one)), None)


def _chosen(found: Climb) -> Climbed:
    name = found.decision.choice.family
    return next(one for one in found.families if one.family.name == name)


def _is_savable(one: Climbed) -> bool:
    """Ask the model itself: a blend can be saved if all its members can."""
    assert one.fitted is not None
    try:
        one.fitted.model.to_state()
    except NotSavable:
        return False
    return True


def not_savable_finding(found: Climb, saved: Family | None) -> tuple[Finding, ...]:
    """Say aloud that the model file holds another family than the choice, or that there is none."""
    chosen = _chosen(found).family
    if saved is chosen:
        return ()
    kept = (
        "no model file is written, as every family that can be saved is worse"
        if saved is None
        else f"the model file holds {saved.title}, the simplest family that can be saved and is "
        "not worse"
    )
    return (
        Finding(
            "not_savable",
            "warning",
            (),
            f"the choice, {chosen.title}, holds code, and a model file holds none; {kept}",
            "predict in memory with the run's model, or choose among rung's own families",
        ),
    )
