"""Find whole numbers that only name kinds, such as a code of a state."""

from __future__ import annotations

import numpy as np

from rung.check import Check, Seen
from rung.check.naming import words_of
from rung.check.skill import SkillRows, category_skill, number_skill
from rung.core.findings import Finding
from rung.typing import Array

FEWEST_VALUES = 8
MOST_VALUES = 1_000
ROWS_A_VALUE = 10
# Skill that a mean for each value has beyond a straight line, at the least.
BEYOND_LINE = 0.05
# Squared steps of the means from one value to the next, beside what a random order would give.
ROUGH = 0.6
NAMES = frozenset(("code", "zip", "zipcode", "postcode", "postal", "region", "state", "category"))
REMEDY = "if the numbers only name kinds, write them as words: lines and networks read an order"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a finding for each column of whole numbers that behaves or is called like a code.

    It behaves so where the mean of the target jumps from one number to the next as in a random
    order, and still tells far more than a straight line.
    """
    assert seen.skills is not None
    sample, found = seen.skills.sample, []
    for column in sample.design.features:
        values = sample.design.values[column.name]
        if column.kind != "number" or not _may_be_codes(values):
            continue
        named = words_of(column.name)[-1:] and words_of(column.name)[-1] in NAMES
        if not named and not _behaves_as_code(values, sample):
            continue
        distinct = np.unique(values[np.isfinite(values)])
        why = "is called as a code" if named else "has a target that jumps between neighbours"
        message = f"column {column.name!r} has {len(distinct)} whole numbers and {why}"
        found.append(Finding("coded_number", "info", (column.name,), message, REMEDY))
    return tuple(found)


def _may_be_codes(values: Array) -> bool:
    known = values[np.isfinite(values)]
    if not len(known) or not (known == np.floor(known)).all() or known.min() < 0:
        return False
    n_values = len(np.unique(known))
    return FEWEST_VALUES <= n_values <= min(MOST_VALUES, len(known) // ROWS_A_VALUE)


def _behaves_as_code(values: Array, sample: SkillRows) -> bool:
    known = np.isfinite(values)
    level = np.unique(values[known], return_inverse=True)[1]
    part = SkillRows(sample.design, sample.y[known], sample.outputs[known], sample.fold[known])
    means = category_skill(level, part)
    if means.low <= 0 or means.value < BEYOND_LINE:
        return False
    if means.value - _line(values[known], part) < BEYOND_LINE:
        return False
    smooth = number_skill(np.floor(level / 2).astype(np.float64), part)
    return _roughness(level, part.outputs) >= ROUGH and means.value > 1.3 * smooth.value


def _line(x: Array, sample: SkillRows) -> float:
    """Return the share of the outputs' variance that a straight line explains."""
    centred = x - x.mean()
    top = sample.outputs - sample.outputs.mean(axis=0)
    with_x = centred @ top
    return float((with_x**2).sum() / max(float(centred @ centred) * float((top**2).sum()), 1e-300))


def _roughness(level: Array, outputs: Array) -> float:
    """Return squared steps of the means over twice their variance: about 1 in a random order."""
    counts = np.bincount(level)
    means = np.stack([np.bincount(level, one) / counts for one in outputs.T], axis=1)
    spread = 2 * ((means - means.mean(axis=0)) ** 2).mean(axis=0).sum()
    return float((np.diff(means, axis=0) ** 2).mean(axis=0).sum() / spread) if spread > 0 else 0.0


CHECK = Check(
    code="coded_number",
    title="whole numbers that only name kinds",
    severity="info",
    look=find,
    needs_target=True,
    source="Stevens (1946), Science 103",
    remedy=REMEDY,
)
