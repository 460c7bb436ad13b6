"""Read lengths of time: numbers in the unit of a column, or durations such as `7d`."""

from __future__ import annotations

import math
import re

from rung.errors import UsageError

SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0, "y": 31_557_600.0}


def read_duration(option: str, value: str | float, *, is_date: bool) -> float:
    """Return a length of time in the unit of a time column.

    Parameters
    ----------
    option : str
        Name of the option, for messages.
    value : str or number
        A number in the column's own unit, or for dates one with `s`, `min`, `h`, `d`, `w` or `y`
        (365.25 days).
    is_date : bool
        Whether the column holds dates, which count in seconds.

    Raises
    ------
    UsageError
        If it is neither, or the unit does not go with the column.

    Examples
    --------
    >>> read_duration("gap", "1.5d", is_date=True), read_duration("gap", "3", is_date=False)
    (129600.0, 3.0)
    """
    found = re.fullmatch(r"\s*([0-9.eE+-]+?)\s*([a-z]*)\s*", str(value))
    number = _number(found[1]) if found else math.nan
    unit = found[2] if found else ""
    if not (math.isfinite(number) and number >= 0) or (unit and unit not in SECONDS):
        raise UsageError(
            f"{option} {value!r} is no length of time; a number of at least 0 is, with one of "
            f"{', '.join(SECONDS)} for dates",
            f"use --{option} 7d",
        )
    if is_date and not unit and number > 0:
        raise UsageError(
            f"{option} {value!r} has no unit, and the time column holds dates",
            f"use --{option} {number:g}d for days, or one of {', '.join(SECONDS)}",
        )
    if unit and not is_date:
        raise UsageError(
            f"{option} {value!r} has the unit {unit!r}, and the time column holds plain numbers",
            f"use --{option} {number:g} in the unit of the column",
        )
    return number * SECONDS.get(unit, 1.0)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def duration_text(length: float, *, is_date: bool) -> str:
    """Write a length of time in the unit that reads best.

    Examples
    --------
    >>> duration_text(129600.0, is_date=True), duration_text(2.5, is_date=False)
    ('1.5 d', '2.5')
    """
    if not is_date:
        return f"{length:.4g}"
    unit = next((u for u in ("d", "h", "min") if length >= SECONDS[u]), "s")
    return f"{length / SECONDS[unit]:.4g} {unit}"
