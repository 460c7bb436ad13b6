"""Read strings as numbers, truth values or times; all of a column at once.

Every function takes a polars series of stripped strings with null for missing, and returns a
series with null where a cell does not parse.
"""

from __future__ import annotations

import polars as pl

MISSING_TOKENS = (
    "", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?", "-", "--", '""',
)  # fmt: skip
EXACT_LIMIT = 2.0**53
BLANKS = " \t\r\n\u00a0\ufeff"

_INTEGER = r"^[+-]?\d+$"
_LEADING_ZERO = r"^[+-]?0\d+$"
_DECIMAL_COMMA = r"^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$"
_ISO_TIME = (
    r"^(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"
    r"(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d+)?))?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?$"
)


def strip_missing(strings: pl.Series) -> pl.Series:
    """Strip blanks around every cell and turn the tokens for missing into null.

    Examples
    --------
    >>> strip_missing(pl.Series([" a ", "?", "NA", "0"])).to_list()
    ['a', None, None, '0']
    """
    stripped = strings.str.strip_chars(BLANKS)
    tokens = pl.Series(list(MISSING_TOKENS), dtype=pl.String)
    return stripped.to_frame("cell").select(
        pl.when(pl.col("cell").is_in(tokens.implode()).not_()).then(pl.col("cell"))
    )["cell"]


def to_numbers(strings: pl.Series) -> pl.Series:
    """Return float64, null where a cell is not a number; infinities are kept.

    Examples
    --------
    >>> to_numbers(pl.Series(["1", "-2.5e3", "x"])).to_list()
    [1.0, -2500.0, None]
    """
    return strings.cast(pl.Float64, strict=False).fill_nan(None)


def to_numbers_with_comma(strings: pl.Series) -> pl.Series | None:
    """Return float64 where commas are decimal signs, or None where they need not be.

    A comma is a decimal sign only if some cell has one, none has two, and no cell has a point.

    Examples
    --------
    >>> to_numbers_with_comma(pl.Series(["1,5", "2"])).to_list()
    [1.5, 2.0]
    """
    has_comma = strings.str.contains(_DECIMAL_COMMA)
    if not has_comma.any() or strings.str.contains(".", literal=True).any():
        return None
    return to_numbers(strings.str.replace(",", ".", literal=True))


def to_truth(strings: pl.Series) -> pl.Series:
    """Return 1.0 for true and 0.0 for false in any case, null for anything else."""
    lowered = strings.str.to_lowercase()
    known = lowered.is_in(pl.Series(["true", "false"]).implode())
    return (lowered == "true").cast(pl.Float64).set(~known, None)


def to_seconds(strings: pl.Series) -> pl.Series:
    """Return seconds since 1970 UTC of ISO 8601 dates and times, null for anything else.

    A time without a zone is taken as UTC.

    Examples
    --------
    >>> to_seconds(pl.Series(["1970-01-02", "1970-01-01T01:00+01:00", "x"])).to_list()
    [86400.0, 0.0, None]
    """
    parts = strings.str.extract_groups(_ISO_TIME).struct.unnest()
    day = pl.format("{}-{}-{}", "year", "month", "day").str.to_date("%Y-%m-%d", strict=False)
    clock = [pl.col(part).cast(pl.Float64).fill_null(0.0) for part in ("hour", "minute", "second")]
    zone = pl.col("zone").str.replace("Z", "+0000", literal=True).str.replace(":", "")
    sign = pl.when(zone.str.starts_with("-")).then(-1.0).otherwise(1.0)
    hours, minutes = zone.str.slice(1, 2), zone.str.slice(3, 2)
    offset = sign * (hours.cast(pl.Float64) * 3600 + minutes.cast(pl.Float64) * 60)
    on_clock = (clock[0] < 25) & (clock[1] < 60) & (clock[2] < 62)
    seconds = day.dt.epoch("d").cast(pl.Float64) * 86_400 + clock[0] * 3600
    seconds = seconds + clock[1] * 60 + clock[2] - offset.fill_null(0.0)
    return parts.select(pl.when(on_clock).then(seconds).alias("seconds"))["seconds"]


def looks_like_time(strings: pl.Series) -> bool:
    """Tell from a few cells whether the column deserves to be read as times."""
    sample = strings.drop_nulls().head(200)
    return len(sample) > 0 and float(sample.str.contains(r"^\d{4}[-/]\d").mean() or 0.0) > 0.5  # type: ignore[arg-type]


def are_digit_strings(strings: pl.Series, numbers: pl.Series) -> tuple[bool, bool]:
    """Tell whether digits in a column are names, not amounts.

    Parameters
    ----------
    strings, numbers : Series, shape (n_rows,)
        The cells, and what they are as numbers.

    Returns
    -------
    too_long : bool
        All cells are whole numbers, and one of them does not fit a float64 exactly.
    zero_led : bool
        Cells such as `00123`: more than 2 % of the column, or any in a column of one width.

    Examples
    --------
    >>> cells = pl.Series(["00123", "45678"])
    >>> are_digit_strings(cells, to_numbers(cells))
    (False, True)
    """
    present = strings.drop_nulls()
    led = int(present.str.contains(_LEADING_ZERO).sum())
    beyond = bool((numbers.abs() > EXACT_LIMIT).any())
    if not led and not beyond:
        return False, False
    whole = bool(present.str.contains(_INTEGER).all())
    one_width = whole and present.str.len_bytes().n_unique() == 1
    return whole and beyond, led > 0.02 * len(present) or (led > 0 and one_width)
