"""Read strings as dates and times: ISO 8601, and dates whose order can be told for certain."""

from __future__ import annotations

import polars as pl

DAY_FIRST = "day/month/year"
MONTH_FIRST = "month/day/year"

_CLOCK = (
    r"(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d+)?))?"
    r"\s*(?P<half>[AaPp][Mm])?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?$"
)
_ISO = r"^(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})" + _CLOCK
_TURNED = r"^(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4})(\D.*)?$"


def to_seconds(strings: pl.Series) -> pl.Series:
    """Return seconds since 1970 UTC of ISO 8601 dates and times, null for anything else.

    A time without a zone is taken as UTC.

    Examples
    --------
    >>> to_seconds(pl.Series(["1970-01-02", "1970-01-01T01:00+01:00", "x"])).to_list()
    [86400.0, 0.0, None]
    """
    parts = strings.str.extract_groups(_ISO).struct.unnest()
    day = pl.format("{}-{}-{}", "year", "month", "day").str.to_date("%Y-%m-%d", strict=False)
    hour, minute, second = (
        pl.col(part).cast(pl.Float64).fill_null(0.0) for part in ("hour", "minute", "second")
    )
    half = pl.col("half").str.to_lowercase()
    in_day = pl.when(half == "pm").then(hour % 12 + 12).when(half == "am").then(hour % 12)
    hour = in_day.otherwise(hour)
    on_clock = (hour <= 24) & (minute < 60) & (second < 61)
    seconds = day.dt.epoch("d").cast(pl.Float64) * 86_400 + hour * 3600 + minute * 60 + second
    shifted = pl.when(on_clock).then(seconds - _offset())
    return parts.select(shifted.alias("seconds"))["seconds"]


def _offset() -> pl.Expr:
    """Return the seconds by which local time is ahead of UTC."""
    digits = pl.col("zone").str.replace(":", "", literal=True)
    hours, minutes = (
        digits.str.slice(start, 2).cast(pl.Float64, strict=False).fill_null(0.0) for start in (1, 3)
    )
    sign = pl.when(digits.str.starts_with("-")).then(-1.0).otherwise(1.0)
    return sign * (hours * 3600 + minutes * 60)


def date_order(strings: pl.Series) -> str | None:
    """Tell in which order day, month and year stand.

    Parameters
    ----------
    strings : Series, shape (n_rows,)
        Stripped cells, null for missing.

    Returns
    -------
    str or None
        An empty string for year first (ISO), `day/month/year` or `month/day/year` where a number
        above 12 tells which, None where the cells are no dates or could be both.

    Examples
    --------
    >>> date_order(pl.Series(["03/04/2020", "31/12/2020"]))
    'day/month/year'
    >>> date_order(pl.Series(["03/04/2020", "05/04/2020"])) is None
    True
    """
    present = strings.drop_nulls()
    if present.str.contains(r"^\d{4}[-/]\d").sum() > 0.5 * len(present):
        return ""
    if len(present) == 0 or present.str.contains(_TURNED).sum() <= 0.5 * len(present):
        return None
    parts = present.unique().str.extract_groups(_TURNED).struct.unnest()
    first, second = (parts.to_series(place).cast(pl.Int32) for place in (0, 2))
    first_above, second_above = bool((first > 12).any()), bool((second > 12).any())
    if first_above == second_above:
        return None
    return DAY_FIRST if first_above else MONTH_FIRST


def to_seconds_in(strings: pl.Series, order: str) -> pl.Series:
    """Return seconds since 1970 UTC of dates in a known order.

    Examples
    --------
    >>> to_seconds_in(pl.Series(["2/1/1970 00:01"]), "month/day/year").to_list()
    [2678460.0]
    """
    if order == DAY_FIRST:
        strings = strings.str.replace(_TURNED, "$4-$3-$1$5")
    elif order == MONTH_FIRST:
        strings = strings.str.replace(_TURNED, "$4-$1-$3$5")
    return to_seconds(strings)
