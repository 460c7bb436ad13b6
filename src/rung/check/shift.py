"""Ask whether training and sealed rows can be told apart by their features; no target is looked at."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.check.duplicate_rows import row_codes
from rung.check.rest import ColumnSkills
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.typing import Array

SKILL = 0.05
FEWEST_SEALED = 30
MOST_NAMED = 4
REMEDY = "the sealed score then says what the model is worth on other rows than it learned from"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding if a curve, or a sum of curves, tells the sealed rows from the others.

    Equal rows are sealed together, and groups whole, so that one row of each is asked.
    """
    if seen.is_sealed is None or seen.is_sealed.sum() < FEWEST_SEALED:
        return ()
    rows = _one_of_each(seen)
    is_sealed = seen.is_sealed[rows]
    if is_sealed.sum() < FEWEST_SEALED or (~is_sealed).sum() < FEWEST_SEALED:
        return ()
    design = seen.dataset.take(rows)
    skills = ColumnSkills(Problem("binary", design, is_sealed.astype(int), ("kept", "sealed")))
    alone = {name: one for name, one in skills.alone.items() if one.low >= SKILL}
    together = skills.table.skill_without((), skills.sample)
    if not alone and together.low < SKILL:
        return ()
    named = list(alone)[:MOST_NAMED] or list(skills.alone)[:MOST_NAMED]
    listed = ", ".join(f"{name!r} {skills.alone[name]}" for name in named)
    message = (
        f"sealed rows differ from training rows: all features tell them apart with a skill of "
        f"{together}, alone {listed}"
    )
    columns = tuple(dict.fromkeys(_owner(name, seen) for name in named))
    return (Finding("shift", "warning", columns, message, REMEDY),)


def _owner(name: str, seen: Seen) -> str:
    """Return the column that a part of a time belongs to."""
    known = {column.name for column in seen.dataset.columns}
    return name if name in known else name.rpartition(".")[0]


def _one_of_each(seen: Seen) -> Array:
    """Return the first row of each group, or of each set of equal rows."""
    group = next((c.name for c in seen.dataset.columns if c.role == "group"), None)
    codes = row_codes(seen.dataset)[0] if group is None else seen.dataset.values[group]
    if len(codes) != seen.dataset.n_rows:
        return np.arange(seen.dataset.n_rows)
    return np.sort(np.unique(codes, return_index=True)[1])


CHECK = Check(
    code="shift",
    title="sealed rows that differ from training rows",
    severity="warning",
    look=find,
    source="Lopez-Paz & Oquab (2017), ICLR: classifier two-sample tests",
    remedy=REMEDY,
)
