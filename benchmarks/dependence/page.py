"""Write the figures as a page."""

from __future__ import annotations

from typing import Any

HEAD = """# Are dependent rows found, and independent ones left in peace?

`python -m benchmarks.dependence` draws tables, checks them as `rung check` does, and counts. It goes on where it
stopped; `--anew` starts again.
"""


def page(done: dict[str, list[dict[str, Any]]]) -> str:
    """Return the page.

    Parameters
    ----------
    done : dict
        What the runs gave.
    """
    quiet, loud = done["independent"], done["dependent"]
    mattering = [one for one in loud if one["price"] > one["margin"]]
    alarms = sum(_is_alarm(one) for one in quiet)
    caught = sum(one["said"].get(one["code"]) == "alarm" for one in mattering)
    named = sum(one["said"].get(one["code"]) in ("alarm", "warning") for one in mattering)
    anything = sum(_is_alarm(one) for one in mattering)
    seconds = sum(one["seconds"] for one in quiet + loud)
    cells = sum(one["cells"] for one in quiet + loud)
    quiet_said = (
        f"- **Independent rows**: {alarms} of {len(quiet)} tables raise an alarm "
        f"({_percent(alarms, len(quiet))})."
    )
    loud_said = (
        "- **Dependent rows that flatter by more than the margin**, as a forest measures by the true groups: "
        f"{caught} of {len(mattering)} raise the alarm of the right code "
        f"({_percent(caught, len(mattering))}), {named} at least a warning of it "
        f"({_percent(named, len(mattering))}), {anything} some alarm."
    )
    cost = (
        f"- `check_table` as a whole took {seconds / len(quiet + loud):.2f} processor seconds a table of "
        f"{cells / len(quiet + loud):,.0f} cells on average."
    )
    return "\n".join(
        [
            HEAD,
            quiet_said,
            loud_said,
            cost,
            "",
            "| independent rows | tables | alarms | warnings |",
            "| --- | --- | --- | --- |",
            *_rows(quiet, _quiet_row),
            "",
            "| dependent rows | tables | flatter by more than the margin | alarm | alarm or warning |",
            "| --- | --- | --- | --- | --- |",
            *_rows(loud, _loud_row),
            "",
        ]
    )


def _rows(found: list[dict[str, Any]], row: Any) -> list[str]:
    forms = list(dict.fromkeys(one["form"] for one in found))
    return [row(form, [one for one in found if one["form"] == form]) for form in forms]


def _quiet_row(form: str, found: list[dict[str, Any]]) -> str:
    warnings = sum("warning" in one["said"].values() for one in found)
    return f"| {form} | {len(found)} | {sum(map(_is_alarm, found))} | {warnings} |"


def _loud_row(form: str, found: list[dict[str, Any]]) -> str:
    mattering = [one for one in found if one["price"] > one["margin"]]
    said = [one["said"].get(one["code"]) for one in mattering]
    warned = sum(one in ("alarm", "warning") for one in said)
    return f"| {form} | {len(found)} | {len(mattering)} | {said.count('alarm')} | {warned} |"


def _is_alarm(one: dict[str, Any]) -> bool:
    return "alarm" in one["said"].values()


def _percent(count: int, total: int) -> str:
    return f"{100 * count / max(total, 1):.1f} %"
