"""Make numbers of dates and of positions on a sphere, which models can add up and cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rung.typing import Array

SECONDS_PER_DAY = 86_400.0
DATETIME_PARTS = ("elapsed_days", "year", "month", "day_of_year", "weekday", "hour")
# The end of a year is near its beginning, and midnight near midnight: only a circle says so.
CALENDAR_PARTS = (
    "elapsed_days",
    "year",
    "day_of_year",
    "season_sine",
    "season_cosine",
    "weekday",
    "hour",
    "hour_sine",
    "hour_cosine",
)
SPHERE_PARTS = ("x", "y", "z")


def datetime_parts(seconds: Array, parts: Sequence[str] = DATETIME_PARTS) -> Array:
    """Split times into numeric parts that models can use.

    Parameters
    ----------
    seconds : ndarray, shape (n_rows,)
        Seconds since 1970-01-01 UTC, NaN for missing.
    parts : sequence of str
        Of `DATETIME_PARTS` and `CALENDAR_PARTS`.

    Returns
    -------
    ndarray, shape (n_rows, n_parts)
        Days since 1970, year, month (1 to 12), day of the year (1 to 366), weekday (0 Monday to
        6), hour with its fraction; sine and cosine of the angle that the year, or the day, has
        gone round.

    Examples
    --------
    >>> datetime_parts(np.array([86400.0 * 31 + 3600 * 6]))
    array([[  31.25, 1970.  ,    2.  ,   32.  ,    6.  ,    6.  ]])
    >>> datetime_parts(np.array([3600.0 * 6]), ("hour_sine", "season_cosine")).round(3)
    array([[1., 1.]])
    """
    known = np.isfinite(seconds)
    found = np.full((len(seconds), len(parts)), np.nan)
    days = np.floor(seconds[known] / SECONDS_PER_DAY)
    dates = days.astype("int64").astype("datetime64[D]")
    years, months = dates.astype("datetime64[Y]"), dates.astype("datetime64[M]")
    starts = years.astype("datetime64[D]")
    in_year = (dates - starts).astype("int64")
    hours = (seconds[known] - days * SECONDS_PER_DAY) / 3600.0
    length = ((years + 1).astype("datetime64[D]") - starts).astype("int64")
    season = 2.0 * np.pi * (in_year + hours / 24.0) / length
    turn = 2.0 * np.pi * hours / 24.0
    made: dict[str, Callable[[], Array]] = {
        "elapsed_days": lambda: seconds[known] / SECONDS_PER_DAY,
        "year": lambda: years.astype("int64") + 1970,
        "month": lambda: months.astype("int64") % 12 + 1,
        "day_of_year": lambda: in_year + 1,
        "weekday": lambda: (days + 3) % 7,
        "hour": lambda: hours,
        "season_sine": lambda: np.sin(season),
        "season_cosine": lambda: np.cos(season),
        "hour_sine": lambda: np.sin(turn),
        "hour_cosine": lambda: np.cos(turn),
    }
    for place, part in enumerate(parts):
        found[known, place] = made[part]()
    return found


def varying_parts(seconds: Array) -> tuple[str, ...]:
    """Return the parts of times that differ between rows; elapsed days alone where none does.

    Examples
    --------
    >>> varying_parts(np.arange(5) * 86400.0)
    ('elapsed_days', 'day_of_year', 'season_sine', 'season_cosine', 'weekday')
    """
    found = datetime_parts(seconds[np.isfinite(seconds)], CALENDAR_PARTS)
    if not len(found):
        return CALENDAR_PARTS[:1]
    differs = found.max(axis=0) - found.min(axis=0) > 1e-9
    return (
        tuple(part for part, one in zip(CALENDAR_PARTS, differs, strict=True) if one)
        or CALENDAR_PARTS[:1]
    )


def unit_vectors(longitude: Array, latitude: Array) -> Array:
    """Return positions on the unit sphere, shape (n_rows, 3), from angles in degrees.

    Examples
    --------
    >>> unit_vectors(np.array([90.0]), np.array([0.0])).round(3) + 0.0
    array([[0., 1., 0.]])
    """
    with np.errstate(invalid="ignore"):
        across, up = np.radians(longitude), np.radians(latitude)
        return np.stack(
            [np.cos(up) * np.cos(across), np.cos(up) * np.sin(across), np.sin(up)], axis=1
        )
