"""Note the columns that tell much of the target and are just below an alarm."""

from __future__ import annotations

from rung.check import Check, Seen
from rung.check.leak import SUSPECT, answer_text, found_leaks
from rung.check.one_sided import settling_values
from rung.check.rest import ColumnSkills
from rung.core.findings import Finding, Severity

STRONG = 0.80
MOST_NAMED = 6
REMEDY = "ask of each whether it is known before {} is; leave out with --drop what is not"


def find(seen: Seen) -> tuple[Finding, ...]:
    """Return a note on columns of much skill, and one on values that settle the target.

    A warning where a column alone reaches what a suspected leak must reach, and the rest of the
    table comes near it: so do good measurements of one thing, and so do two leaks.
    """
    assert seen.skills is not None
    leaked = {name for finding in found_leaks(seen) for name in finding.columns}
    return (*_strong(seen.skills, seen.target, leaked), *_settling(seen, leaked))


def _strong(skills: ColumnSkills, target: str, leaked: set[str]) -> tuple[Finding, ...]:
    strong = {
        name: skill
        for name, skill in skills.alone.items()
        if skill.value >= STRONG and name not in leaked
    }
    if not strong:
        return ()
    listed = [f"{name!r} {skill}" for name, skill in strong.items()]
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    first = next(iter(strong))
    are_suspect = strong[first].low >= SUSPECT
    rest = skills.skill_without((first,))
    message = (
        f"alone, with the skill of each: {', '.join(listed[:MOST_NAMED])}{more}; the table without "
        f"{first!r} has {rest}"
    )
    severity: Severity = "warning" if are_suspect else "info"
    return (Finding("strong_column", severity, tuple(strong), message, REMEDY.format(target)),)


def _settling(seen: Seen, leaked: set[str]) -> tuple[Finding, ...]:
    assert seen.skills is not None
    if len(seen.skills.sample.y) == 0:
        return ()
    found = [one for one in settling_values(seen.skills) if one.column not in leaked]
    if not found:
        return ()
    told = [
        f"{one.n_answer} of {one.n_rows} rows with {one.value} in {one.column!r} have "
        f"{answer_text(seen.skills.problem, one.answer)} (of the others {one.elsewhere:.1%})"
        for one in found[:MOST_NAMED]
    ]
    columns = tuple(dict.fromkeys(one.column for one in found))
    message = f"values that nearly settle {seen.target}: {'; '.join(told)}"
    return (Finding("strong_column", "info", columns, message, REMEDY.format(seen.target)),)


CHECK = Check(
    code="strong_column",
    title="columns that tell almost enough to be suspected leaks",
    severity="warning",
    look=find,
    needs_target=True,
    source="Kapoor & Narayanan (2023), Patterns 4; thresholds of our own",
    remedy="ask of each whether it is known before the target is; if not, leave it out with --drop",
)
