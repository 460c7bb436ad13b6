"""Say which model a run can write, where the chosen one holds code."""

from __future__ import annotations

from rung.core.family import Family
from rung.core.findings import Finding
from rung.workbench.climb import Climb


def savable_family(found: Climb) -> Family | None:
    """Return the family whose model is written: the choice, or what stands in for it.

    Returns
    -------
    Family or None
        The choice if it can be saved; else the simplest family that can and is not *worse*;
        None if there is no such family.
    """
    chosen = next(one for one in found.families if one.family.name == found.decision.choice.family)
    candidates = [chosen, *sorted(found.families, key=lambda one: one.family.step)]
    return next(
        (
            one.family
            for one in candidates
            if one.fitted is not None
            and one.family.savable
            and (one is chosen or found.decision.families[one.family.name].verdict != "worse")
        ),
        None,
    )


def not_savable_finding(found: Climb, saved: Family | None) -> tuple[Finding, ...]:
    """Say aloud that the model file holds another family than the choice, or that there is none."""
    name = found.decision.choice.family
    if saved is not None and saved.name == name:
        return ()
    chosen = next(one.family for one in found.families if one.family.name == name)
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
            f"the choice, {chosen.title}, is code, and a model file holds none; {kept}",
            "predict in memory with the run's model, or choose among rung's own families",
        ),
    )
