"""Suspect columns that give the answer away."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
from scipy.optimize import linear_sum_assignment

from rung.check import Check, Seen
from rung.check.combination import combine, find_functions_of_pairs
from rung.check.formula import SHARE, linear_share
from rung.check.identity import find_identities
from rung.check.naming import twins_of
from rung.check.one_sided import settling_values
from rung.check.rest import ColumnSkills
from rung.check.skill import FEWEST_ROWS, Skill, missing_skill, number_skill
from rung.core.family import Problem
from rung.core.findings import Finding
from rung.typing import Array

SUSPECT = 0.90
# The rest of the table comes near where it leaves at most so many times the loss, or next to none.
NEAR = 2.0
NEXT_TO_NONE = 0.03
OF_MISSING = 0.5
OF_PAIR = 0.9995
# Times the loss that its parts, and the rest of the table, leave at least beside a pair.
FAR_BETTER = 5.0
MOST_PAIRED = 40
RELABELLED = 0.99
# Nats a row of the table by which a settling value must beat the share of its answer elsewhere.
SURPRISE = 0.2
ROWS_SHOWN = 5


def find_leaks(problem: Problem, target: str = "") -> tuple[Finding, ...]:
    """Find columns that give the answer away; see `leaks_of`."""
    return tuple(leaks_of(ColumnSkills(problem), target))


def leaks_of(skills: ColumnSkills, target: str) -> Iterator[Finding]:
    """Yield an alarm for each way in which the target can be read off the table.

    In turn: it is computed from columns by a formula that holds in 99 % of the rows; a column has
    the classes under other names; whether a cell is missing removes half of the loss; a curve of
    two columns together tells it; a column has a skill whose lower 95 % bound is .90 or more, and
    the rest of the table does not come near it; one value settles the target of many rows. A
    column is named once. Only training rows are looked at, at most 20,000 of them.

    Parameters
    ----------
    skills : ColumnSkills
        What every column tells of the target.
    target : str
        Name of the target.

    Yields
    ------
    Finding
        Code `leak`.

    Source
    ------
    Kapoor & Narayanan (2023), Patterns 4: leakage in 294 papers of 17 fields. NOTE[DIFF] the
    thresholds are ours: `benchmarks/check` shows how far honest columns stay below them.
    """
    y = skills.sample.y
    if len(y) < FEWEST_ROWS or (len(skills.problem.classes) and _is_hopeless(y)):
        return
    named: set[str] = set()
    for look in (_formulas, _relabelled, _missingness, _of_pairs, _strong, _settling):
        if named and look is _of_pairs:  # a formula is there: no need to look for a curve
            continue
        for finding in look(skills, target):
            if not named.issuperset(finding.columns):
                named.update(finding.columns)
                yield finding


def _is_hopeless(y: Array) -> bool:
    """Tell whether hardly any row is not of the commonest class, or classes hardly repeat."""
    errors = len(y) - int(np.bincount(y.astype(np.int64)).max())
    return errors < FEWEST_ROWS or 2 * len(np.unique(y)) > len(y)


def _formulas(skills: ColumnSkills, target: str) -> Iterator[Finding]:
    if skills.problem.classes:
        return
    names = plain_numbers(skills)
    columns = np.stack([skills.numbers[name] for name in names], axis=1) if names else None
    if columns is None:
        return
    for one in find_identities(skills.sample.y, columns):
        sources = tuple(names[j] for j in one.sources)
        formula = one.formula.format(*sources)
        known = np.isfinite(columns[:, one.sources]).all(axis=1)
        where = "" if known.all() else f" of the {int(known.sum())} where {_they(sources)} known"
        message = (
            f"{target or 'the target'} = {formula} in {one.share:.1%} of the training rows{where}, "
            f"to the printed precision; {_five_rows(skills, sources, target)}"
        )
        yield _finding(sources, target, message)


def _they(names: Collection[str]) -> str:
    return "it is" if len(names) == 1 else "they are"


def plain_numbers(skills: ColumnSkills) -> list[str]:
    """Name the columns of numbers that are no parts of times, in the order of the table."""
    design = skills.sample.design
    return [c.name for c in design.features if not c.is_coded and c.kind != "datetime"]


def _relabelled(skills: ColumnSkills, target: str) -> Iterator[Finding]:
    """Yield columns whose values are the classes under other names."""
    y = skills.sample.y
    if not skills.problem.classes:
        return
    for name in skills.alone:
        level = _levels(skills, name)
        if level is None:
            continue
        share = _one_to_one(level, y.astype(np.int64))
        if share >= RELABELLED:
            message = (
                f"column {name!r} has the classes of {target or 'the target'} under other names, "
                f"in {share:.1%} of the training rows; {_five_rows(skills, (name,), target)}"
            )
            yield _finding((name,), target, message)


def _levels(skills: ColumnSkills, name: str) -> Array | None:
    """Return a column as level numbers, missing cells as one; None where it has very many."""
    n_classes = len(skills.problem.classes)
    if name in skills.numbers:
        values = skills.numbers[name]
        head = np.unique(values[:1_000])
        if len(head) > 3 * n_classes + 3:
            return None
        distinct, level = np.unique(values, return_inverse=True)
    else:
        distinct, level = np.unique(skills.sample.design.values[name], return_inverse=True)
    return level if len(distinct) <= 3 * n_classes + 3 else None


def _one_to_one(level: Array, y: Array) -> float:
    """Return the share of the rows that the best pairing of levels with classes gets right.

    Examples
    --------
    >>> _one_to_one(np.array([2, 2, 0, 0]), np.array([0, 0, 1, 1]))
    1.0
    >>> _one_to_one(np.array([2, 1, 0, 0]), np.array([0, 0, 1, 1]))
    0.75
    """
    counts = np.zeros((int(level.max()) + 1, int(y.max()) + 1), dtype=np.int64)
    np.add.at(counts, (level, y), 1)
    of_level, of_class = linear_sum_assignment(counts, maximize=True)
    return float(counts[of_level, of_class].sum() / len(y))


def _missingness(skills: ColumnSkills, target: str) -> Iterator[Finding]:
    """Yield columns of which it is enough to know whether a cell is missing."""
    patterns: dict[bytes, list[str]] = {}
    for column in skills.sample.design.features:
        values = skills.sample.design.values[column.name]
        is_missing = values < 0 if column.is_coded else ~np.isfinite(values)
        if 0 < is_missing.sum() < len(is_missing):
            patterns.setdefault(np.packbits(is_missing).tobytes(), []).append(column.name)
    for bits, names in patterns.items():
        is_missing = np.unpackbits(np.frombuffer(bits, np.uint8), count=len(skills.sample.y))
        skill = missing_skill(is_missing, skills.sample)
        if skill.value >= OF_MISSING and skill.low > 0:
            what = " or ".join(map(repr, names[:3])) + (" ..." if len(names) > 3 else "")
            message = (
                f"whether {what} is missing tells {target or 'the target'} with a skill of {skill}, "
                f"whatever the cells hold; {int(is_missing.sum())} of {len(is_missing)} are missing"
            )
            yield _finding(tuple(names), target, message)


def _of_pairs(skills: ColumnSkills, target: str) -> Iterator[Finding]:
    """Yield pairs of which a sum, difference, product, ratio or length tells a quantity alone."""
    if skills.problem.classes:
        return
    plain = set(plain_numbers(skills))
    names = [
        name
        for name, skill in skills.alone.items()
        if name in plain and skill.low < OF_PAIR and skill.n_rows > 0
    ][:MOST_PAIRED]
    if len(names) < 2:
        return
    columns = np.stack([skills.numbers[name] for name in names], axis=1)
    for way, i, j in find_functions_of_pairs(skills.sample.outputs[:, 0], columns):
        pair = (names[i], names[j])
        values = combine(way, columns[:, i], columns[:, j])
        share = linear_share(skills.sample.y, values)
        skill = number_skill(values, skills.sample)
        if share < SHARE and not _is_far_better(skill, pair, skills):
            continue
        how = (
            f"exactly in {share:.1%} of the rows" if share >= SHARE else f"with a skill of {skill}"
        )
        message = (
            f"the {way} of columns {pair[0]!r} and {pair[1]!r} tells {target or 'the target'} {how}, "
            f"the table without them has {skills.skill_without(pair)}; "
            f"{_five_rows(skills, pair, target)}"
        )
        yield _finding(pair, target, message)
        return


def _is_far_better(skill: Skill, pair: tuple[str, str], skills: ColumnSkills) -> bool:
    """Tell whether two columns together are far better than each, and than all others."""
    left = FAR_BETTER * (1 - skill.value)
    if skill.low < OF_PAIR or left > 1 - max(skills.alone[name].value for name in pair):
        return False
    return left <= 1 - skills.skill_without(pair).value


def _strong(skills: ColumnSkills, target: str) -> Iterator[Finding]:
    """Yield columns that tell the target alone while the others do not come near."""
    twins = twins_of(target, list(skills.alone))
    for name, skill in skills.alone.items():
        if skill.low < SUSPECT:
            return
        rest = skills.skill_without((name,))
        if is_near(rest, skill) and name not in twins:
            continue
        message = (
            f"column {name!r} alone has a skill of {skill}{_where(skill, skills)}, the table "
            f"without it {rest}; {_five_rows(skills, (name,), target)}"
        )
        yield _finding((name,), target, message)


def is_near(rest: Skill, skill: Skill) -> bool:
    """Tell whether the rest of the table comes near the skill of a column.

    Examples
    --------
    >>> skill = Skill(0.95, 0.94, 0.96, 100)
    >>> is_near(Skill(0.91, 0.9, 0.92, 100), skill), is_near(Skill(0.8, 0.7, 0.9, 100), skill)
    (True, False)
    """
    return 1 - rest.value <= max(NEAR * (1 - skill.value), NEXT_TO_NONE)


def _where(skill: Skill, skills: ColumnSkills) -> str:
    if skill.n_rows == len(skills.sample.y):
        return ""
    return f" in the {skill.n_rows} rows where it is known"


def _settling(skills: ColumnSkills, target: str) -> Iterator[Finding]:
    """Yield values that settle the target where the rest of the table does not."""
    for one in settling_values(skills):
        if one.is_told_by_others or one.surprise < SURPRISE:
            continue
        name = target or "the target"
        answer = answer_text(skills.problem, one.answer)
        message = (
            f"{one.n_answer} of {one.n_rows} training rows with {one.value} in {one.column!r} have "
            f"{name} {answer}, of the others {one.elsewhere:.1%}; the rest of the table does not "
            "tell these rows"
        )
        yield _finding((one.column,), target, message)


def answer_text(problem: Problem, answer: float) -> str:
    """Write a class by its name, a quantity as a number."""
    return repr(problem.classes[int(answer)]) if problem.classes else f"{answer:.6g}"


def _five_rows(skills: ColumnSkills, names: Collection[str], target: str) -> str:
    """Write five training rows from low to high: columns, then the target."""
    design, y = skills.sample.design, skills.sample.y
    first = next(iter(names))
    keys = skills.numbers[first] if first in skills.numbers else design.values[first]
    with_key = np.flatnonzero(np.isfinite(keys.astype(np.float64)))
    order = with_key[np.lexsort((y[with_key], keys[with_key]))]
    places = np.unique(np.linspace(0, len(order) - 1, ROWS_SHOWN).round().astype(np.int64))
    shown = [
        f"({', '.join(_cell(skills, name, row) for name in names)}) {answer_text(skills.problem, y[row])}"
        for row in order[places]
    ]
    return f"five rows, ({', '.join(names)}) {target or 'target'}: {'; '.join(shown)}"


def _cell(skills: ColumnSkills, name: str, row: int) -> str:
    if name in skills.numbers:
        return f"{skills.numbers[name][row]:.6g}"
    code = int(skills.sample.design.values[name][row])
    return repr(skills.sample.design.column(name).levels[code]) if code >= 0 else "missing"


def _finding(columns: tuple[str, ...], target: str, message: str) -> Finding:
    known = "is it" if len(columns) == 1 else "are they"
    return Finding(
        "leak",
        "alarm",
        columns,
        message,
        f"{known} known before {target or 'the target'} is? if not, leave out with --drop",
    )


def found_leaks(seen: Seen) -> tuple[Finding, ...]:
    """Return what `leaks_of` finds, looked for once."""
    if seen.skills is None:
        return ()
    if CHECK.code not in seen.memory:
        seen.memory[CHECK.code] = tuple(leaks_of(seen.skills, seen.target))
    return seen.memory[CHECK.code]


CHECK = Check(
    code="leak",
    title="columns that give the answer away",
    severity="alarm",
    look=found_leaks,
    needs_target=True,
    source="Kapoor & Narayanan (2023), Patterns 4; thresholds of our own",
    remedy="is it known before the target is? if not, leave it out with --drop",
)
