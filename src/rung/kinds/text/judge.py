"""Judge families of text by the likelihood that they give to text they have not seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from rung.compute import one_thread_each
from rung.core.family import CrossFit
from rung.core.judge_likelihoods import BASELINE, UnitLosses, score_units, sealed_unit_scores
from rung.core.result import TestResult
from rung.errors import ResourceError
from rung.kinds.kind import Judged, Ladder, SealedTest
from rung.kinds.text.options import TextOptions
from rung.kinds.text.prepare import PreparedText
from rung.text.problem import TextModel, unit_losses
from rung.typing import Array


def judge(prepared: PreparedText, fits: Mapping[str, CrossFit]) -> Judged:
    """Return losses of units and scores of families; the evidence is nats and characters by family.

    Raises
    ------
    ResourceError
        If the unigram, by which all others are measured, is not among them.
    """
    losses = {name: fitted.unit_losses[0] for name, fitted in fits.items()}
    if BASELINE not in losses:
        raise ResourceError("the unigram could not be counted", "run again with --debug")
    units = units_of(prepared, losses)
    notes = {name: other_seeds(fitted) for name, fitted in fits.items()}
    return Judged(units.to_losses(), score_units(units), losses, notes=notes)


def units_of(prepared: PreparedText, losses: Mapping[str, Array]) -> UnitLosses:
    """Return losses of units with what the comparison must know about them."""
    return UnitLosses(
        losses,
        n_pieces=prepared.division.n_distinct,
        counted=prepared.counted,
        is_ordered=prepared.kind == "stream",
        is_bounded=prepared.division.is_bounded,
    )


def other_seeds(fitted: CrossFit) -> tuple[str, ...]:
    """Say how far models of other seeds spread; the verdict is about the one that was trained."""
    found = fitted.seed_scores
    if not found:
        return ()
    spread = f"{min(found):.4f} to {max(found):.4f} nats a character on the same part"
    return (f"{len(found)} models trained from other seeds: {spread}",)


def sealed_test(prepared: PreparedText, found: Ladder, options: TextOptions) -> SealedTest:
    """Return the final test: the unigram, the choice and the leader on the sealed part."""
    return SealedTest(lambda: _open(prepared, found, options))


def _open(prepared: PreparedText, found: Ladder, options: TextOptions) -> TestResult:
    if not prepared.sealed.n_scored:
        return TestResult(False, 0, prepared.seal.reason)
    roles = {"constant": BASELINE, "choice": found.choice, "leader": found.leader}
    with one_thread_each():
        by_family = {
            name: unit_losses(cast(TextModel, found.model(name)), prepared.sealed)
            for name in sorted(set(roles.values()))
        }
    units = units_of(prepared, {role: by_family[name] for role, name in roles.items()})
    return TestResult(
        opened=True,
        n=prepared.sealed.n_units,
        families=roles,
        scores=sealed_unit_scores(units, seed=options.seed),
    )
