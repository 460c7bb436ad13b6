"""Withhold a claim that was made on folds of rows which are not independent."""

from __future__ import annotations

from dataclasses import replace

from rung.core.findings import Finding
from rung.core.result import Result

DEPENDENCE = ("groups", "time", "space", "near_duplicates")


def alarms_of(result: Result) -> tuple[Finding, ...]:
    """Return the alarms that say that rows are not independent."""
    alarms = (one for one in result.findings if one.severity == "alarm")
    return tuple(one for one in alarms if one.code in DEPENDENCE)


def is_withheld(result: Result) -> bool:
    """Tell whether such an alarm stands unanswered, so that nothing is claimed."""
    return bool(alarms_of(result)) and not result.options.get("independent")


def heed_dependence(result: Result) -> Result:
    """Return the result without a claim where an alarm of dependent rows was left unanswered.

    The choice stays what it is, and its sentence says why it is no claim. An alarm is answered by
    the option that it names, which keeps such rows together, or by declaring rows independent;
    then the sentence says that instead.

    Parameters
    ----------
    result : Result
        Of a run.
    """
    alarms = alarms_of(result)
    if not alarms:
        return result
    choice = result.choice
    if not is_withheld(result):
        declared = f"rows were declared independent, against {len(alarms)} alarm"
        declared += f"{'' if len(alarms) == 1 else 's'} ({_said(alarms[0])})"
        return replace(result, choice=replace(choice, sentence=f"{choice.sentence}; {declared}"))
    reason = (
        f"no claim: rows are not independent, and {_said(alarms[0])}; {alarms[0].remedy}, or "
        "--independent to declare it"
    )
    return replace(
        result,
        choice=replace(
            choice, sentence=f"{reason}; as it stands, {choice.sentence}", is_claim=False
        ),
    )


def _said(alarm: Finding) -> str:
    """Return what an alarm measured: the part of its message from the price on.

    Examples
    --------
    >>> _said(Finding("groups", "alarm", (), "rows are alike; random folds flatter by .5"))
    'random folds flatter by .5'
    """
    return alarm.message[max(alarm.message.find("random folds"), 0) :]
