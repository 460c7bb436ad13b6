"""Doubt a score that is near perfection, and name the columns that carry it."""

from __future__ import annotations

from collections.abc import Sequence

from rung.check.rest import ColumnSkills
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.core.result import LadderEntry

EXPLAINED = 0.99
RIGHT = 0.995
# A table is trivial where the constant guess is right in so many rows.
TRIVIAL = 0.95
HUNDREDTH = 0.01
ERRORS = ("rmse", "mae", "log_loss", "brier")
MOST_NAMED = 3
MOST_LEFT_OUT = 6
REMEDY = "ask of each whether it is known before {} is; leave out with --drop what is not"


def too_good(ladder: Sequence[LadderEntry], problem: Problem, target: str) -> tuple[Finding, ...]:
    """Return a finding if a family is out of fold almost always right.

    That is, R² of .99 or more, an error below a hundredth of the constant guess's, or an accuracy
    of .995 or more where the guess has .95 at most. It names the columns that tell most alone, and
    those without which a sum of curves or a tree tells least.

    Parameters
    ----------
    ladder : sequence of LadderEntry
        Scores of every family; the constant guess is the lowest step.
    problem : Problem
        Training rows.
    target : str
        Name of the target.
    """
    scored = sorted((one for one in ladder if one.scores), key=lambda one: one.step)
    if len(scored) < 2:
        return ()
    said = [(one, why) for one in scored[1:] if (why := _perfection(one, scored[0]))]
    if not said:
        return ()
    entry, why = said[0]
    columns, evidence = _carriers(ColumnSkills(problem))
    message = f"{entry.title} {why} out of fold, which honest data seldom allow; {evidence}"
    return (Finding("too_good", "warning", columns, message, REMEDY.format(target)),)


def _perfection(entry: LadderEntry, guess: LadderEntry) -> str:
    """Say in which metric a family is nearly perfect, or return an empty string."""
    assert entry.scores is not None
    assert guess.scores is not None
    own = {key: score.mean for key, score in entry.scores.items()}
    other = {key: score.mean for key, score in guess.scores.items()}
    if own.get("r2", 0.0) >= EXPLAINED:
        return f"explains {own['r2']:.4f} of the variance"
    if own.get("accuracy", 0.0) >= RIGHT and other.get("accuracy", 1.0) <= TRIVIAL:
        return f"is right in {own['accuracy']:.2%} of the rows"
    for key in ERRORS:
        if key in own and 0 <= own[key] < HUNDREDTH * other.get(key, 0.0):
            return f"has {own[key] / other[key]:.2%} of the constant guess's {key}"
    return ""


def _carriers(skills: ColumnSkills) -> tuple[tuple[str, ...], str]:
    """Return the columns that carry a score, and the evidence for it."""
    alone = list(skills.alone.items())[:MOST_NAMED]
    names = list(skills.alone)[:MOST_LEFT_OUT]
    without = sorted((skills.skill_without((name,)).value, name) for name in names)[:MOST_NAMED]
    listed = ", ".join(f"{name!r} {skill.value:.3f}" for name, skill in alone)
    left = ", ".join(f"{name!r} {value:.3f}" for value, name in without)
    columns = tuple(dict.fromkeys([*(name for name, _ in alone), *(name for _, name in without)]))
    evidence = (
        f"skill of a column alone: {listed}; of the table without it, by a sum of curves or a "
        f"tree: {left}"
    )
    return columns, evidence
