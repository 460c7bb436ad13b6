"""Fill the sheet of leakage: its eight kinds, and what the run knows of each.

Source: Kapoor & Narayanan (2023), Patterns 4, 100804. What only a person can know is left open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rung.core.result import Result
from rung.report.filling import fill
from rung.report.numbers import clean
from rung.report.sections.section import Section
from rung.typing import JSON

AVOIDED, NOTHING, FOUND, OPEN = "avoided", "nothing found", "found", "to be answered by you"
KINDS_OF_STATE = {AVOIDED: "good", NOTHING: "good", FOUND: "alarm", OPEN: "open"}
MOST_FINDINGS = 3
# Codes of findings (`rung.check`) that belong to a kind of leakage.
DUPLICATES = (
    "duplicate_rows",
    "near_duplicates",
    "conflicting_rows",
    "duplicate_lines",
    "frequent_lines",
    "alike_lines",
    "alike_images",
)
ILLEGITIMATE = ("leak", "too_good", "later_by_name", "strong_column")
IN_TIME = ("time",)
ALIKE = ("groups", "space", "near_duplicates", "alike_lines", "alike_images")
REOPENED = ("reopened", "opened_for_others", "post_hoc", "seal_changed")


class Leakage(NamedTuple):
    """One line of the sheet: a kind of leakage, how it stands, and why."""

    kind: str
    state: str
    said: tuple[str, ...]


def leakage_sheet(result: Result, summary: JSON) -> list[Leakage]:
    """Return the eight kinds with what the run knows of each."""
    found = summary["findings"]
    return [
        _test_set(result, summary, _of(found, REOPENED)),
        _preprocessing(result),
        _selection(result),
        _duplicates(_of(found, DUPLICATES), summary["words"]["units"]),
        _features(result, _of(found, ILLEGITIMATE)),
        _time(result, _of(found, IN_TIME)),
        _dependence(result, summary, _of(found, ALIKE)),
        Leakage("Sampling bias in the test distribution", OPEN, (_SAMPLING,)),
    ]


_SAMPLING = (
    "The test is a part of what was given. Were these data sampled as those that the model will "
    "be used on: same places, times, instruments, people?"
)


def _of(findings: Sequence[JSON], codes: Sequence[str]) -> list[JSON]:
    return [one for one in findings if one["code"] in codes]


def _messages(findings: Sequence[JSON]) -> tuple[str, ...]:
    """Return what findings say; `clean` was done by the summary."""
    return tuple(one["message"] for one in findings[:MOST_FINDINGS])


def _test_set(result: Result, summary: JSON, found: Sequence[JSON]) -> Leakage:
    title, units = "No test set", summary["words"]["units"]
    test = summary["test"]
    if not test["is_sealed"]:
        reason = test["reason"] or f"no {units} were set aside"
        return Leakage(title, FOUND, (f"Nothing was sealed: {reason}. Scores are out of fold.",))
    said = (
        f"{test['n']} {units} were sealed before anything was fitted, and opened after the choice."
    )
    return Leakage(title, FOUND if found else AVOIDED, (said, *_messages(found)))


def _preprocessing(result: Result) -> Leakage:
    said = (
        "Scaling, coding of categories, filling in and all else that is learned is learned from "
        "the training part of each fold alone."
    )
    if result.folds.has_one_split:
        said = "All that is learned is learned from the training part alone."
    return Leakage("Preprocessing on training and test data together", AVOIDED, (said,))


def _selection(result: Result) -> Leakage:
    title = "Feature selection on training and test data together"
    if result.folds.has_one_split:
        said = "Hyper-parameters are chosen on a part that no family is compared or tested on."
        return Leakage(title, AVOIDED, (said,))
    said = "Features and hyper-parameters are chosen inside the training part of each fold."
    given = [name for name in ("features", "drop") if result.options.get(name)]
    if not given:
        return Leakage(title, AVOIDED, (said,))
    asked = f"You gave --{' and --'.join(given)}: was that decided without a look at these rows?"
    return Leakage(title, OPEN, (said, asked))


def _duplicates(found: Sequence[JSON], units: str) -> Leakage:
    title = "Duplicates"
    if not found:
        return Leakage(title, NOTHING, (f"No {units} were found to repeat others.",))
    together = f"Equal {units} stay on one side of the test and of every fold."
    is_grave = any(one["severity"] == "alarm" for one in found)
    return Leakage(title, FOUND if is_grave else AVOIDED, (*_messages(found), together))


def _features(result: Result, found: Sequence[JSON]) -> Leakage:
    title = "Features that are not legitimate"
    if result.folds.has_one_split:
        return Leakage(title, AVOIDED, ("A text has no other columns than its own characters.",))
    ask = f"Is every feature known before {clean(result.target)} is, where the model will be used?"
    if any(one["severity"] == "alarm" for one in found):
        return Leakage(title, FOUND, (*_messages(found), ask))
    none = () if found else ("No feature was found to give the target away.",)
    return Leakage(title, OPEN, (*_messages(found), *none, ask))


def _time(result: Result, found: Sequence[JSON]) -> Leakage:
    title = "Temporal leakage"
    if result.options.get("time"):
        by = clean(result.options["time"])
        return Leakage(title, AVOIDED, (f"Later rows are predicted from earlier ones, by {by}.",))
    if found:
        return Leakage(title, FOUND, _messages(found))
    ask = "Do rows have an order in time that the table does not show?"
    if result.folds.has_one_split:
        return Leakage(
            title, OPEN, (ask.replace("rows", "parts of the text").replace("table", "file"),)
        )
    return Leakage(title, OPEN, ("No order in time was found among the rows.", ask))


def _dependence(result: Result, summary: JSON, found: Sequence[JSON]) -> Leakage:
    title = "Training and test are not independent"
    alarms = [one for one in found if one["severity"] == "alarm"]
    if alarms:
        return Leakage(title, FOUND, _messages(alarms))
    unit, dependence = result.folds.unit, summary["folds"]["dependence"]
    if dependence or unit not in ("row", "line"):
        said = dependence["said"] if dependence else f"the unit of division is: {clean(unit)}"
        return Leakage(title, AVOIDED, (f"What belongs together stays together; {said}.",))
    units = summary["words"]["units"]
    ask = f"Do several {units} belong to one person, object, place or source?"
    none = f"No {units} were found to be alike in groups or by place."
    return Leakage(title, OPEN, (*_messages(found), *(() if found else (none,)), ask))


def render(sheet: list[Leakage], result: Result) -> str:
    """Return the sheet as a table."""
    return fill("leakage.html.j2", sheet=sheet, kinds=KINDS_OF_STATE)


SECTION = Section(
    name="leakage",
    title="Leakage, kind by kind",
    position=1550,
    data=leakage_sheet,
    render=render,
    terms=("leakage",),
)
